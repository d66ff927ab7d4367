package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.image.RgbImage;
import nst.model.CombinationCheck;
import nst.model.Domain;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.OptimizerChoices.Init;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the references to their purpose: that none of the engine's knobs could break unseen. Where
 * a knob is turned in a reference's case, the engine must part from the reference; a knob or a
 * variant that none of them feels has no proof, and fails here.
 */
class EveryKnobIT {
  /** References that float32 follows closer than this, so that what parts from them was turned. */
  private static final double FOLLOWED = 3e-3;

  private static final double PARTED = 0.01;
  private static final double PARTED_GRADIENT = 0.1;

  /** What no reference can feel, and the test that does. */
  private static final Set<Knob> FELT_ELSEWHERE =
      EnumSet.of(
          Knob.BACKBONE, // another network's weights: OracleTest on layers-*, StyleTransferTest
          Knob.PRECISION, // OracleTest in two, GradientTest in the others
          Knob.NETWORK, // StyleNetworkStartTest
          Knob.INIT_IMAGE, // a name here; what is in it is felt under init=image
          Knob.MAX_SECONDS, // StyleTransferTest.stopsAfterItsTime
          Knob.OUTPUT_FORMAT, // ImageEncoderTest
          Knob.JPEG_QUALITY); // ImageEncoderTest

  private static final List<OracleCase> CASES = followedCases();
  private static FixtureEngines engines;

  @BeforeAll
  static void open(@TempDir Path folder) {
    engines = new FixtureEngines(folder);
  }

  @AfterAll
  static void close() {
    engines.close();
  }

  /** A knob at a value of some references, and what it is turned to. */
  record Turn(Knob knob, Optional<Object> from, Optional<Object> to) {
    /**
     * The case with the knob turned; empty where it is not at {@code from}, or cannot be turned.
     */
    Optional<Hyperparameters> of(OracleCase reference) {
      Hyperparameters hyperparameters =
          reference.hyperparameters().with(Knob.PRECISION, Precision.FLOAT32);
      Object value = hyperparameters.values().get(knob);
      if (from.isPresent() && !value.equals(from.get())) {
        return Optional.empty();
      }
      return to.or(() -> turned(knob.domain(), value))
          .map(other -> hyperparameters.with(knob, knob.domain().text(other)))
          .filter(Turn::isSound);
    }

    private static boolean isSound(Hyperparameters hyperparameters) {
      Problems problems = new Problems();
      new CombinationCheck(hyperparameters, "turned", problems).check();
      return problems.list().isEmpty();
    }

    private static Optional<Object> turned(Domain domain, Object value) {
      if (domain instanceof Domain.Layers layers) {
        String text = layers.text(value);
        return text.isEmpty()
            ? Optional.empty()
            : Optional.of(layers.parse("relu1_1:3," + without(text)));
      }
      return Stream.of(1.5, 0.5, -1.0)
          .flatMap(factor -> parsed(domain, value, factor).stream())
          .filter(other -> !other.equals(value))
          .findFirst();
    }

    /** Empty where the value times the factor is out of the knob's range. */
    private static Optional<Object> parsed(Domain domain, Object value, double factor) {
      try {
        return Optional.of(
            domain instanceof Domain.Whole
                ? domain.parse(Math.round((Long) value * factor))
                : domain.parse((Double) value * factor));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static String without(String layers) {
      return Stream.of(layers.split(",", -1))
          .filter(layer -> !layer.startsWith("relu1_1:"))
          .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
      return knob.key()
          + from.map(value -> ": " + knob.domain().text(value)).orElse("")
          + to.map(value -> " taken for " + knob.domain().text(value)).orElse("");
    }
  }

  static List<Turn> turns() {
    List<Turn> turns = new ArrayList<>();
    for (Knob knob : Knob.values()) {
      if (FELT_ELSEWHERE.contains(knob)) {
        continue;
      }
      if (!(knob.domain() instanceof Domain.Choice choice)) {
        turns.add(new Turn(knob, Optional.empty(), Optional.empty()));
        continue;
      }
      List<Object> variants = new ArrayList<>(List.of(choice.type().getEnumConstants()));
      variants.remove(Init.NETWORK); // StyleNetworkStartTest
      for (Object from : variants) {
        for (Object to : variants) {
          if (from != to) {
            turns.add(new Turn(knob, Optional.of(from), Optional.of(to)));
          }
        }
      }
    }
    return turns;
  }

  @ParameterizedTest
  @MethodSource("turns")
  void someReferenceFeels(Turn turn) {
    assertThat(CASES.stream().sorted(likelyFirst(turn.knob())))
        .anyMatch(reference -> turn.of(reference).filter(h -> parts(reference, h)).isPresent());
  }

  private static List<OracleCase> followedCases() {
    return OracleCase.trajectories().stream()
        .filter(reference -> !reference.name().startsWith("layers-")) // large, for OracleTest
        .filter(reference -> !reference.name().startsWith("preset-"))
        .filter(reference -> reference.largestFloat32Deviation() < FOLLOWED)
        .toList();
  }

  private static Comparator<OracleCase> likelyFirst(Knob knob) {
    return Comparator.comparing((OracleCase reference) -> !reference.name().contains(knob.key()))
        .thenComparing(reference -> !reference.json().getAsJsonObject("knobs").has(knob.key()));
  }

  private static boolean parts(OracleCase reference, Hyperparameters turned) {
    StylizedImage stylized;
    try {
      stylized = engines.of(reference).stylize(reference.images(), turned, sample -> {});
    } catch (TransferException e) {
      return true; // it cannot even run
    }
    return !reference.faults(stylized.losses(), EveryKnobIT::parted).isEmpty()
        || otherPicture(reference, stylized.image());
  }

  private static Optional<Double> parted(int iterate, String number) {
    return Optional.of(number.equals("gradient_norm") ? PARTED_GRADIENT : PARTED);
  }

  private static boolean otherPicture(OracleCase reference, RgbImage image) {
    int[] expected = reference.levels();
    if (image.planes().length != expected.length) {
      return true;
    }
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(image.planes()[i] * 255 - expected[i]) > 3) {
        return true;
      }
    }
    return false;
  }
}
