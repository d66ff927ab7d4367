package nst.report;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An encoded image that is embedded in the page. Its bytes can be outside the heap until the page
 * is written. Two pictures are equal if their bytes are.
 */
public final class Picture {
  /**
   * The source of a picture's bytes. It is read once for each place on the page that shows them.
   */
  @FunctionalInterface
  public interface Bytes {
    /** All bytes of the encoded image. */
    byte[] read();
  }

  /** The media type of a picture. */
  private enum Form {
    JPEG("image/jpeg"),
    PNG("image/png");

    private final String mediaType;

    Form(String mediaType) {
      this.mediaType = mediaType;
    }
  }

  private final Form form;
  private final String digest;
  private final int width;
  private final int height;
  private final Bytes bytes;

  private Picture(Form form, String digest, int width, int height, Bytes bytes) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "expected a picture of at least 1 x 1 pixels, was " + width + " x " + height);
    }
    this.form = form;
    this.digest = digest;
    this.width = width;
    this.height = height;
    this.bytes = bytes;
  }

  /**
   * Creates a picture from JPEG bytes, which it keeps. A width of about 400 pixels is good for the
   * contact sheet and 1024 for the large view.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   */
  public static Picture jpeg(byte[] bytes, int width, int height) {
    return new Picture(Form.JPEG, digest(bytes), width, height, () -> bytes);
  }

  /** Creates a picture from PNG bytes. */
  public static Picture png(byte[] bytes, int width, int height) {
    return new Picture(Form.PNG, digest(bytes), width, height, () -> bytes);
  }

  /** The same picture with its bytes read from another source. */
  Picture readFrom(Bytes elsewhere) {
    return new Picture(form, digest, width, height, elsewhere);
  }

  byte[] bytes() {
    return bytes.read();
  }

  /** SHA-256 of the bytes, in hex. */
  String digest() {
    return digest;
  }

  /** In pixels. */
  public int width() {
    return width;
  }

  /** In pixels. */
  public int height() {
    return height;
  }

  /** {@code data:image/...;base64,...}; a bean property for the template. */
  public String getDataUri() {
    return "data:" + form.mediaType + ";base64," + Base64.getEncoder().encodeToString(bytes.read());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture picture && digest.equals(picture.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
