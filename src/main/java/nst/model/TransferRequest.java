package nst.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import nst.model.text.Sha256;

/**
 * One manifest row with all defaults filled in. It says what to compute, and nothing about where or
 * when.
 *
 * @param id the row's id, chosen by the user; never part of a path
 * @param content URI of the photo
 * @param contentVersion the photo's version or ETag; empty if the manifest does not give one
 * @param styles at least one, weights normalised to a sum of 1
 * @param hyperparameters a value for every knob
 * @param substitutedLayers layers of the preset that the network lacks, with their replacements:
 *     {@code relu4_4 -> relu4_3}; empty if there are none. The hyperparameters contain the
 *     replacements
 */
public record TransferRequest(
    String id,
    String content,
    String contentVersion,
    List<Style> styles,
    Hyperparameters hyperparameters,
    String substitutedLayers)
    implements Serializable {

  /** A request whose network has all layers of the preset. */
  public TransferRequest(
      String id,
      String content,
      String contentVersion,
      List<Style> styles,
      Hyperparameters hyperparameters) {
    this(id, content, contentVersion, styles, hyperparameters, "");
  }

  /**
   * Increase this when the same request gives a different image. All keys change, and all images
   * are computed again.
   */
  public static final int ALGORITHM_VERSION = 3;

  /** 32 hex digits are 128 bits, which makes collisions negligible. */
  private static final int KEY_DIGITS = 32;

  /**
   * A style image and its share of the blend.
   *
   * @param uri URI of the style image
   * @param weight the share, in (0, 1]
   * @param mask URI of a greyscale image in content space, white where this style applies; if
   *     empty, it applies everywhere
   * @param styleMask URI of a greyscale image in style space, white where the style is taken from;
   *     if empty, from everywhere
   */
  public record Style(String uri, double weight, String mask, String styleMask)
      implements Serializable {
    public Style(String uri, double weight) {
      this(uri, weight, "", "");
    }
  }

  public TransferRequest {
    styles = List.copyOf(styles);
  }

  /**
   * The key of this request. It is the same for equal requests in every run and JVM, and differs if
   * anything that affects the image differs. The id is not part of it.
   *
   * @param network identity of the network: the digest of its weights and their conventions
   */
  public String key(String network) {
    StringBuilder canonical = new StringBuilder("nst-key-1\n");
    canonical.append("algorithm=").append(ALGORITHM_VERSION).append('\n');
    canonical.append("weights=").append(network).append('\n');
    canonical.append("content=").append(content).append('\n');
    canonical.append("content_version=").append(contentVersion).append('\n');
    for (Style style : styles) {
      canonical
          .append("style=")
          .append(style.weight())
          .append(' ')
          .append(style.uri())
          .append('\n');
      canonical.append("mask=").append(style.mask()).append('\n');
      canonical.append("style_mask=").append(style.styleMask()).append('\n');
    }
    canonical.append(hyperparameters.canonicalText());
    return Sha256.hex(canonical.toString().getBytes(StandardCharsets.UTF_8))
        .substring(0, KEY_DIGITS);
  }
}
