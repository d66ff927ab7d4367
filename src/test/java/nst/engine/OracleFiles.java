package nst.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;

/** Reads the files of an independent PyTorch program, which {@code oracle/README.md} describes. */
public final class OracleFiles {
  private OracleFiles() {}

  static Path folder() {
    try {
      return Path.of(OracleFiles.class.getResource("/oracle/weights.json").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonObject json(String name) {
    try {
      return JsonParser.parseString(Files.readString(folder().resolve(name))).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values of a preset with the changes of a reference. */
  public static Hyperparameters hyperparameters(JsonObject reference) {
    Hyperparameters hyperparameters =
        Preset.named(reference.get("preset").getAsString()).orElseThrow().hyperparameters();
    for (Map.Entry<String, JsonElement> knob : reference.getAsJsonObject("knobs").entrySet()) {
      hyperparameters =
          hyperparameters.with(
              Knob.named(knob.getKey()).orElseThrow(), knob.getValue().getAsString());
    }
    return hyperparameters;
  }

  /** Decodes little-endian float32 in Base64. */
  public static FloatBuffer singles(JsonElement text) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(text.getAsString()))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  public static RgbImage image(String name) {
    try {
      BufferedImage image = ImageIO.read(folder().resolve(name).toFile());
      int area = image.getWidth() * image.getHeight();
      int bands = image.getRaster().getNumBands();
      int[] samples = new int[bands];
      float[] planes = new float[3 * area];
      for (int i = 0; i < area; i++) {
        int row = i / image.getWidth();
        image.getRaster().getPixel(i % image.getWidth(), row, samples);
        for (int channel = 0; channel < 3; channel++) {
          planes[channel * area + i] = samples[bands == 1 ? 0 : channel] / 255f;
        }
      }
      return new RgbImage(image.getWidth(), image.getHeight(), planes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
