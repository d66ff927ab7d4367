package nst.engine;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nst.engine.network.EmbeddedNetwork;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.ImageEncoder;
import nst.image.record.ImageRecord;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.OutputChoices.OutputFormat;

/**
 * Stylises a list of photos on a GPU or CPU in one process, within a time limit, without Spark:
 *
 * <pre>
 * java nst.engine.GpuTryOut jobs.txt [device=gpu] [limit=SECONDS] [vgg16=FILE] [vgg19=FILE] \
 *     [results=FILE] [pictures=FOLDER] [lanes=1] [together=1] [cpu_threads=8] [warm_up=true] \
 *     [jpeg_quality=92] [cudnn_benchmark=true|false]
 * </pre>
 *
 * Each line of the list is a job: words separated by blanks. Lines that begin with # are ignored:
 *
 * <pre>
 * content.png style.jpg result.png preset=balanced image_size=512 content_weight=0.1
 * content.png style.jpg - device=cpu precision=float64 num_iterations=5
 * compare content.png style.jpg precision=bfloat16 image_size=256
 * </pre>
 *
 * Several styles are separated by commas, each followed by {@code :weight} if it is not 1. The
 * extension of the result, PNG or JPEG, determines the format; with {@code -} no file is written.
 * The other words are knobs, except {@code preset}, {@code device}, {@code weights} (a file, {@code
 * seeded}, {@code embedded}, or the default for the backbone), {@code curve=N} (every Nth total
 * loss is in the answer) and {@code note}. {@code compare} compares the gradient at the start with
 * that in double precision on the CPU.
 *
 * <p>The answer is one line of JSON for each job, written when it is finished. After the time
 * limit, jobs are cancelled or not started; {@code results} contains the finished ones.
 */
final class GpuTryOut {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Options options;
  private final PrintStream results;
  private final long began = System.nanoTime();
  private final Instant deadline;
  private final Map<String, TorchDevice> devices = new HashMap<>();
  private final Map<String, StyleTransfer> engines = new HashMap<>();
  private final Map<String, RgbImage> images = new ConcurrentHashMap<>();
  private final Map<String, double[]> exactGradients = new ConcurrentHashMap<>();

  /** The options of the whole list. */
  private record Options(Map<String, String> words) {
    String text(String key, String otherwise) {
      return words.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise) {
      return Integer.parseInt(text(key, Integer.toString(otherwise)));
    }
  }

  private GpuTryOut(Options options, PrintStream results) {
    this.options = options;
    this.results = results;
    this.deadline = Instant.now().plusSeconds(options.number("limit", 480));
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options =
        new Options(GpuTryOutJob.pairs(Arrays.asList(arguments).subList(1, arguments.length)));
    List<GpuTryOutJob> jobs = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        jobs.add(GpuTryOutJob.parse(jobs.size() + 1, line.strip()));
      }
    }
    try (PrintStream results =
        new PrintStream(
            Files.newOutputStream(Path.of(options.text("results", "results.jsonl"))),
            true,
            StandardCharsets.UTF_8)) {
      new GpuTryOut(options, results).run(jobs);
    }
    System.exit(0); // libtorch's threads do not keep the JVM alive
  }

  private void run(List<GpuTryOutJob> jobs) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(options.number("lanes", 1));
    List<Future<Boolean>> futures = new ArrayList<>();
    for (GpuTryOutJob job : jobs) {
      futures.add(pool.submit(() -> done(job)));
    }
    pool.shutdown();
    int finished = 0;
    for (Future<Boolean> future : futures) {
      try {
        finished += future.get() ? 1 : 0;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    say("%d of %d jobs done in %.1f s%n", finished, jobs.size(), seconds(began));
  }

  /** Returns whether the job finished. */
  private boolean done(GpuTryOutJob job) {
    Map<String, Object> answer = job.described();
    long jobBegan = System.nanoTime();
    boolean done = false;
    if (Instant.now().isAfter(deadline)) {
      answer.put("error", "not begun: the time limit has passed");
    } else {
      try {
        if (job.compares()) {
          compare(job, answer);
        } else {
          stylize(job, answer);
        }
        done = true;
      } catch (IOException | RuntimeException | Error e) { // continue with the next job
        answer.put("error", String.valueOf(e));
        e.printStackTrace();
      }
    }
    answer.put("wall_seconds", rounded(seconds(jobBegan)));
    answer.put("at_seconds", rounded(seconds(began)));
    write(answer);
    return done;
  }

  private synchronized void write(Map<String, Object> answer) {
    try {
      String line = JSON.writeValueAsString(answer);
      results.println(line);
      System.out.println(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stylize(GpuTryOutJob job, Map<String, Object> answer) throws IOException {
    Hyperparameters hyperparameters = job.hyperparameters();
    String device = device(job);
    StyleTransfer engine = engine(device, job, hyperparameters.backbone());
    SourceImages input = images(job);
    long began = System.nanoTime();
    StylizedImage stylized = engine.stylize(input, hyperparameters, sample -> {}, deadline);
    answer.put("device", device);
    answer.put("precision", stylized.precision().name().toLowerCase(Locale.ROOT));
    answer.put("width", stylized.image().width());
    answer.put("height", stylized.image().height());
    answer.put("stop", stylized.stopReason().name().toLowerCase(Locale.ROOT));
    answer.put("iterations", stylized.iterations());
    answer.put("evaluations", stylized.evaluations());
    answer.put("seconds", rounded(seconds(began)));
    answer.put("scales", scales(stylized.losses()));
    answer.put("initial_total", stylized.initialTotalLoss());
    LossSample last = stylized.losses().get(stylized.losses().size() - 1);
    answer.put("last_total", last.totalLoss());
    answer.put("saved", terms(stylized.saved()));
    if (job.words().containsKey("curve")) {
      int every = Integer.parseInt(job.words().get("curve"));
      answer.put(
          "curve",
          stylized.losses().stream()
              .filter(sample -> sample.iteration() % every == 0)
              .map(LossSample::totalLoss)
              .toList());
    }
    if (!job.result().equals("-")) {
      Path file = Path.of(options.text("pictures", "."), job.result());
      Files.createDirectories(file.toAbsolutePath().getParent());
      boolean jpeg = job.result().endsWith(".jpg");
      ImageRecord record = new ImageRecord(JSON.writeValueAsString(answer), Map.of());
      Files.write(
          file,
          ImageEncoder.encode(
              stylized.image(),
              jpeg ? OutputFormat.JPG : OutputFormat.PNG,
              options.number("jpeg_quality", 92),
              pixels -> record));
    }
  }

  /** Describes where the time was spent: pixels, evaluations and milliseconds for each scale. */
  private static List<Map<String, Object>> scales(List<LossSample> losses) {
    List<Map<String, Object>> scales = new ArrayList<>();
    for (int begin = 0; begin < losses.size(); ) {
      LossSample first = losses.get(begin);
      int end = begin;
      while (end < losses.size() && losses.get(end).scale() == first.scale()) {
        end++;
      }
      LossSample last = losses.get(end - 1);
      Map<String, Object> scale = new LinkedHashMap<>();
      scale.put("px", first.scale());
      scale.put("evaluations", last.evaluations() - first.evaluations() + 1);
      scale.put("begun_ms", first.elapsedMillis());
      scale.put(
          "ms_per_evaluation",
          rounded(
              (last.elapsedMillis() - first.elapsedMillis())
                  / (double) Math.max(1, last.evaluations() - first.evaluations())));
      scales.add(scale);
      begin = end;
    }
    return scales;
  }

  private static Map<String, Object> terms(LossSample sample) {
    Map<String, Object> terms = new LinkedHashMap<>();
    terms.put("total", sample.totalLoss());
    terms.put("content", sample.contentLoss());
    terms.put("style", sample.styleLoss());
    terms.put("tv", sample.tvLoss());
    sample.styleLossByLayer().forEach((layer, loss) -> terms.put(layer.label(), loss));
    return terms;
  }

  /** Compares the gradient at the start with that in double precision on the CPU. */
  private void compare(GpuTryOutJob job, Map<String, Object> answer) throws IOException {
    Hyperparameters hyperparameters = job.hyperparameters();
    String device = device(job);
    SourceImages input = images(job);
    double[] found =
        engine(device, job, hyperparameters.backbone()).startGradient(input, hyperparameters);
    double[] exact = exact(job, input, hyperparameters.with(Knob.PRECISION, "float64"));
    double products = 0;
    double squares = 0;
    double exactSquares = 0;
    double errors = 0;
    for (int i = 0; i < exact.length; i++) {
      products += found[i] * exact[i];
      squares += found[i] * found[i];
      exactSquares += exact[i] * exact[i];
      errors += (found[i] - exact[i]) * (found[i] - exact[i]);
    }
    answer.put("device", device);
    answer.put("norm", Math.sqrt(squares));
    answer.put("exact_norm", Math.sqrt(exactSquares));
    answer.put("relative_error", Math.sqrt(errors / exactSquares));
    answer.put("cosine", products / Math.sqrt(squares * exactSquares));
  }

  /**
   * Returns the gradient in double precision on the CPU, computed once for all jobs that need it.
   */
  private double[] exact(GpuTryOutJob job, SourceImages input, Hyperparameters hyperparameters)
      throws IOException {
    String key = job.content() + " " + job.styles() + " " + hyperparameters.canonicalText();
    double[] known = exactGradients.get(key);
    if (known == null) {
      known = engine("cpu", job, hyperparameters.backbone()).startGradient(input, hyperparameters);
      exactGradients.put(key, known);
    }
    return known;
  }

  private String device(GpuTryOutJob job) {
    return job.words().getOrDefault("device", options.text("device", "gpu"));
  }

  private SourceImages images(GpuTryOutJob job) {
    List<StyleImage> styles = new ArrayList<>();
    for (String style : job.styles().split(",", -1)) {
      String[] parts = style.split(":", 2);
      styles.add(
          new StyleImage(
              image(parts[0]),
              parts.length == 1 ? 1 : Double.parseDouble(parts[1]),
              Optional.empty(),
              Optional.empty(),
              parts[0]));
    }
    return new SourceImages(image(job.content()), styles, Optional.empty());
  }

  private RgbImage image(String file) {
    return images.computeIfAbsent(
        file,
        name -> {
          try {
            return new ImageDecoder(ImageLimits.DEFAULT)
                .decode(Files.readAllBytes(Path.of(name)))
                .image();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private synchronized StyleTransfer engine(String device, GpuTryOutJob job, Backbone backbone)
      throws IOException {
    String fallback = backbone == EmbeddedNetwork.BACKBONE ? "embedded" : "seeded";
    String ofBackbone = options.text(backbone.name().toLowerCase(Locale.ROOT), fallback);
    String weights = job.words().getOrDefault("weights", ofBackbone);
    String key = device + " " + weights + " " + backbone;
    StyleTransfer engine = engines.get(key);
    if (engine == null) {
      long opened = System.nanoTime();
      TorchDevice torch = devices.get(device);
      if (torch == null) {
        DeviceName name = DeviceName.parse(device);
        boolean cpu = name.kind() == DeviceName.Kind.CPU;
        torch = TorchDevice.open(name, cpu ? options.number("cpu_threads", 8) : 1);
        devices.put(device, torch);
        String benchmark = options.text("cudnn_benchmark", "");
        if (!cpu && !benchmark.isEmpty()) {
          JniUtils.setBenchmarkCuDNN(Boolean.parseBoolean(benchmark));
        }
      }
      engine =
          StyleTransfer.open(
                  torch,
                  switch (weights) {
                    case "seeded" -> NetworkWeights.seeded(backbone);
                    case "embedded" -> NetworkWeights.embedded();
                    default -> NetworkWeights.load(Path.of(weights), "");
                  })
              .withBatchesOf(options.number("together", 1));
      double toOpen = seconds(opened);
      if (Boolean.parseBoolean(options.text("warm_up", "true"))) {
        engine.warmUp(Preset.BALANCED.hyperparameters());
      }
      say("opened %s: %.2f s, warm after %.2f s%n", key, toOpen, seconds(opened));
      engines.put(key, engine);
    }
    return engine;
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
    System.out.flush();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static double rounded(double x) {
    return Math.round(x * 1000) / 1000.0;
  }
}
