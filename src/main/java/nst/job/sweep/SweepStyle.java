package nst.job.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import nst.model.TransferRequest.Style;
import nst.model.text.ShortText;

/**
 * One entry of the styles of a sweep: a painting, a set of paintings, or a step of a blend.
 *
 * @param parts the paintings with their weights
 * @param blend the share of the second painting, for the steps of a blend
 */
public record SweepStyle(List<Style> parts, OptionalDouble blend) {

  public SweepStyle {
    parts = List.copyOf(parts);
  }

  /** A single painting. */
  static SweepStyle of(String uri) {
    return new SweepStyle(List.of(new Style(uri, 1)), OptionalDouble.empty());
  }

  /**
   * Parses a set of paintings: {@code a.jpg:b.jpg}, or with weights {@code a.jpg:b.jpg=3:1}.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  static SweepStyle set(SweepText typed) {
    String[] sides = sides(typed);
    List<String> uris = uris(typed, sides[0]);
    double[] weights = new double[uris.size()];
    Arrays.fill(weights, 1);
    if (sides.length == 2) {
      weights = numbers(sides[1], ":", typed);
    }
    boolean positive = Arrays.stream(weights).allMatch(weight -> weight > 0 && weight < 1e9);
    if (uris.size() < 2 || weights.length != uris.size() || !positive) {
      throw new IllegalArgumentException(
          "expected at least two paintings, A:B, or with a positive weight for each, A:B=3:1, was "
              + ShortText.quoted(typed.text()));
    }
    List<Style> parts = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      parts.add(new Style(uris.get(i), weights[i]));
    }
    return new SweepStyle(parts, OptionalDouble.empty());
  }

  /**
   * Parses the steps of a blend: {@code a.jpg:b.jpg=0,0.25,0.5,0.75,1}, with the shares of the
   * second painting.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  static List<SweepStyle> blend(SweepText typed) {
    String[] sides = sides(typed);
    List<String> uris = uris(typed, sides[0]);
    double[] shares = sides.length == 2 ? numbers(sides[1], ",", typed) : new double[0];
    boolean valid = Arrays.stream(shares).allMatch(share -> share >= 0 && share <= 1);
    if (uris.size() != 2 || shares.length == 0 || !valid) {
      throw new IllegalArgumentException(
          "expected two paintings and shares of the second from 0 to 1, A:B=0,0.25,0.5,0.75,1, was "
              + ShortText.quoted(typed.text()));
    }
    return Arrays.stream(shares)
        .distinct()
        .mapToObj(share -> step(uris.get(0), uris.get(1), share))
        .toList();
  }

  /** With all of one painting, the row is that of the painting alone and has the same key. */
  private static SweepStyle step(String first, String second, double share) {
    List<Style> parts = new ArrayList<>();
    if (share < 1) {
      parts.add(new Style(first, share == 0 ? 1 : 1 - share));
    }
    if (share > 0) {
      parts.add(new Style(second, share));
    }
    return new SweepStyle(parts, OptionalDouble.of(share));
  }

  /** The paintings and, after the last equals sign, the numbers. */
  private static String[] sides(SweepText typed) {
    String text = typed.text();
    int equals = text.lastIndexOf('=');
    return equals < 0 || !text.substring(equals + 1).matches("[-+.,:eE\\d\\s]+")
        ? new String[] {text}
        : new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }

  /** Splits at colons, except for those after a scheme. */
  private static List<String> uris(SweepText typed, String paintings) {
    return Arrays.stream(paintings.split("(?<!(^|:)(s3a?|s3n|hdfs|file)):", -1))
        .map(typed::uri)
        .toList();
  }

  private static double[] numbers(String text, String separator, SweepText typed) {
    try {
      return Arrays.stream(text.split(separator, -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected numbers after the =, was " + ShortText.quoted(typed.text()), e);
    }
  }

  /** The text in the id of a row: {@code great_wave}, {@code great_wave+starry_night-0.25}. */
  String label(Map<String, String> labels) {
    String names =
        parts.stream().map(part -> labels.get(part.uri())).collect(Collectors.joining("+"));
    if (parts.size() == 1) {
      return names;
    }
    return blend.isPresent()
        ? names + "-" + SweepLabels.number(blend.getAsDouble())
        : names + weights();
  }

  private String weights() {
    return parts.stream().map(Style::weight).distinct().count() == 1
        ? ""
        : parts.stream()
            .map(part -> SweepLabels.number(part.weight()))
            .collect(Collectors.joining(":", "-", ""));
  }
}
