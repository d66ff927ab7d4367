package nst.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nst.job.sweep.SweepPoints.Sampling;
import nst.model.Knob;
import nst.model.Preset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SweepPointsTest {
  private static final SweepPoint NOTHING = new SweepPoint(Optional.empty(), Map.of());

  @Test
  void takesEveryCombinationTheLastAxisFastest() {
    List<SweepPoint> grid = points("preset=gatys,d2l", "content_weight=1,5", "seed=7,8,9").grid();
    assertThat(grid).hasSize(12);
    assertThat(grid.get(1))
        .isEqualTo(
            new SweepPoint(
                Optional.of(Preset.GATYS), Map.of(Knob.CONTENT_WEIGHT, 1.0, Knob.SEED, 8L)));
  }

  @Test
  void noAxisIsOnePointWithWhatAllRowsSet() {
    SweepPoint fixed = new SweepPoint(Optional.empty(), Map.of(Knob.IMAGE_SIZE, 64L));
    assertThat(new SweepPoints(List.of(), fixed).grid()).containsExactly(fixed);
  }

  @Test
  void theNumberOfCombinationsDoesNotOverflow() {
    String[] axes = new String[17];
    Arrays.setAll(axes, i -> Knob.ADAM_BETA1.key() + "=lin:0..0.9:1000");
    assertThat(points(axes).combinations()).isEqualTo(Long.MAX_VALUE);
    assertThat(points("content_weight=1,5", "seed=1,2,3").combinations()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  void samplesDependOnTheSeedAndStayBetweenTheEnds(Sampling sampling) {
    SweepPoints points = points("style_weight=log:1..100", "num_iterations=lin:10..20");
    assertThat(points.samples(sampling, 20, 5))
        .isEqualTo(points.samples(sampling, 20, 5))
        .isEqualTo(points.samples(sampling, 40, 5).subList(0, 20))
        .isNotEqualTo(points.samples(sampling, 20, 6));
    assertThat(points.samples(sampling, 200, 1))
        .allSatisfy(
            point -> {
              assertThat((Double) point.knobs().get(Knob.STYLE_WEIGHT)).isBetween(1.0, 100.0);
              assertThat((Long) point.knobs().get(Knob.NUM_ITERATIONS)).isBetween(10L, 20L);
            });
  }

  /** Random points would leave some of 64 intervals empty, and fill others with several. */
  @Test
  void aSobolSequenceFillsEveryIntervalOfEveryAxis() {
    SweepPoints points = points("style_weight=log:1..100", "content_weight=lin:0..1");
    List<SweepPoint> samples = points.samples(Sampling.SOBOL, 63, 3);
    Map<Long, Long> counts =
        samples.stream()
            .map(point -> Math.log10((Double) point.knobs().get(Knob.STYLE_WEIGHT)) / 2)
            .collect(Collectors.groupingBy(share -> (long) (share * 16), Collectors.counting()));
    assertThat(counts).hasSize(16);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(3L, 5L));
    assertThat(
            samples.stream()
                .mapToDouble(point -> (Double) point.knobs().get(Knob.CONTENT_WEIGHT))
                .average()
                .orElseThrow())
        .isCloseTo(0.5, within(0.03));
  }

  @Test
  void samplesOfAListTakeEachValueEquallyOften() {
    Map<Optional<Preset>, Long> counts =
        points("preset=balanced,gatys", "content_weight=lin:0..1")
            .samples(Sampling.SOBOL, 64, 9)
            .stream()
            .collect(Collectors.groupingBy(SweepPoint::preset, Collectors.counting()));
    assertThat(counts.values()).hasSize(2).allSatisfy(n -> assertThat(n).isBetween(30L, 34L));
  }

  @Test
  void equalSamplesAreTakenOnce() {
    assertThat(points("optimizer=adam,lbfgs").samples(Sampling.RANDOM, 50, 0)).hasSize(2);
  }

  private static SweepPoints points(String... axes) {
    return new SweepPoints(Arrays.stream(axes).map(SweepAxisTest::axis).toList(), NOTHING);
  }
}
