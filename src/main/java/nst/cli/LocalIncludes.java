package nst.cli;

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
 * What {@code include} may do in a configuration file: read files of this machine and packaged
 * resources. A URL is refused before any connection is made, because whoever serves it would
 * configure the run.
 */
final class LocalIncludes
    implements ConfigIncluder, ConfigIncluderURL, ConfigIncluderFile, ConfigIncluderClasspath {
  /** The library takes text for a URL where {@link URL} knows its protocol. */
  private static final Pattern URL_START = Pattern.compile("^\\s*[A-Za-z][A-Za-z0-9+.-]*:.*");

  private final ConfigIncluder fallback;

  /** Where nothing stands behind it yet: the library gives its own includer before it is used. */
  LocalIncludes() {
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
        "include: expected a file of this machine, was the URL "
            + what
            + "; copy it and include the copy");
  }
}
