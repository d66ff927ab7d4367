package nst.report.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.knob.Effect;
import nst.model.knob.LossChoices.LossNormalization;

/**
 * The kinds of terms of the rows. Unweighted terms can be compared between rows of one kind: the
 * weights may differ, but not the equation of a term. Terms that are not normalised are of another
 * kind at another size.
 *
 * @param labels a text for each kind
 * @param at the index of the kind of each row; -1 for a row that is not a valid request
 * @param normalized whether all terms are shares of their value at a reference
 */
record TermKinds(List<String> labels, List<Integer> at, boolean normalized) {
  /** More knobs in a label are hard to read. */
  private static final int MOST_KNOBS = 3;

  /** Knobs that change the equation of a term. */
  private static final Set<Knob> EQUATION = equation();

  /** Knobs that change the value of a term unless it is normalised. */
  private static final Set<Knob> SCALE =
      EnumSet.of(
          Knob.FEATURE_SCALE,
          Knob.STYLE_SCALE,
          Knob.STYLE_FIT,
          Knob.IMAGE_SIZE,
          Knob.SIZE_RULE,
          Knob.IMAGE_WIDTH,
          Knob.IMAGE_HEIGHT);

  private static Set<Knob> equation() {
    Set<Knob> knobs = EnumSet.copyOf(Knob.affecting(Effect.OBJECTIVE));
    knobs.removeAll(
        EnumSet.of(
            Knob.CONTENT_WEIGHT,
            Knob.STYLE_WEIGHT,
            Knob.TV_WEIGHT,
            Knob.FEATURE_SCALE,
            Knob.STYLE_SCALE,
            Knob.STYLE_FIT));
    knobs.add(Knob.OPTIMIZE_IN); // the coordinates of the total variation
    return knobs;
  }

  /**
   * Finds the kinds.
   *
   * @param differing the columns of the knobs that differ between rows
   * @param first the values of the first row
   * @param presets the preset that is nearest to each row
   * @param size the number of rows
   */
  static TermKinds of(Map<Knob, Codes> differing, Hyperparameters first, Codes presets, int size) {
    Codes normalization = differing.get(Knob.LOSS_NORMALIZATION);
    String initial = Knob.LOSS_NORMALIZATION.domain().text(LossNormalization.INITIAL);
    Codes kinds = new Codes();
    List<Set<String>> presetsOf = new ArrayList<>();
    Set<Knob> named = new LinkedHashSet<>();
    boolean allNormalized = true;
    for (int row = 0; row < size; row++) {
      if (presets.at(row) < 0) {
        continue;
      }
      String how =
          normalization == null
              ? first.text(Knob.LOSS_NORMALIZATION)
              : normalization.texts().get(normalization.at(row));
      boolean normalized = how.equals(initial);
      allNormalized &= normalized;
      StringBuilder kind = new StringBuilder();
      for (Map.Entry<Knob, Codes> column : differing.entrySet()) {
        Knob knob = column.getKey();
        if (EQUATION.contains(knob) || (!normalized && SCALE.contains(knob))) {
          named.add(knob);
          String text = column.getValue().texts().get(column.getValue().at(row));
          kind.append(kind.isEmpty() ? "" : ", ").append(knob.key()).append('=').append(text);
        }
      }
      kinds.set(row, kind.toString());
      if (kinds.count() > presetsOf.size()) {
        presetsOf.add(new LinkedHashSet<>());
      }
      presetsOf.get(kinds.at(row)).add(presets.texts().get(presets.at(row)));
    }
    List<String> labels =
        named.size() <= MOST_KNOBS
            ? kinds.texts()
            : presetsOf.stream().map(names -> String.join(", ", names)).toList();
    if (Set.copyOf(labels).size() < labels.size()) {
      labels = kinds.texts(); // two kinds within one preset
    }
    return new TermKinds(
        labels.stream().map(label -> label.isEmpty() ? "as in the run" : label).toList(),
        Arrays.stream(kinds.codes(size)).boxed().toList(),
        allNormalized);
  }
}
