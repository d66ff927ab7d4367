package nst.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunConfigTest {
  private static final Hyperparameters PICTURE =
      Preset.BALANCED.hyperparameters().with(Knob.INIT, "network").with(Knob.NUM_ITERATIONS, 0);

  @Test
  void aSampleMeasuresOneNetworkPictureInAHundredAndEveryOtherRow() {
    RunConfig sampled = config("sampled");
    long measured = keys().filter(key -> sampled.measuresLosses(PICTURE, key)).count();
    assertThat(measured).isBetween(80L, 120L);
    assertThat(keys().filter(key -> sampled.measuresLosses(PICTURE, key)).count())
        .isEqualTo(measured);
    assertThat(keys())
        .allMatch(key -> sampled.measuresLosses(PICTURE.with(Knob.NUM_ITERATIONS, 1), key))
        .allMatch(key -> config("all").measuresLosses(PICTURE, key));
  }

  private static Stream<String> keys() {
    Random random = new Random(7);
    return Stream.generate(() -> String.format("%016x%016x", random.nextLong(), random.nextLong()))
        .limit(10_000);
  }

  private static RunConfig config(String rows) {
    EnumMap<Setting, Object> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      settings.put(setting, setting.domain().parse(setting.defaultText()));
    }
    settings.put(Setting.MEASURE_LOSSES, Setting.MEASURE_LOSSES.domain().parse(rows));
    return new RunConfig(settings, Preset.BALANCED, Map.of(), Map.of());
  }
}
