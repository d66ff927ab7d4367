package nst.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.DecodedImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.ImageEncoder;
import nst.image.record.ImageRecord;
import nst.model.knob.OutputChoices.OutputFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the time to decode a photo and to encode an image. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class ImageBenchmark {
  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
  private final ImageRecord record = new ImageRecord("{}", Map.of());
  private byte[] photo = {};
  private RgbImage picture = new RgbImage(1, 1, new float[3]);

  @Setup
  public void read() throws IOException {
    photo = Files.readAllBytes(Path.of("sample-data/content/lake.jpg"));
    picture = decode().image();
  }

  @Benchmark
  public DecodedImage decode() {
    return decoder.decode(photo);
  }

  @Benchmark
  public byte[] encodePng() {
    return ImageEncoder.encode(picture, OutputFormat.PNG, 1, pixels -> record);
  }

  @Benchmark
  public byte[] encodeJpeg() {
    return ImageEncoder.encode(picture, OutputFormat.JPG, 92, pixels -> record);
  }
}
