package nst.job.sweep;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.job.executor.Session;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.job.network.Recipe;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;

/** Makes the rows of a sweep from its definition, and collects the faults of the definition. */
public final class SweepMaker {
  private static final int MOST_ROWS = 100_000;
  private static final int MOST_FAULTS = 20;
  private static final int IDS_IN_A_MESSAGE = 5;
  private static final String GRID = "--grid";
  private static final String WHERE = "--where";

  private final Session session;
  private final RunConfig config;
  private final Problems problems;
  private final SweepInputs inputs;

  /**
   * Creates a maker.
   *
   * @param config the knobs that it states are set in every row
   * @param problems receives every fault
   */
  public SweepMaker(Session session, RunConfig config, Problems problems) {
    this.session = session;
    this.config = config;
    this.problems = problems;
    this.inputs = new SweepInputs(session, config.whole(Setting.MAX_BYTES), problems);
  }

  /** Makes the sweep; empty if there are faults. */
  public Optional<Sweep> make(SweepDefinition definition) {
    Optional<Networks> networks = networks();
    List<SweepAxis> axes = axes(definition);
    SweepPoint fixed = fixed(axes);
    List<String> contents = inputs.images("--content", definition.contents());
    if (definition.contents().isEmpty()) {
      problems.add("--content", "", "expected at least one photo or folder, was none");
    }
    List<SweepStyle> styles = styles(definition);
    checkInputs(axes, fixed);
    List<SweepCondition> conditions = conditions(definition);
    SweepPoints points = new SweepPoints(axes, fixed);
    checkSize(definition, points, (long) contents.size() * styles.size());
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    List<SweepPoint> all =
        definition.samples() > 0
            ? points.samples(definition.sampling(), definition.samples(), definition.seed())
            : points.grid();
    List<SweepRow> rows = Sweep.rows(contents, styles, all, axes);
    for (SweepCondition condition : conditions) {
      rows = condition.filter(session.spark(), rows, config.preset());
    }
    if (rows.isEmpty()) {
      problems.add(WHERE, "", "expected a condition that some rows meet, met by none");
    }
    checkCombinations(rows, networks.orElseThrow());
    return problems.isEmpty()
        ? Optional.of(new Sweep(axes, fixed, all.size(), rows, Sweep.highest(inputs.folders())))
        : Optional.empty();
  }

  private Optional<Networks> networks() {
    try {
      ExecutionMode mode = ExecutionMode.of(session.spark().sparkContext().master());
      return Optional.of(Networks.of(config, session.store(), mode));
    } catch (InvalidInputException e) {
      e.problems().forEach(fault -> problems.add(fault.where(), fault.column(), fault.message()));
      return Optional.empty();
    }
  }

  private List<SweepAxis> axes(SweepDefinition definition) {
    Map<String, SweepAxis> axes = new LinkedHashMap<>();
    for (SweepText typed : definition.axes()) {
      if (!Redactor.isClean(typed.text())) {
        problems.add(GRID, "", "expected values without credentials, was " + typed.text());
        continue;
      }
      try {
        SweepAxis axis = SweepAxis.parse(typed);
        if (!axis.counted() && definition.samples() == 0) {
          throw new IllegalArgumentException(
              axis.column()
                  + ": expected FROM..TO:COUNT; only --samples takes a range without a count");
        }
        if (axes.put(axis.column(), axis) != null) {
          throw new IllegalArgumentException(
              axis.column() + ": expected one axis, was given twice");
        }
      } catch (IllegalArgumentException e) {
        problems.add(GRID, typed.text(), e.getMessage());
      }
    }
    if (definition.samples() > 0 && axes.isEmpty() && problems.isEmpty()) {
      problems.add(GRID, "", "expected at least one axis to sample, was none");
    }
    return List.copyOf(axes.values());
  }

  /**
   * The values that the configuration states. An axis replaces a value of the environment or of a
   * configuration file.
   */
  private SweepPoint fixed(List<SweepAxis> axes) {
    Set<String> varied = new LinkedHashSet<>();
    axes.forEach(axis -> varied.add(axis.column()));
    EnumMap<Knob, Object> knobs = new EnumMap<>(Knob.class);
    Map<String, RunConfig.Entry> entries = config.entries();
    for (Knob knob : Knob.values()) {
      String source = entries.get(knob.key()).source();
      if (!source.startsWith("preset ") && isFixed(knob.key(), source, varied)) {
        knobs.put(knob, config.defaults().values().get(knob));
      }
    }
    String source = entries.get(RunConfig.PRESET).source();
    Optional<Preset> preset =
        !source.equals("default") && isFixed(RunConfig.PRESET, source, varied)
            ? Optional.of(config.preset())
            : Optional.empty();
    return new SweepPoint(preset, knobs);
  }

  private boolean isFixed(String key, String source, Set<String> varied) {
    if (varied.contains(key) && source.startsWith("--")) {
      problems.add(source, key, "expected a value or an axis of --grid, was both");
    }
    return !varied.contains(key);
  }

  private List<SweepStyle> styles(SweepDefinition definition) {
    Set<SweepStyle> styles = new LinkedHashSet<>();
    inputs.images("--style", definition.styles()).forEach(uri -> styles.add(SweepStyle.of(uri)));
    for (SweepText typed : definition.styleSets()) {
      parsed("--style-set", () -> List.of(SweepStyle.set(typed)), styles);
    }
    for (SweepText typed : definition.blends()) {
      parsed("--blend", () -> SweepStyle.blend(typed), styles);
    }
    if (definition.styles().isEmpty()
        && definition.styleSets().isEmpty()
        && definition.blends().isEmpty()) {
      problems.add(
          "--style", "", "expected a painting or folder, or --style-set or --blend, was none");
    }
    return List.copyOf(styles);
  }

  /** Parses a definition of styles. */
  private interface Parser {
    List<SweepStyle> parse();
  }

  private void parsed(String option, Parser parser, Set<SweepStyle> styles) {
    try {
      List<SweepStyle> found = parser.parse();
      Set<String> uris = new LinkedHashSet<>();
      found.forEach(style -> style.parts().forEach(part -> uris.add(part.uri())));
      uris.forEach(uri -> inputs.check(option, uri));
      styles.addAll(found);
    } catch (IllegalArgumentException e) {
      problems.add(option, "", e.getMessage());
    }
  }

  /** Checks the files that knobs name. */
  private void checkInputs(List<SweepAxis> axes, SweepPoint fixed) {
    for (Knob knob : Knob.ofUris()) {
      Set<String> uris = new LinkedHashSet<>();
      axes.stream()
          .filter(axis -> axis.column().equals(knob.key()))
          .forEach(axis -> axis.values().forEach(uri -> uris.add(uri.toString())));
      uris.add(fixed.knobs().getOrDefault(knob, "").toString());
      uris.removeIf(uri -> uri.isEmpty() || knob.isEmbedded(uri));
      if (knob == Knob.INIT_IMAGE) {
        uris.forEach(uri -> inputs.check(knob.key(), uri));
      } else {
        uris.forEach(uri -> inputs.checkExists(knob.key(), uri));
      }
    }
  }

  private List<SweepCondition> conditions(SweepDefinition definition) {
    List<SweepCondition> conditions = new ArrayList<>();
    for (String text : definition.conditions()) {
      try {
        conditions.add(SweepCondition.parse(session.spark(), text));
      } catch (IllegalArgumentException e) {
        problems.add(WHERE, "", e.getMessage());
      }
    }
    return conditions;
  }

  private void checkSize(SweepDefinition definition, SweepPoints points, long pairs) {
    long perPair = definition.samples() > 0 ? definition.samples() : points.combinations();
    if (perPair > MOST_ROWS || pairs * perPair > MOST_ROWS) {
      problems.add(
          GRID,
          "",
          "expected at most "
              + MOST_ROWS
              + " rows, was "
              + pairs
              + " pairs of content and style times "
              + perPair
              + " points");
    }
  }

  /** Checks each point once, and names the rows that have it. */
  private void checkCombinations(List<SweepRow> rows, Networks networks) {
    Map<SweepPoint, List<String>> idsOf = new LinkedHashMap<>();
    rows.forEach(row -> idsOf.computeIfAbsent(row.point(), p -> new ArrayList<>()).add(row.id()));
    Map<Problem, List<String>> faults = new LinkedHashMap<>();
    idsOf.forEach(
        (point, ids) -> {
          Problems ofPoint = new Problems();
          Hyperparameters base = point.preset().orElse(config.preset()).hyperparameters();
          Recipe.of(base, point.knobs(), networks, "", ofPoint);
          ofPoint
              .list()
              .forEach(fault -> faults.computeIfAbsent(fault, f -> new ArrayList<>()).addAll(ids));
        });
    faults.entrySet().stream()
        .limit(MOST_FAULTS)
        .forEach(
            fault ->
                problems.add(
                    named(fault.getValue()),
                    fault.getKey().column(),
                    fault.getKey().message() + "; --where can exclude such rows"));
    if (faults.size() > MOST_FAULTS) {
      problems.add(GRID, "", "and " + (faults.size() - MOST_FAULTS) + " more faults of rows");
    }
  }

  private static String named(List<String> ids) {
    String first = String.join(", ", ids.subList(0, Math.min(IDS_IN_A_MESSAGE, ids.size())));
    return ids.size() == 1
        ? "row " + first
        : ids.size() + " rows: " + first + (ids.size() > IDS_IN_A_MESSAGE ? ", ..." : "");
  }
}
