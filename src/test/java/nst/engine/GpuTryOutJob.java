package nst.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;

/**
 * A job of {@link GpuTryOut}: a line of its list.
 *
 * @param knobs values by key
 * @param words all other pairs
 */
record GpuTryOutJob(
    int number,
    boolean compares,
    String content,
    String styles,
    String result,
    Map<String, String> knobs,
    Map<String, String> words) {

  static GpuTryOutJob parse(int number, String line) {
    List<String> all = Arrays.asList(line.split("\\s+"));
    boolean compares = all.get(0).equals("compare");
    int pairsFrom = 3;
    String content = all.get(compares ? 1 : 0);
    String styles = all.get(compares ? 2 : 1);
    String result = compares ? "-" : all.get(2);
    Map<String, String> knobs = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    for (Map.Entry<String, String> pair : pairs(all.subList(pairsFrom, all.size())).entrySet()) {
      boolean isKnob = Knob.named(pair.getKey()).isPresent();
      (isKnob ? knobs : words).put(pair.getKey(), pair.getValue());
    }
    return new GpuTryOutJob(number, compares, content, styles, result, knobs, words);
  }

  Hyperparameters hyperparameters() {
    Hyperparameters made =
        Preset.named(words.getOrDefault("preset", "balanced")).orElseThrow().hyperparameters();
    for (Map.Entry<String, String> knob : knobs.entrySet()) {
      made = made.with(Knob.named(knob.getKey()).orElseThrow(), knob.getValue());
    }
    return made;
  }

  Map<String, Object> described() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("job", number);
    answer.put("content", content);
    answer.put("style", styles);
    answer.put("result", result);
    answer.putAll(words);
    answer.put("knobs", knobs);
    return answer;
  }

  /** The words {@code key=value} as a map. */
  static Map<String, String> pairs(List<String> words) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String word : words) {
      String[] pair = word.split("=", 2);
      if (pair.length < 2) {
        throw new IllegalArgumentException("expected key=value, was " + word);
      }
      pairs.put(pair[0], pair[1]);
    }
    return pairs;
  }
}
