package nst.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nst.image.DecodedImage;
import nst.image.ImageDecoder;
import nst.image.ImageLimits;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a row costs beside the optimisation: the photo in, the picture out. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class ImageBenchmark {
  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
  private byte[] photo = {};

  @Setup
  public void read() throws IOException {
    photo = Files.readAllBytes(Path.of("sample-data/content/mountain_lake.jpg"));
  }

  @Benchmark
  public DecodedImage decode() {
    return decoder.decode(photo);
  }
}
