package nst.storage;

import java.io.Serializable;

/**
 * The paths of a style network. It is named by its key.
 *
 * @param output absolute URI of the output folder
 * @param key 32 hex digits
 */
public record NetworkLayout(String output, String key) implements Serializable {
  private static final String EXTENSION = ".safetensors";

  public NetworkLayout {
    output = output.endsWith("/") ? output.substring(0, output.length() - 1) : output;
  }

  private String folder() {
    return output + "/networks/v1/";
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

  /** The checkpoint to which a training returns if its loss diverges. */
  public String mark() {
    return folder() + "training/" + key + ".mark" + EXTENSION;
  }
}
