package nst.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nst.model.knob.NetworkChoices.Backbone;

/** Returns other valid values of a knob, so that tests can find what it affects. */
public final class KnobVariations {
  private KnobVariations() {}

  /**
   * Returns copies with another value of the knob, without invalid combinations.
   *
   * @param base with a backbone other than {@code auto}
   */
  public static List<Hyperparameters> of(Hyperparameters base, Knob knob) {
    Object value = base.values().get(knob);
    return candidates(knob.domain(), value)
        .flatMap(raw -> parsed(knob.domain(), raw).stream())
        .filter(other -> !other.equals(value))
        .map(other -> base.with(Map.of(knob, other)))
        .filter(KnobVariations::isRequest)
        .toList();
  }

  private static Stream<Object> candidates(Domain domain, Object value) {
    if (domain instanceof Domain.Choice choice) {
      return Arrays.stream(choice.type().getEnumConstants());
    }
    if (domain instanceof Domain.Layers) {
      return Stream.of("relu1_1:1", "relu1_1:3,relu2_1:1", "relu1_1:1,relu5_1:1");
    }
    return switch (domain.kind()) {
      case WHOLE -> Stream.of((Long) value + 8, (Long) value - 8);
      case REAL -> Stream.of((Double) value * 1.5, (Double) value * 0.5, (Double) value + 0.1);
      case TEXT, LAYERS -> Stream.of("other");
    };
  }

  /** Empty if the value is out of range. */
  private static Optional<Object> parsed(Domain domain, Object raw) {
    try {
      return Optional.of(domain.parse(raw));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a row could have these values; planning replaces {@code backbone=auto}. */
  private static boolean isRequest(Hyperparameters hyperparameters) {
    Problems problems = new Problems();
    new CombinationCheck(hyperparameters, "varied", problems).check();
    return problems.isEmpty() && hyperparameters.backbone() != Backbone.AUTO;
  }
}
