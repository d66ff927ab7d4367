package nst.spark;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * An image of Spark's data source {@code image}: bytes row by row from the top, the channels of a
 * pixel together, blue before green before red.
 */
final class SparkImage {
  /** OpenCV's CV_8UC3. */
  private static final int MODE_BGR = 16;

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] data;

  /**
   * @param channels 1 (grey), 3 (BGR) or 4 (BGR and alpha)
   * @param data height * width * channels bytes
   */
  private SparkImage(int height, int width, int channels, byte[] data) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.data = data;
  }

  /** The image in a row; its fields are at these places. */
  static SparkImage of(Row row, List<Integer> fields) {
    return new SparkImage(
        row.getInt(fields.get(1)),
        row.getInt(fields.get(2)),
        row.getInt(fields.get(3)),
        row.getAs(fields.get(5)));
  }

  /**
   * The image as a PNG file, which has the same pixels.
   *
   * @param column for messages
   * @throws TransferException CORRUPT_IMAGE if the numbers do not agree; UNSUPPORTED_FORMAT for
   *     other channels
   */
  byte[] png(String column) {
    if (height < 1 || width < 1 || (long) height * width * channels != data.length) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE,
          String.format(
              "Invalid %s: expected height x width x nChannels bytes, was %d x %d x %d with %d bytes",
              column, height, width, channels, data.length));
    }
    BufferedImage image =
        switch (channels) {
          case 1 -> filled(BufferedImage.TYPE_BYTE_GRAY, data);
          case 3 -> filled(BufferedImage.TYPE_3BYTE_BGR, data);
          case 4 -> filled(BufferedImage.TYPE_4BYTE_ABGR, alphaFirst());
          default ->
              throw new TransferException(
                  ErrorCode.UNSUPPORTED_FORMAT,
                  "Invalid " + column + ": expected 1, 3 or 4 channels, was " + channels);
        };
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private BufferedImage filled(int type, byte[] samples) {
    BufferedImage image = new BufferedImage(width, height, type);
    byte[] target = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(samples, 0, target, 0, samples.length);
    return image;
  }

  private byte[] alphaFirst() {
    byte[] samples = new byte[data.length];
    for (int pixel = 0; pixel < data.length; pixel += 4) {
      samples[pixel] = data[pixel + 3];
      System.arraycopy(data, pixel, samples, pixel + 1, 3);
    }
    return samples;
  }

  /**
   * An image as a row of Spark's {@code ImageSchema}.
   *
   * @param origin where the image comes from
   */
  static Row row(RgbImage image, String origin) {
    int pixels = image.width() * image.height();
    float[] planes = image.planes();
    byte[] bgr = new byte[3 * pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        bgr[3 * pixel + channel] = (byte) Rounding.toLevel(planes[(2 - channel) * pixels + pixel]);
      }
    }
    return RowFactory.create(origin, image.height(), image.width(), 3, MODE_BGR, bgr);
  }
}
