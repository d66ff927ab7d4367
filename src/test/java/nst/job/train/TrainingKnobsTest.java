package nst.job.train;

import static nst.model.knob.Effect.OBJECTIVE;
import static nst.model.knob.Effect.OBJECTIVE_COMPUTATION;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nst.engine.NetworkTraining;
import nst.engine.StyleTransfer;
import nst.engine.TestEngine;
import nst.engine.network.NetworkWeights;
import nst.engine.objective.LossTerms;
import nst.engine.source.SourceImages;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.stylenetwork.TrainingLook;
import nst.engine.stylenetwork.TrainingSample;
import nst.engine.stylenetwork.TrainingSetup;
import nst.job.manifest.ManifestTest;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.KnobVariations;
import nst.model.Problems;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that each knob changes the objective of a training exactly if it declares this. */
@Tag("slow")
class TrainingKnobsTest {
  private static final int SIDE = 32;

  /** The painting is not square, so that the style depends on {@code size_rule}. */
  private static final SourceImages IMAGES = TestEngine.images(SIDE, SIDE);

  /** Together, these recipes use every knob that the objective depends on, but the backbone. */
  private static final List<Hyperparameters> BASES =
      Stream.of(
              "style_layers_end=relu1_1:1",
              "loss_normalization=none\ngram=raw\nbounds=none\noptimize_in=caffe")
          .map(TrainingKnobsTest::base)
          .toList();

  /** The first layers of all seeded VGGs are equal. */
  private static final Hyperparameters DEEP = base("style_layers=relu4_1:1");

  /** The losses of the recipes, which every case compares with. */
  private static final Map<Hyperparameters, LossTerms> BEFORE = new HashMap<>();

  private static final Map<Backbone, StyleTransfer> ENGINES = new EnumMap<>(Backbone.class);

  @AfterAll
  static void close() {
    ENGINES.values().forEach(StyleTransfer::close);
  }

  @ParameterizedTest
  @EnumSource(Knob.class)
  void aKnobAffectsTheObjectiveOfATrainingAsDeclared(Knob knob) {
    boolean changes = false;
    for (Hyperparameters base : knob == Knob.BACKBONE ? List.of(DEEP) : BASES) {
      LossTerms before = BEFORE.computeIfAbsent(base, TrainingKnobsTest::losses);
      for (Hyperparameters varied : KnobVariations.of(base, knob)) {
        if (varied.precision() != Precision.FLOAT16) { // not on a CPU
          changes |= !losses(varied).equals(before);
        }
      }
    }
    assertThat(changes)
        .as("%s changes the losses of a training", knob.key())
        .isEqualTo(knob.affectsAny(OBJECTIVE, OBJECTIVE_COMPUTATION));
  }

  private static Hyperparameters base(String lines) {
    return TestEngine.shallow("network=a.safetensors\ninit_image=a.png\n" + lines);
  }

  /** The losses of an untrained network with the values that a training uses. */
  private static LossTerms losses(Hyperparameters configured) {
    Problems problems = new Problems();
    Hyperparameters values =
        TrainingKnobs.values(
            ManifestTest.config(configured.values()), configured.backbone(), SIDE, problems);
    problems.throwIfAny();
    TrainingSetup setup =
        new TrainingSetup(
            new StyleNetworkArchitecture(2, 0, Convolution.FULL),
            List.of(new TrainingLook(IMAGES.styles(), SIDE)),
            values,
            Optional.empty(),
            7,
            1);
    try (NetworkTraining training = engine(values.backbone()).training(setup, Optional.empty())) {
      return training.losses(List.of(new TrainingSample(IMAGES.content().whole(), 0))).get(0);
    }
  }

  private static StyleTransfer engine(Backbone backbone) {
    return ENGINES.computeIfAbsent(
        backbone, name -> StyleTransfer.open(TestEngine.device(), NetworkWeights.seeded(name)));
  }
}
