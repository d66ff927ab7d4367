package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nst.image.RgbImage;
import org.junit.jupiter.api.Test;

class CropSamplerTest {
  private static final TrainingSchedule SCHEDULE = new TrainingSchedule(10, 1e-3, 32, 2, 5);

  /** Photos whose number can be read from every pixel. */
  private record Flat(List<int[]> sizes) implements CropSampler.Photos {
    @Override
    public int count() {
      return sizes.size();
    }

    @Override
    public RgbImage get(int number) {
      int width = sizes.get(number)[0];
      int height = sizes.get(number)[1];
      float[] planes = new float[3 * width * height];
      Arrays.fill(planes, number / 10f);
      return new RgbImage(width, height, planes);
    }
  }

  private final CropSampler sampler =
      new CropSampler(
          new Flat(List.of(new int[] {100, 60}, new int[] {32, 32}, new int[] {9, 200})),
          SCHEDULE,
          3);

  @Test
  void everyCropIsASquareOfTheSideWhateverThePhoto() {
    for (int step = 0; step < 50; step++) {
      RgbImage crop = sampler.sample(step, 0).photo();
      assertThat(List.of(crop.width(), crop.height())).containsExactly(32, 32);
    }
  }

  @Test
  void allPhotosAndAllLooksAreUsed() {
    List<TrainingSample> samples =
        IntStream.range(0, 200).mapToObj(step -> sampler.sample(step, step % 2)).toList();

    assertThat(samples.stream().map(s -> Math.round(s.photo().planes()[0] * 10)).distinct())
        .containsExactlyInAnyOrder(0, 1, 2);
    assertThat(samples.stream().map(TrainingSample::look).distinct())
        .containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void eachCropIsUsedSeveralTimesInAWindow() {
    List<Long> crops =
        IntStream.range(0, 256).mapToObj(step -> sampler.sample(step, 0).crop()).toList();

    assertThat(crops.subList(0, 128)).as("64 crops, 4 times").allMatch(crop -> crop < 64);
    assertThat(crops.subList(128, 256)).allMatch(crop -> crop >= 64 && crop < 128);
    assertThat(sampler.sample(0, 0).photo().planes())
        .isEqualTo(sampler.sample(32, 0).photo().planes());
    assertThat(sampler.sample(0, 0).look()).isEqualTo(sampler.sample(32, 0).look());
  }

  @Test
  void aStepSeesTheSameCropsWheneverItIsAsked() {
    RgbImage first = sampler.sample(7, 1).photo();
    sampler.sample(3, 0);

    assertThat(sampler.sample(7, 1).photo().planes()).isEqualTo(first.planes());
    assertThat(sampler.sample(7, 1).look()).isEqualTo(0); // of three, sample 15
  }

  @Test
  void noPhotosAreRefused() {
    assertThatThrownBy(() -> new CropSampler(new Flat(List.of()), SCHEDULE, 1))
        .hasMessage("expected at least one photo, was none");
  }
}
