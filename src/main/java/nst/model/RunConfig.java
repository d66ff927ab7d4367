package nst.model;

import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.model.knob.OptimizerChoices.Init;

/**
 * The resolved configuration: a value for every {@link Setting}, a default for every {@link Knob},
 * and the source of each value.
 */
public final class RunConfig implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The configuration key of the default preset. */
  public static final String PRESET = "preset";

  /** The hex digits of a key that decide whether it is in a sample. */
  private static final int SAMPLED_DIGITS = 8;

  /** One row in so many is in a sample. */
  private static final int SAMPLED_OF = 100;

  private final EnumMap<Setting, Object> settings;
  private final Preset preset;
  private final TreeMap<String, String> sources;
  private final Hyperparameters defaults;

  /**
   * @param settings a parsed value for every setting
   * @param preset the preset of rows that do not name one
   * @param knobs the values that the configuration sets instead of the preset's
   * @param sources the source of the value of each key: {@code --image-size}, {@code
   *     NST_IMAGE_SIZE}, a file, {@code default}
   */
  public RunConfig(
      Map<Setting, Object> settings,
      Preset preset,
      Map<Knob, Object> knobs,
      Map<String, String> sources) {
    this.settings = new EnumMap<>(settings);
    this.preset = preset;
    this.sources = new TreeMap<>(sources);
    this.defaults = preset.hyperparameters().with(knobs);
    for (Setting setting : Setting.values()) {
      if (!this.settings.containsKey(setting)) {
        throw new IllegalArgumentException("no value for " + setting.key());
      }
    }
  }

  /** All configuration keys. */
  public static List<String> keys() {
    return Stream.of(Stream.of(PRESET), Knob.keys().stream(), Setting.keys().stream())
        .flatMap(keys -> keys)
        .toList();
  }

  public Preset preset() {
    return preset;
  }

  /**
   * The values of a row that sets none itself: the configured preset, with the configured knobs in
   * place of its values. A row that names a preset gets all values of that preset and none of the
   * configured knobs.
   */
  public Hyperparameters defaults() {
    return defaults;
  }

  /** Whether the default of a knob comes from the user and not from the preset. */
  public boolean isSet(Knob knob) {
    return sources.containsKey(knob.key());
  }

  /** Whether the value of a setting comes from the user and is not the default. */
  public boolean isSet(Setting setting) {
    return sources.containsKey(setting.key());
  }

  public String text(Setting setting) {
    return setting.domain().text(settings.get(setting));
  }

  public long whole(Setting setting) {
    return (Long) settings.get(setting);
  }

  /** Whether the value is {@code auto}, so that it is not known yet. */
  public boolean isAuto(Setting setting) {
    return setting.domain() instanceof Domain.AutoOr && whole(setting) == Domain.AutoOr.AUTO;
  }

  /** A whole number, for settings whose range fits into an {@code int}. */
  public int integer(Setting setting) {
    return Math.toIntExact(whole(setting));
  }

  /** A time, for settings in seconds. */
  public Duration seconds(Setting setting) {
    return Duration.ofSeconds(whole(setting));
  }

  public double real(Setting setting) {
    return (Double) settings.get(setting);
  }

  public Setting.Device device() {
    return (Setting.Device) settings.get(Setting.DEVICE);
  }

  public Setting.RecordedSources recordedSources() {
    return (Setting.RecordedSources) settings.get(Setting.RECORD_SOURCES);
  }

  /** Whether the losses of all rows with these values are measured. */
  public boolean measuresAllLosses(Hyperparameters row) {
    boolean isNetworksPicture = row.init() == Init.NETWORK && row.numIterations() == 0;
    return !isNetworksPicture || settings.get(Setting.MEASURE_LOSSES) == Setting.MeasuredRows.ALL;
  }

  /**
   * Whether the losses of a row are measured. Only those of a network's picture may not be.
   *
   * @param key the key of the row's image, which decides whether it is in the sample
   */
  public boolean measuresLosses(Hyperparameters row, String key) {
    return measuresAllLosses(row)
        || Long.parseLong(key.substring(0, SAMPLED_DIGITS), 16) % SAMPLED_OF == 0;
  }

  public Setting.Amortize amortize() {
    return (Setting.Amortize) settings.get(Setting.AMORTIZE);
  }

  public Setting.ReportLayout reportLayout() {
    return (Setting.ReportLayout) settings.get(Setting.REPORT_LAYOUT);
  }

  /** The same configuration with other defaults of some knobs. */
  public RunConfig with(Map<Knob, Object> knobs) {
    EnumMap<Knob, Object> all = new EnumMap<>(defaults.values());
    all.putAll(knobs);
    return new RunConfig(settings, preset, all, sources);
  }

  /** The same configuration whose rows may also read below these folders. */
  public RunConfig allowing(List<String> folders) {
    EnumMap<Setting, Object> more = new EnumMap<>(settings);
    String all =
        Stream.concat(Stream.of(text(Setting.ALLOWED_PREFIXES)), folders.stream())
            .filter(folder -> !folder.isEmpty())
            .collect(Collectors.joining(","));
    more.put(Setting.ALLOWED_PREFIXES, all);
    return new RunConfig(more, preset, defaults.values(), sources);
  }

  /** The same configuration with another value of a setting, from a source as in {@link Entry}. */
  public RunConfig with(Setting setting, Object value, String source) {
    EnumMap<Setting, Object> changed = new EnumMap<>(settings);
    changed.put(setting, value);
    TreeMap<String, String> changedSources = new TreeMap<>(sources);
    changedSources.put(setting.key(), source);
    return new RunConfig(changed, preset, defaults.values(), changedSources);
  }

  /** Whether the page is written while the run is in progress. */
  public boolean isWatched() {
    return whole(Setting.REPORT_WATCH_SECONDS) > 0;
  }

  public Setting.Retry retry() {
    return (Setting.Retry) settings.get(Setting.RETRY);
  }

  /**
   * All values as text with their sources, sorted by key. Used in {@code _PLAN.json} and the report
   * page.
   */
  public Map<String, Entry> entries() {
    TreeMap<String, Entry> entries = new TreeMap<>();
    entries.put(PRESET, entry(PRESET, preset.label()));
    Hyperparameters defaults = defaults();
    for (Knob knob : Knob.values()) {
      String fallback = "preset " + preset.label();
      entries.put(
          knob.key(), new Entry(defaults.text(knob), sources.getOrDefault(knob.key(), fallback)));
    }
    for (Setting setting : Setting.values()) {
      entries.put(setting.key(), entry(setting.key(), text(setting)));
    }
    return entries;
  }

  private Entry entry(String key, String text) {
    return new Entry(text, sources.getOrDefault(key, "default"));
  }

  /** A value and its source. Credentials are removed. */
  public record Entry(String value, String source) implements Serializable {
    public Entry {
      value = Redactor.of(value);
      source = Redactor.of(source);
    }
  }

  /** All values that affect a plan, as text: with equal texts, a manifest gives equal plans. */
  public String planText() {
    Stream<Setting> also =
        amortize() == Setting.Amortize.OFF
            ? Stream.of(Setting.ALLOWED_PREFIXES)
            : Stream.of(Setting.ALLOWED_PREFIXES, Setting.AMORTIZE);
    Stream<String> settingTexts = also.map(s -> s.key() + "=" + text(s));
    return Stream.concat(
            Stream.of(PRESET + "=" + preset.label(), defaults().canonicalText()), settingTexts)
        .collect(Collectors.joining("\n"));
  }
}
