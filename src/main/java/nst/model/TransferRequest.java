package nst.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One manifest row with every default filled in: the wish, and nothing about where or when it is
 * granted.
 *
 * @param id the user's own name for the row; never part of a path
 * @param content URI of the photo
 * @param contentVersion the photo's version or ETag where the manifest gives one, else empty
 * @param styles at least one, weights normalised to a sum of 1
 * @param hyperparameters a value for every knob
 * @param substitutedLayers layers of the recipe that the network lacks, and what stands in: {@code
 *     relu4_4 -> relu4_3}; empty where there are none. The hyperparameters name what stands in
 */
public record TransferRequest(
    String id,
    String content,
    String contentVersion,
    List<Style> styles,
    Hyperparameters hyperparameters,
    String substitutedLayers)
    implements Serializable {

  /** A request whose network has every layer of the recipe. */
  public TransferRequest(
      String id,
      String content,
      String contentVersion,
      List<Style> styles,
      Hyperparameters hyperparameters) {
    this(id, content, contentVersion, styles, hyperparameters, "");
  }

  /**
   * Raise it when the same request gives another picture: keys change, and everything is computed
   * again.
   */
  public static final int ALGORITHM_VERSION = 3;

  /** 32 hex digits: 128 bits, more than any catalogue needs. */
  private static final int KEY_DIGITS = 32;

  /**
   * A style image and its share of the blend.
   *
   * @param uri of the painting
   * @param weight the share, in (0, 1]
   * @param mask URI of a grey image in content space, white where this style applies; empty for
   *     everywhere
   * @param styleMask URI of a grey image in style space, white where the style is taken from; empty
   *     for everywhere
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
   * The name of this wish: equal for equal wishes in every run and JVM, different as soon as
   * anything that shapes the picture differs. The id is not part of it.
   *
   * @param network identity of the network: its weights' digest and how they are read
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
    return sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)).substring(0, KEY_DIGITS);
  }

  /** SHA-256 in lower-case hex. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
