package nst.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.TestFiles;
import nst.image.codec.ImageDecoder;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class SparkImageTest {
  private static final List<Integer> FIELDS = List.of(0, 1, 2, 3, 4, 5);
  private static final int SIDE = 32;

  @Test
  void pixelsAreTheSameInARowAndInAFile() {
    RgbImage image = decoded(TestFiles.png(40, SIDE));
    Row row = SparkImage.row(image, "here");
    assertThat(row.getString(0)).isEqualTo("here");
    assertThat(List.of(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4)))
        .containsExactly(SIDE, 40, 3, 16);
    RgbImage back = decoded(SparkImage.of(row, FIELDS).png("image"));
    assertThat(back.planes()).containsExactly(image.planes());
  }

  @Test
  void theFirstChannelIsBlue() {
    byte[] blue = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < blue.length; i += 3) {
      blue[i] = (byte) 255;
    }
    float[] planes = decoded(image(3, blue).png("image")).planes();
    assertThat(planes[0]).isZero();
    assertThat(planes[2 * SIDE * SIDE]).isEqualTo(1);
  }

  @Test
  void greyAndTransparentImagesAreDecodedLikeFiles() {
    byte[] grey = new byte[SIDE * SIDE];
    Arrays.fill(grey, (byte) 51);
    assertThat(decoded(image(1, grey).png("image")).planes()).containsOnly(51 / 255f);
    byte[] invisible = new byte[4 * SIDE * SIDE]; // black with an alpha of 0
    assertThat(decoded(image(4, invisible).png("image")).planes()).containsOnly(1);
    for (int i = 3; i < invisible.length; i += 4) {
      invisible[i] = (byte) 255;
    }
    assertThat(decoded(image(4, invisible).png("image")).planes()).containsOnly(0);
  }

  @Test
  void anImageWhoseNumbersDisagreeIsCorrupt() {
    assertThatThrownBy(() -> image(3, new byte[10]).png("photo"))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_IMAGE))
        .hasMessageContaining("photo")
        .hasMessageContaining("32 x 32 x 3 with 10 bytes");
    assertThatThrownBy(() -> image(2, new byte[2 * SIDE * SIDE]).png("photo"))
        .hasMessageContaining("1, 3 or 4 channels, was 2");
  }

  private static SparkImage image(int channels, byte[] data) {
    return SparkImage.of(RowFactory.create("", SIDE, SIDE, channels, 0, data), FIELDS);
  }

  private static RgbImage decoded(byte[] file) {
    return new ImageDecoder(ImageLimits.DEFAULT).decode(file).image();
  }
}
