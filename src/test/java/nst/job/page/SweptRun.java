package nst.job.page;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.RecordedPictures;
import nst.model.Knob;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.record.ReportedRow;
import nst.record.ReportedRow.Measured;

/**
 * The rows of a generated sweep: 25 content weights by 20 style scales with {@code keep=last}, and
 * ten of these points with {@code keep=best}. The content term falls with the content weight and
 * the style term rises with it. Both are least at the eighth style scale, so these 25 rows are the
 * Pareto front. Its compromise is the row in the middle, {@link #BEST}.
 */
final class SweptRun {
  static final int WEIGHTS = 25;
  static final int SCALES = 20;
  static final int ROWS = WEIGHTS * SCALES + 10;
  static final int FRONT_SCALE = 7;
  static final int BEST = 12 * SCALES + FRONT_SCALE;

  private SweptRun() {}

  static Path write(Path output) {
    return new PageRun(output, ROWS, SweptRun::row).write(Map.of());
  }

  static ReportedRow row(int number) {
    boolean isGrid = number < WEIGHTS * SCALES;
    int weight = isGrid ? number / SCALES : number - WEIGHTS * SCALES;
    int scale = isGrid ? number % SCALES : 0;
    Measured measured = measured(weight, scale, isGrid ? 1 : 1.5);
    String id = "lake-waves-" + number;
    TransferRequest plain = RecordedPictures.request(id, "file:/p/lake.jpg", "file:/s/waves.jpg");
    TransferRequest request =
        new TransferRequest(
            id,
            plain.content(),
            "",
            plain.styles(),
            plain
                .hyperparameters()
                .with(Knob.CONTENT_WEIGHT, number(0.01 * Math.pow(1.2, weight)))
                .with(Knob.STYLE_SCALE, number(0.5 + 0.1 * scale))
                .with(Knob.KEEP, isGrid ? "last" : "best"));
    return new ReportedRow(
        number,
        id,
        Optional.of(String.format("%032x", number)),
        Status.OK,
        Optional.empty(),
        Optional.of(request),
        Optional.of(String.format("file:/out/images/v1/00/%032x.png", number)),
        Optional.of(measured),
        Map.of());
  }

  private static Measured measured(int weight, int scale, double factor) {
    double away = factor * (1 + 0.05 * Math.abs(scale - FRONT_SCALE));
    return new Measured(
        512,
        384,
        30,
        "ITERATIONS",
        away * 0.02 * Math.exp(-0.1 * weight),
        away * 0.2 * Math.exp(0.08 * weight),
        away * 0.05,
        77_777.0, // the weighted total grows with the weight; no cell may show it
        1e6,
        new Timings(12, 40, 8000, 60, 9),
        List.of());
  }

  private static String number(double value) {
    return Double.toString(Math.round(1e6 * value) / 1e6);
  }

  /** 40 rows with two knobs that were sampled. */
  static ReportedRow sample(int number) {
    ReportedRow row = row(0);
    TransferRequest plain = row.request().orElseThrow();
    TransferRequest request =
        new TransferRequest(
            "sample-" + number,
            plain.content(),
            "",
            plain.styles(),
            plain
                .hyperparameters()
                .with(Knob.CONTENT_WEIGHT, number(0.01 + 0.03 * number))
                .with(Knob.TV_WEIGHT, number(0.002 * (number * 17 % 40))));
    return new ReportedRow(
        number,
        "sample-" + number,
        Optional.of(String.format("%032x", number)),
        Status.OK,
        Optional.empty(),
        Optional.of(request),
        Optional.of(String.format("file:/out/images/v1/00/%032x.png", number)),
        Optional.of(measured(number % 25, number % 20, 1)),
        Map.of());
  }

  /** Writes pages to look at: an output folder for the grid and one for the samples. */
  public static void main(String[] arguments) {
    System.out.println(write(Path.of(arguments[0])));
    System.out.println(
        new PageRun(Path.of(arguments[1]), 40, SweptRun::sample)
            .write(Map.of(Setting.REPORT_ROWS, 40L)));
  }
}
