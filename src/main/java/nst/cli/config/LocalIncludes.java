package nst.cli.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.util.regex.Pattern;

/**
 * Limits {@code include} in a configuration file to local files and packaged resources. A URL is
 * refused before any connection is made, because its server could configure the run.
 */
public final class LocalIncludes
    implements ConfigIncluder, ConfigIncluderURL, ConfigIncluderFile, ConfigIncluderClasspath {
  /** The library treats text as a URL if {@link URL} knows the protocol. */
  private static final Pattern URL_START = Pattern.compile("^\\s*[A-Za-z][A-Za-z0-9+.-]*:.*");

  private final ConfigIncluder fallback;

  /**
   * Starts without a fallback. The library calls {@link #withFallback} before the first include.
   */
  public LocalIncludes() {
    this(null);
  }

  private LocalIncludes(ConfigIncluder fallback) {
    this.fallback = fallback;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder behind) {
    return new LocalIncludes(fallback == null ? behind : fallback.withFallback(behind));
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    if (URL_START.matcher(what).matches()) {
      throw refused(what);
    }
    return fallback.include(context, what);
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw refused(what.toString());
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return ((ConfigIncluderFile) fallback).includeFile(context, what);
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return ((ConfigIncluderClasspath) fallback).includeResources(context, what);
  }

  private static ConfigException refused(String what) {
    return new ConfigException.Generic(
        "include: expected a local file, was the URL "
            + what
            + ". Download it and include the copy");
  }
}
