package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Checks that the references cover every knob of the engine. It changes each knob in the cases of
 * the references; the engine must then differ from the reference. It fails for a knob or a variant
 * that no reference covers.
 */
class EveryKnobIT {
  /**
   * References that float32 follows more closely than this, so that a difference is caused by the
   * knob.
   */
  private static final double FOLLOWED = 3e-3;

  private static final double PARTED = 0.01;
  private static final double PARTED_GRADIENT = 0.1;

  /** Knobs that no reference can cover, with the tests that do. */
  private static final Set<Knob> FELT_ELSEWHERE =
      EnumSet.of(
          Knob.BACKBONE, // selects another network: OracleTest on layers-*, StyleTransferTest
          Knob.PRECISION, // OracleTest for two values, GradientTest for the others
          Knob.NETWORK, // StyleNetworkStartTest
          Knob.INIT_IMAGE, // only a name here; its content matters with init=image
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

  /** A knob with a value of some references, and another value. */
  record Turn(Knob knob, Optional<Object> from, Optional<Object> to) {
    /**
     * Returns the case with the other value; empty if the case does not have the value {@code
     * from}, or the combination is invalid.
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

    /** Returns empty if the product is outside the knob's range. */
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

  /** Ends an optimisation whose remaining iterates decide nothing. */
  private static final class PartedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
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
        .filter(
            reference -> !reference.name().startsWith("layers-")) // a large case, see OracleTest
        .filter(reference -> !reference.name().startsWith("preset-"))
        .filter(reference -> reference.largestFloat32Deviation() < FOLLOWED)
        .toList();
  }

  private static Comparator<OracleCase> likelyFirst(Knob knob) {
    return Comparator.comparing((OracleCase reference) -> !reference.name().contains(knob.key()))
        .thenComparing(reference -> !reference.json().getAsJsonObject("knobs").has(knob.key()));
  }

  /** Whether the engine parts from the reference; it ends at the first iterate that does. */
  private static boolean parts(OracleCase reference, Hyperparameters turned) {
    AtomicInteger iterates = new AtomicInteger();
    StylizedImage stylized;
    try {
      stylized =
          engines
              .of(reference)
              .stylize(
                  reference.images(),
                  turned,
                  sample -> {
                    int iterate = iterates.getAndIncrement();
                    if (!reference.faults(iterate, sample, EveryKnobIT::parted).isEmpty()) {
                      throw new PartedException();
                    }
                  });
    } catch (TransferException | PartedException e) {
      return true; // or the combination cannot run
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
