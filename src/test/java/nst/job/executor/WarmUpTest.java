package nst.job.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import nst.job.manifest.ManifestTest;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.OptimizerChoices.Init;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final SparkConf conf = new SparkConf(false);

  @Test
  void rowsThatSetNothingUseTheConfiguredLayersAndArithmetic() {
    Hyperparameters configured =
        Preset.GATYS
            .hyperparameters()
            .with(Knob.STYLE_LAYERS, "relu1_1:1")
            .with(Knob.PRECISION, "float64");

    WarmUp.write(ManifestTest.config(configured.values()), conf);

    Hyperparameters rows = WarmUp.read(conf).orElseThrow();
    assertThat(rows.layers()).isEqualTo(configured.layers());
    assertThat(rows.precision()).isEqualTo(configured.precision());
    assertThat(rows.pooling()).isEqualTo(configured.pooling());
  }

  @Test
  void picturesOfANetworkNeedNoWarmUpUnlessTheirLossesAreMeasured() {
    Map<Knob, Object> pictures = Map.of(Knob.INIT, Init.NETWORK, Knob.NUM_ITERATIONS, 0L);
    WarmUp.write(ManifestTest.config(pictures), conf);
    assertThat(WarmUp.read(conf)).isPresent();

    RunConfig sampled =
        ManifestTest.config(pictures, Map.of(Setting.MEASURE_LOSSES, Setting.MeasuredRows.SAMPLED));
    WarmUp.write(sampled, conf);
    assertThat(WarmUp.read(conf)).isEmpty();
  }
}
