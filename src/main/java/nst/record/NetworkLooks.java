package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nst.model.Hyperparameters;
import nst.model.Knob;

/**
 * The part of a style network's recipe that rows need.
 *
 * @param looks what the network can do, in the order of its parameters
 * @param objective the knobs that it was trained with, as text by their keys
 */
public record NetworkLooks(List<Look> looks, Map<String, String> objective)
    implements Serializable {
  /** Weights that differ by less than this are equal; they are fractions in decimal notation. */
  private static final double SAME = 1e-6;

  public NetworkLooks {
    looks = List.copyOf(looks);
    objective = Collections.unmodifiableMap(new TreeMap<>(objective));
  }

  /**
   * A style or a blend of some that a network was trained on.
   *
   * @param styles at least one
   * @param imageSize the longest side of the pictures that the look is for, in pixels; {@link
   *     #ANY_SIZE} if a recipe of an earlier version does not say it
   */
  public record Look(List<Style> styles, @JsonInclude(Include.NON_DEFAULT) int imageSize)
      implements Serializable {
    /** A recipe that does not say for which size a look is. */
    public static final int ANY_SIZE = 0;

    public Look {
      styles = List.copyOf(styles);
    }

    private boolean isOf(String sha256) {
      return styles.size() == 1 && styles.get(0).sha256().equals(sha256);
    }

    private boolean isOf(List<Style> others) {
      Map<String, Double> own = shares(styles);
      Map<String, Double> theirs = shares(others);
      return own.keySet().equals(theirs.keySet())
          && own.keySet().stream()
              .allMatch(style -> Math.abs(own.get(style) - theirs.get(style)) < SAME);
    }

    @Override
    public String toString() {
      String paintings =
          styles.size() == 1
              ? styles.get(0).toString()
              : styles.stream()
                  .map(style -> style.weight() + " x " + style)
                  .collect(Collectors.joining(" + "));
      return imageSize == ANY_SIZE ? paintings : paintings + " at " + imageSize + " px";
    }
  }

  /**
   * A style and its weight in a blend.
   *
   * @param name the last part of the URI of its file, for messages; may be empty
   * @param sha256 of the bytes of its file
   */
  public record Style(@JsonInclude(Include.NON_EMPTY) String name, String sha256, double weight)
      implements Serializable {
    @Override
    public String toString() {
      return name.isEmpty() ? sha256 : name + " (SHA-256 " + sha256 + ")";
    }
  }

  /**
   * Reads a recipe.
   *
   * @throws IllegalArgumentException if it does not say what the looks are
   */
  public static NetworkLooks read(String recipe) {
    String what = "the recipe of a style network";
    return Json.read(Json.read(recipe, what), NetworkLooks.class, what);
  }

  /** The share of each style in the blend; equal styles count together. */
  private static Map<String, Double> shares(List<Style> styles) {
    double sum = styles.stream().mapToDouble(Style::weight).sum();
    Map<String, Double> shares = new TreeMap<>();
    styles.forEach(style -> shares.merge(style.sha256(), style.weight() / sum, Double::sum));
    return shares;
  }

  /**
   * The share of each look that together give this blend of styles: the looks that were trained on
   * the blend, or else those of the single styles. Empty if the network knows neither.
   *
   * @param imageSize the longest side of the picture, in pixels. Of looks for several sizes, it is
   *     between the next smaller and the next larger one, in proportion to the logarithms
   */
  public Optional<List<Double>> blend(List<Style> styles, int imageSize) {
    List<Double> blend = new ArrayList<>(Collections.nCopies(looks.size(), 0.0));
    if (add(look -> look.isOf(styles), 1, imageSize, blend)) {
      return Optional.of(blend);
    }
    for (Map.Entry<String, Double> share : shares(styles).entrySet()) {
      if (!add(look -> look.isOf(share.getKey()), share.getValue(), imageSize, blend)) {
        return Optional.empty();
      }
    }
    return Optional.of(blend);
  }

  /** Adds a share to the looks for the sizes around the wanted one, if there are such looks. */
  private boolean add(Predicate<Look> isWanted, double share, int imageSize, List<Double> blend) {
    int[] bySize =
        IntStream.range(0, looks.size())
            .filter(look -> isWanted.test(looks.get(look)))
            .boxed()
            .sorted(Comparator.comparingInt(look -> looks.get(look).imageSize()))
            .mapToInt(Integer::intValue)
            .toArray();
    if (bySize.length == 0) {
      return false;
    }
    int larger = 0;
    while (larger < bySize.length - 1 && looks.get(bySize[larger]).imageSize() < imageSize) {
      larger++;
    }
    int smaller = Math.max(0, larger - 1);
    double part = between(bySize[smaller], bySize[larger], imageSize);
    blend.set(bySize[smaller], blend.get(bySize[smaller]) + share * (1 - part));
    blend.set(bySize[larger], blend.get(bySize[larger]) + share * part);
    return true;
  }

  /** 0 at the size of the smaller look or below, 1 at that of the larger or above. */
  private double between(int smaller, int larger, int imageSize) {
    double low = looks.get(smaller).imageSize();
    double high = looks.get(larger).imageSize();
    if (imageSize >= high) {
      return 1;
    }
    return imageSize <= low ? 0 : Math.log(imageSize / low) / Math.log(high / low);
  }

  /** Whether a look is this style alone. */
  public boolean knows(String sha256) {
    return looks.stream().anyMatch(look -> look.isOf(sha256));
  }

  /**
   * The knobs of the objective that have other values in a row: {@code content_weight=0.1 (here
   * 0.05)}.
   */
  public List<String> differences(Hyperparameters row) {
    List<String> differences = new ArrayList<>();
    objective.forEach(
        (key, text) ->
            Knob.named(key)
                .filter(knob -> !canonical(knob, text).equals(row.text(knob)))
                .ifPresent(
                    knob -> differences.add(key + "=" + text + " (here " + row.text(knob) + ")")));
    return differences;
  }

  /** The text that equal values have; the text itself if it is no value of the knob. */
  private static String canonical(Knob knob, String text) {
    try {
      return knob.domain().text(knob.domain().parse(text));
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
