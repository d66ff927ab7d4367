package nst.report.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.model.knob.NetworkChoices.Backbone;
import nst.report.row.PageRow;

/** Makes the rows of a run for tests, one after another. */
final class SweptRows {
  private final SweepRows rows = new SweepRows();
  private int count;
  private Map<String, String> own = Map.of();
  private Status status = Status.OK;
  private String photo = "file:/photos/lake.jpg";
  private List<TransferRequest.Style> styles =
      List.of(new TransferRequest.Style("file:/paintings/waves.jpg", 1));

  /** The next rows have this photo. */
  SweptRows photo(String name) {
    photo = "file:/photos/" + name;
    return this;
  }

  /** The next rows have these paintings. */
  SweptRows styles(TransferRequest.Style... next) {
    styles = List.of(next);
    return this;
  }

  /** The next rows have this painting. */
  SweptRows painting(String name) {
    return styles(new TransferRequest.Style("file:/paintings/" + name, 1));
  }

  /** The next rows have these own columns. */
  SweptRows own(Map<String, String> next) {
    own = next;
    return this;
  }

  /** The next rows have this status. */
  SweptRows status(Status next) {
    status = next;
    return this;
  }

  /**
   * Adds a row.
   *
   * @param content the content term; null if nothing was saved
   * @param knobs pairs of a key and a value
   */
  SweptRows row(Preset preset, Double content, Double style, String... knobs) {
    Hyperparameters values = preset.hyperparameters().on(Backbone.VGG16);
    for (int i = 0; i < knobs.length; i += 2) {
      values = values.with(Knob.named(knobs[i]).orElseThrow(), knobs[i + 1]);
    }
    String id = "row " + count;
    rows.add(
        new PageRow(
            count,
            id,
            "key",
            status,
            Optional.empty(),
            photo,
            styles.stream().map(s -> new PageRow.Style(s.uri(), s.weight(), "", "")).toList(),
            Map.of(),
            own,
            content == null
                ? Optional.empty()
                : Optional.of(
                    new PageRow.Saved(
                        "ab/a.png", 64, 48, 1, "ITERATIONS", content, style, 0.1, 9.0, 10.0)),
            Optional.empty(),
            Optional.empty(),
            List.of()),
        Optional.of(new TransferRequest(id, photo, "", styles, values)));
    count++;
    return this;
  }

  /** Adds a row of the default preset. */
  SweptRows row(double content, double style, String... knobs) {
    return row(Preset.BALANCED, content, style, knobs);
  }

  Optional<Sweep> found() {
    return rows.sweep();
  }

  Sweep sweep() {
    return found().orElseThrow();
  }

  /** The names of the axes with the numbers of their values. */
  List<String> axes() {
    List<String> axes = new ArrayList<>();
    sweep().axes().forEach(axis -> axes.add(axis.name() + " " + axis.values()));
    return axes;
  }

  /**
   * A grid in which the content term falls with the first knob and the style term rises with it.
   */
  static SweptRows grid(String knob, String... values) {
    SweptRows rows = new SweptRows();
    for (int i = 0; i < values.length; i++) {
      rows.row(1.0 / (i + 1), 0.1 * (i + 1), knob, values[i]);
    }
    return rows;
  }
}
