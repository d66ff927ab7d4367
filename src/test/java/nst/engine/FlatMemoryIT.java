package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import nst.model.Hyperparameters;
import org.junit.jupiter.api.Test;

/**
 * Checks that memory does not grow while one engine stylises images of mixed sizes, as an executor
 * does.
 */
class FlatMemoryIT {
  /**
   * MB in 60 images, which is 150 KB for each image. That is half of one feature map: 64 channels
   * of at least 40 x 30 px in float32 are 300 KB.
   */
  private static final long LEAK = 9;

  @Test
  void staysFlatOverThreeHundredImages() throws IOException {
    Hyperparameters[] rows = {
      TestEngine.shallow("num_iterations=1"),
      TestEngine.shallow("num_iterations=1\noptimizer=adam\nimage_size=40"),
      TestEngine.shallow("num_iterations=1\nimage_size=64\nsmallest_size=32\nkeep=average"),
      TestEngine.shallow("num_iterations=1\nimage_size=56\nline_search=strong_wolfe"),
    };
    for (int i = 0; i < 60; i++) { // until the allocator, the code and the caches are warm
      stylize(rows, i);
    }
    int tensors = TestEngine.device().manager().getManagedArrays().size();
    List<Long> growths = new ArrayList<>();
    for (int window = 0; window < 4; window++) {
      long before = residentMegabytes();
      for (int i = 0; i < 60; i++) {
        stylize(rows, i);
      }
      growths.add(residentMegabytes() - before);
    }

    assertThat(TestEngine.device().manager().getManagedArrays()).hasSize(tensors);
    // A leak grows in every window. Memory that an allocator or compiler takes once does not.
    assertThat(Collections.min(growths)).as("least MB more of %s", growths).isLessThan(LEAK);
  }

  private static void stylize(Hyperparameters[] rows, int i) {
    TestEngine.stylize(TestEngine.images(40 + i % 7 * 8, 64 - i % 5 * 4), rows[i % rows.length]);
  }

  private static long residentMegabytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .sum();
  }
}
