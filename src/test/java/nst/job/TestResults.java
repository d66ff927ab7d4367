package nst.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Image;
import nst.model.TransferResult.Place;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.model.knob.Layer;

/** Creates results for tests. */
public final class TestResults {
  private TestResults() {}

  public static final TransferRequest REQUEST =
      new TransferRequest(
          "42 \"é\"",
          "file:/c a.jpg",
          "v1",
          List.of(
              new TransferRequest.Style("file:/s.jpg", 0.25, "file:/m.png", ""),
              new TransferRequest.Style("file:/t.jpg", 0.75)),
          Preset.KERAS.hyperparameters().with(Knob.PRECISION, "float32"));

  private static final Place PLACE =
      new Place(
          "host",
          "3",
          1,
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2026-01-01T00:00:05Z"));

  public static TransferResult ok(String key) {
    return ok(key, image(losses().get(1), 1.5), losses());
  }

  /** A picture whose losses were not measured. */
  public static TransferResult unmeasured(String key) {
    return ok(key, image(null, null), List.of());
  }

  private static TransferResult ok(String key, Image image, List<LossSample> losses) {
    return new TransferResult(
        key,
        "run",
        Status.OK,
        Optional.empty(),
        REQUEST,
        Optional.of(image),
        new Timings(1, 2, 3, 4, 5),
        PLACE,
        losses);
  }

  public static TransferResult failed(String key, ErrorCode code) {
    return new TransferResult(
        key,
        "run",
        Status.FAILED,
        Optional.of(new Failure(code, "Cannot read \"x\": <b>gone</b>")),
        REQUEST,
        Optional.empty(),
        Timings.NONE,
        PLACE,
        List.of());
  }

  private static Image image(LossSample saved, Double initialTotalLoss) {
    return new Image(
        "file:/o.png",
        "aa",
        7,
        64,
        48,
        20,
        22,
        "ITERATIONS",
        saved,
        initialTotalLoss,
        "bb",
        List.of("cc", "dd"),
        "ee",
        "",
        "cpu",
        "float32",
        1L << 32,
        1,
        List.of("content: EXIF is damaged and was ignored"));
  }

  private static List<LossSample> losses() {
    Map<Layer, Double> layers = Map.of(Layer.RELU1_1, 0.125, Layer.RELU5_1, 0.25);
    return List.of(
        new LossSample(64, 0, 1, 0, 1, 0.1, 1.25, layers, 3.5, 1, 0),
        new LossSample(64, 1, 2, 0.1, 0.3, 0.1, 0.5, layers, 2.5, 1, 640));
  }
}
