package nst.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nst.cli.terminal.Console;
import nst.cli.terminal.ProgressLine;
import nst.job.network.Network;
import nst.job.task.LocalTransfer;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.LossSample;
import nst.model.Problems.Problem;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Image;
import nst.record.ExitCode;
import nst.record.RunSummary;
import nst.storage.StandardStreams;
import nst.storage.Uris;

/** Tells on standard error how {@code stylize} gets on, and at the end what it has made. */
final class StylizeReport implements LocalTransfer.Observer {
  private static final long TERMINAL_MILLIS = 200;
  private static final long LOG_MILLIS = 10_000;

  private final Console console;
  private final int photos;
  private final ProgressLine.Place place;
  private final long start = System.nanoTime();
  private long lastShown = start;
  private final List<Made> made = new ArrayList<>();

  private record Made(LocalTransfer.Item item, TransferResult result) {}

  /**
   * @param photos the number of photos
   * @param place where progress is shown
   */
  StylizeReport(Console console, int photos, ProgressLine.Place place) {
    this.console = console;
    this.photos = photos;
    this.place = place;
  }

  @Override
  public synchronized void computed(LocalTransfer.Item item, LossSample sample, double share) {
    long now = System.nanoTime();
    boolean terminal = place == ProgressLine.Place.TERMINAL;
    if ((now - lastShown) / 1_000_000 < (terminal ? TERMINAL_MILLIS : LOG_MILLIS)) {
      return;
    }
    lastShown = now;
    String line = line(item, sample, share, made.size(), photos);
    System.err.print(terminal ? "\r\u001b[K" + line : line + System.lineSeparator());
    System.err.flush();
  }

  /**
   * {@code pier.jpg: step 12 of 30, loss 0.5312, 0:08 left}; with several photos it begins with
   * {@code 3 of 12: }, and the time is that of this photo.
   */
  static String line(
      LocalTransfer.Item item, LossSample sample, double share, int photosBefore, int photos) {
    double seconds = sample.elapsedMillis() / 1000.0;
    return String.format(
        Locale.ROOT,
        "%s%s: step %d of %d, loss %.4g%s",
        photos > 1 ? (photosBefore + 1) + " of " + photos + ": " : "",
        Redactor.of(Uris.fileName(item.request().content())),
        sample.iteration(),
        item.request().hyperparameters().numIterations(),
        sample.totalLoss(),
        ProgressLine.left(share > 0 ? seconds * (1 - share) / share : -1));
  }

  @Override
  public synchronized void over(LocalTransfer.Item item, TransferResult result) {
    made.add(new Made(item, result));
    if (place == ProgressLine.Place.TERMINAL) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
    result.image().ifPresent(image -> said(item, result, image));
    if (photos > 1) {
      result
          .failure()
          .ifPresent(
              failure ->
                  System.err.println(
                      photo(item) + ": " + failure.code() + ": " + failure.message()));
    }
  }

  private void said(LocalTransfer.Item item, TransferResult result, Image image) {
    image
        .inputWarnings()
        .forEach(warning -> System.err.println(photo(item) + ": warning: " + warning));
    console.say(
        String.format(
            Locale.ROOT,
            "%s: %d x %d, %d steps in %s, loss %.4g (at the start %.4g)",
            output(item),
            image.width(),
            image.height(),
            image.iterations(),
            ProgressLine.duration(result.timings().optimizeMs() / 1000.0),
            image.saved().totalLoss(),
            image.initialTotalLoss()));
  }

  private static String photo(LocalTransfer.Item item) {
    return Redactor.of(Uris.display(item.request().content()));
  }

  private static String output(LocalTransfer.Item item) {
    return item.outputUri().equals(StandardStreams.NAME)
        ? "standard output"
        : Uris.display(item.outputUri());
  }

  /** Writes the end of the report; returns the exit code. */
  synchronized int end(
      RunConfig config, Network network, int threads, boolean lostDevice, boolean json) {
    String warning = network.recorded().warning();
    if (!warning.isEmpty()) {
      System.err.println("Warning: " + warning);
    }
    long ok = made.stream().filter(one -> one.result().image().isPresent()).count();
    Optional<Failure> only = photos == 1 ? made.get(0).result().failure() : Optional.empty();
    if (only.isPresent() && isOfTheInput(only.get().code())) {
      console.problems(List.of(new Problem("PHOTO", "", only.get().message())));
      return ExitCode.INVALID.code();
    }
    if (json) {
      console.json(json(config, network, threads, ok));
    }
    only.ifPresent(failure -> System.err.println(failure.code() + ": " + failure.message()));
    if (photos > 1) {
      console.say(ok + " of " + photos + " photos stylised");
    }
    long failed = photos - ok;
    return lostDevice
        ? ExitCode.TRY_AGAIN.code()
        : new RunSummary.Rows(photos, ok, failed, 0, 0)
            .exitCode(config.real(Setting.MAX_FAILED_RATIO));
  }

  private static boolean isOfTheInput(ErrorCode code) {
    return code.isUsersToFix() && code != ErrorCode.NON_FINITE_LOSS;
  }

  private ObjectNode json(RunConfig config, Network network, int threads, long ok) {
    ObjectNode node =
        Console.object()
            .put("photos", photos)
            .put("ok", ok)
            .put("failed", photos - ok)
            .put("seconds", (System.nanoTime() - start) / 1e9);
    ArrayNode images = node.putArray("images");
    made.forEach(one -> add(images.addObject(), one));
    node.put("network", network.name()).put("threads", threads);
    node.put("preset", config.preset().label());
    ObjectNode knobs = node.putObject("knobs");
    Hyperparameters h = made.get(0).item().request().hyperparameters();
    h.values().keySet().forEach(knob -> knobs.put(knob.key(), h.text(knob)));
    return node;
  }

  private static void add(ObjectNode node, Made one) {
    TransferResult result = one.result();
    node.put("photo", photo(one.item())).put("status", result.status().name());
    result
        .failure()
        .ifPresent(
            failure ->
                node.put("error_code", failure.code().name())
                    .put("error_message", failure.message()));
    result
        .image()
        .ifPresent(
            image -> {
              node.put("output", output(one.item()))
                  .put("width", image.width())
                  .put("height", image.height())
                  .put("seconds", result.timings().totalMs() / 1000.0)
                  .put("iterations", image.iterations())
                  .put("evaluations", image.evaluations())
                  .put("stop_reason", image.stopReason())
                  .put("precision", image.precision())
                  .put("initial_total_loss", image.initialTotalLoss());
              addLoss(node, image.saved());
              ArrayNode warnings = node.putArray("input_warnings");
              image.inputWarnings().forEach(warnings::add);
              ArrayNode losses = node.putArray("losses");
              result
                  .losses()
                  .forEach(
                      sample ->
                          addLoss(
                              losses
                                  .addObject()
                                  .put("scale", sample.scale())
                                  .put("iteration", sample.iteration()),
                              sample));
            });
  }

  private static void addLoss(ObjectNode node, LossSample sample) {
    node.put("content_loss", sample.contentLoss())
        .put("style_loss", sample.styleLoss())
        .put("tv_loss", sample.tvLoss())
        .put("total_loss", sample.totalLoss());
  }
}
