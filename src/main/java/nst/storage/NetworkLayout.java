package nst.storage;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paths of a style network. It is named by its key.
 *
 * @param output absolute URI of the output folder
 * @param key 32 hex digits
 */
public record NetworkLayout(String output, String key) implements Serializable {
  private static final String EXTENSION = ".safetensors";
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{32})\\.safetensors");

  public NetworkLayout {
    output = output.endsWith("/") ? output.substring(0, output.length() - 1) : output;
  }

  /** The folder of the networks of an output. */
  public static String folder(String output) {
    return (output.endsWith("/") ? output.substring(0, output.length() - 1) : output)
        + "/networks/v1";
  }

  /** The key of the finished network at a URI in this folder; empty for other files. */
  public static Optional<String> key(String uri) {
    Matcher named = NAME.matcher(Uris.fileName(uri));
    return named.matches() ? Optional.of(named.group(1)) : Optional.empty();
  }

  private String folder() {
    return folder(output) + "/";
  }

  /** The finished network. */
  public String network() {
    return folder() + key + EXTENSION;
  }

  /** The page about its training. */
  public String page() {
    return folder() + key + ".html";
  }

  /** The latest checkpoint of a training that is not finished. */
  public String latest() {
    return folder() + "training/" + key + ".latest" + EXTENSION;
  }

  /** Names the driver that trains the network. */
  public String leaseFile() {
    return folder() + "training/" + key + ".lease.json";
  }

  /** The checkpoint to which a training returns if its loss diverges. */
  public String mark() {
    return folder() + "training/" + key + ".mark" + EXTENSION;
  }
}
