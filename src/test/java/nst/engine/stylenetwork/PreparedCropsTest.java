package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nst.engine.TestEngine;
import nst.image.RgbImage;
import org.junit.jupiter.api.Test;

class PreparedCropsTest {
  private final List<Long> computed = new ArrayList<>();
  private final List<NDArray> tensors = new ArrayList<>();

  @Test
  void theCropsThatWereUsedLastAreKeptAndTheOthersClosed() {
    try (NDManager manager = TestEngine.device().manager().newSubManager();
        PreparedCrops crops = new PreparedCrops(manager, this::prepare)) {
      Stream.of(1L, 2L, 1L, 3L).forEach(crop -> crops.objective(sample(crop)));
      assertThat(computed).as("crop 1 was known").containsExactly(1L, 2L, 3L);

      crops.keepOnly(2);
      assertThat(crops.size()).isEqualTo(2);
      assertThat(tensors).extracting(NDArray::isReleased).containsExactly(false, true, false);

      Stream.of(1L, 2L).forEach(crop -> crops.objective(sample(crop)));
      assertThat(computed).as("crop 2 again").containsExactly(1L, 2L, 3L, 2L);
    }
    assertThat(tensors).allMatch(NDArray::isReleased);
  }

  private nst.engine.objective.Objective prepare(NDManager manager, TrainingSample sample) {
    computed.add(sample.crop());
    tensors.add(manager.zeros(new ai.djl.ndarray.types.Shape(1)));
    return null; // nothing evaluates it
  }

  private static TrainingSample sample(long crop) {
    return new TrainingSample(new RgbImage(1, 1, new float[3]), 0, crop);
  }
}
