package nst.report.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.model.knob.NetworkChoices.Backbone;
import nst.report.row.PageRow;

/**
 * Receives all rows of a run one after another and finds the axes in which they differ: photo,
 * painting, share of a blend, preset and knobs. It does not matter whether {@code sweep} made the
 * manifest. A row needs some dozens of bytes.
 *
 * <p>A column that another one decides is not an axis. The knobs of a preset follow from the
 * preset, and a weight that each painting has for itself follows from the painting.
 */
public final class SweepRows {
  /** The fewest rows of the same photo and painting that make a sweep. */
  private static final int FEWEST_ROWS = 3;

  /** The column of a manifest of {@code sweep} with the share of the second painting. */
  private static final String BLEND = "blend";

  private static final List<Preset> PRESETS = List.of(Preset.values());

  private final Codes photos = new Codes();
  private final Codes styles = new Codes();
  private final Codes blends = new Codes();
  private final Codes presets = new Codes();
  private final Map<Knob, Codes> knobs = new EnumMap<>(Knob.class);
  private final Map<String, List<TransferRequest.Style>> stylesByText = new LinkedHashMap<>();
  private final Map<Backbone, List<Hyperparameters>> presetValues = new HashMap<>();
  private double[] content = new double[64];
  private double[] style = new double[64];
  private Hyperparameters first;
  private int size;

  /**
   * Adds the next row of the manifest.
   *
   * @param request empty if the row is not a valid request
   */
  public void add(PageRow row, Optional<TransferRequest> request) {
    if (size == content.length) {
      content = Arrays.copyOf(content, 2 * size);
      style = Arrays.copyOf(style, 2 * size);
    }
    content[size] = term(row.saved().map(PageRow.Saved::content));
    style[size] = term(row.saved().map(PageRow.Saved::style));
    // The picture of a duplicate belongs to another row.
    if (request.isPresent() && row.status() != Status.DUPLICATE) {
      add(request.get(), row.own().get(BLEND), row.styleText());
    }
    size++;
  }

  private static double term(Optional<Double> value) {
    return value.filter(Double::isFinite).orElse(Double.NaN);
  }

  private void add(TransferRequest request, String blend, String styleText) {
    Hyperparameters values = request.hyperparameters();
    first = first == null ? values : first;
    for (Knob knob : Knob.values()) {
      Codes column = knobs.get(knob);
      if (column == null && !Objects.equals(value(values, knob), value(first, knob))) {
        column = new Codes();
        column.set(photos, first.text(knob)); // all earlier rows have the value of the first
        knobs.put(knob, column);
      }
      if (column != null) {
        column.set(size, values.text(knob));
      }
    }
    photos.set(size, request.content());
    styles.set(size, styleText);
    stylesByText.putIfAbsent(styleText, request.styles());
    if (blend != null && blend.matches("[-+0-9.eE]+")) {
      blends.set(size, Decimals.plain(blend));
    }
    presets.set(size, nearest(values).label());
  }

  private static Object value(Hyperparameters values, Knob knob) {
    return values.values().get(knob);
  }

  /** The preset from which the fewest knobs differ. */
  private Preset nearest(Hyperparameters values) {
    List<Hyperparameters> candidates =
        presetValues.computeIfAbsent(
            values.backbone(),
            backbone ->
                PRESETS.stream().map(preset -> preset.hyperparameters().on(backbone)).toList());
    int best = 0;
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i < PRESETS.size(); i++) {
      int differing = 0;
      for (Knob knob : Knob.values()) {
        differing += Objects.equals(value(values, knob), value(candidates.get(i), knob)) ? 0 : 1;
      }
      if (differing < fewest) {
        fewest = differing;
        best = i;
      }
    }
    return PRESETS.get(best);
  }

  /**
   * The sweep; empty if most rows have a photo and a painting for themselves, or if they differ in
   * nothing else.
   */
  public Optional<Sweep> sweep() {
    if (first == null) {
      return Optional.empty();
    }
    Map<String, Codes> axes = new LinkedHashMap<>();
    boolean blended = blends.count() > 1;
    List<Codes> deciding = new ArrayList<>();
    addUnlessDecided("photo", photos, deciding, axes);
    if (blended) {
      addUnlessDecided(BLEND, blends, deciding, axes);
    }
    addUnlessDecided("painting", styles, deciding, axes);
    if (knobs.values().stream().filter(presets::decides).count() > 1) {
      addUnlessDecided("preset", presets, deciding, axes);
    }
    knobs.forEach(
        (knob, column) -> {
          if (deciding.stream().noneMatch(other -> other.decides(column))) {
            axes.put(knob.key(), column);
          }
        });
    List<Axis> found = axes.entrySet().stream().map(this::axis).toList();
    boolean differs = found.stream().anyMatch(axis -> isSetting(axis.kind()));
    return differs && hasRepeatedPairs(blended)
        ? Optional.of(
            new Sweep(
                found,
                TermKinds.of(knobs, first, presets, size),
                photos.codes(size),
                styles.codes(size),
                Arrays.copyOf(content, size),
                Arrays.copyOf(style, size),
                recipe(axes)))
        : Optional.empty();
  }

  private static void addUnlessDecided(
      String name, Codes column, List<Codes> deciding, Map<String, Codes> axes) {
    if (column.count() > 1 && deciding.stream().noneMatch(other -> other.decides(column))) {
      axes.put(name, column);
      deciding.add(column);
    }
  }

  private static boolean isSetting(Axis.Kind kind) {
    return kind != Axis.Kind.PHOTO && kind != Axis.Kind.STYLE;
  }

  private Axis axis(Map.Entry<String, Codes> named) {
    Axis.Kind kind =
        switch (named.getKey()) {
          case "photo" -> Axis.Kind.PHOTO;
          case "painting" -> Axis.Kind.STYLE;
          case BLEND -> Axis.Kind.BLEND;
          case "preset" -> Axis.Kind.PRESET;
          default -> Axis.Kind.KNOB;
        };
    return Axis.of(named.getKey(), kind, named.getValue().texts(), named.getValue().codes(size));
  }

  /** Whether at least half of the rows share their photo and painting with two others. */
  private boolean hasRepeatedPairs(boolean blended) {
    Map<List<Integer>, Integer> pairs = new HashMap<>();
    int valid = 0;
    for (int row = 0; row < size; row++) {
      if (photos.at(row) >= 0) {
        valid++;
        pairs.merge(List.of(photos.at(row), blended ? 0 : styles.at(row)), 1, Integer::sum);
      }
    }
    int repeated = pairs.values().stream().filter(n -> n >= FEWEST_ROWS).mapToInt(n -> n).sum();
    return 2 * repeated >= valid;
  }

  private boolean isCrossed(Map<String, Codes> axes) {
    Set<List<Integer>> pairs = new HashSet<>();
    for (int row = 0; row < size; row++) {
      if (photos.at(row) >= 0) {
        pairs.add(List.of(photos.at(row), styles.at(row)));
      }
    }
    boolean presetDecides = axes.containsKey("preset");
    return pairs.size() == photos.count() * styles.count()
        && knobs.entrySet().stream()
            .allMatch(
                column ->
                    axes.containsKey(column.getKey().key())
                        || (presetDecides && presets.decides(column.getValue())));
  }

  /** What the rows have in common, for the command line of another sweep. */
  private Recipe recipe(Map<String, Codes> axes) {
    Map<Knob, String> common = new EnumMap<>(Knob.class);
    List<Hyperparameters> used =
        presets.texts().stream()
            .map(label -> Preset.named(label).orElseThrow().hyperparameters())
            .map(values -> values.on(first.backbone()))
            .toList();
    for (Knob knob : Knob.values()) {
      boolean set = used.stream().anyMatch(preset -> !preset.text(knob).equals(first.text(knob)));
      if (!knobs.containsKey(knob) && set) {
        common.put(knob, first.text(knob));
      }
    }
    return new Recipe(
        photos.texts(),
        List.copyOf(stylesByText.values()),
        presets.texts(),
        isCrossed(axes),
        common);
  }
}
