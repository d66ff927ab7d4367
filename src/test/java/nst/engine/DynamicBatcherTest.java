package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import nst.engine.network.NetworkWeights;
import nst.engine.objective.Point;
import nst.engine.source.SourceImages;
import nst.engine.tile.TileSize;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Evaluates several images in one pass through the network. */
class DynamicBatcherTest {
  private final StyleTransfer three =
      StyleTransfer.open(TestEngine.device(), NetworkWeights.seeded(Backbone.VGG19))
          .withBatchesOf(3);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final Set<Thread> evaluated = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    threads.shutdownNow();
    three.close();
  }

  /** Starts all images at the same time. */
  private List<Future<StylizedImage>> stylized(List<Hyperparameters> recipes) {
    return stylized(recipes, sample -> {});
  }

  private List<Future<StylizedImage>> stylized(
      List<Hyperparameters> recipes, Consumer<LossSample> onIteration) {
    return stylized(three, recipes, onIteration);
  }

  private List<Future<StylizedImage>> stylized(
      StyleTransfer engine, List<Hyperparameters> recipes, Consumer<LossSample> onIteration) {
    CountDownLatch start = new CountDownLatch(recipes.size());
    List<Future<StylizedImage>> results = new ArrayList<>();
    for (int i = 0; i < recipes.size(); i++) {
      Hyperparameters recipe = recipes.get(i);
      SourceImages images = images(i);
      results.add(
          threads.submit(
              () -> {
                running.add(Thread.currentThread());
                start.countDown();
                start.await();
                return engine.stylize(images, recipe, onIteration);
              }));
    }
    return results;
  }

  /**
   * Blocks an image after its first evaluation until all others have had or requested theirs.
   * Otherwise a thread might finish before the next one has started.
   */
  private void waitForTheOthers() {
    if (!evaluated.add(Thread.currentThread())) {
      return; // a later iterate
    }
    Instant end = Instant.now().plus(Duration.ofMinutes(5));
    while (!running.stream().allMatch(one -> evaluated.contains(one) || waitsForAPass(one))) {
      assertThat(Instant.now()).as("all have begun").isBefore(end);
      Thread.onSpinWait();
    }
  }

  private static boolean waitsForAPass(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(DynamicBatcher.class.getName()));
  }

  /** Different images of one shape. */
  private static SourceImages images(int i) {
    return new SourceImages(
        i % 2 == 0 ? TestEngine.photo(80, 60) : TestEngine.painting(80, 60),
        List.of(TestEngine.style(TestEngine.painting(56 + 16 * i, 48), "batcher-painting-" + i)),
        java.util.Optional.empty());
  }

  @Test
  void anImageInABatchIsTheSameAsAlone() throws Exception {
    List<Hyperparameters> recipes =
        List.of(
            TestEngine.shallow("num_iterations=6"),
            TestEngine.shallow("num_iterations=3\noptimizer=adam\nlearning_rate=0.02"),
            TestEngine.shallow("num_iterations=9\ncontent_weight=0.7"));

    List<Future<StylizedImage>> together = stylized(recipes, sample -> waitForTheOthers());

    long evaluations = 0;
    for (int i = 0; i < recipes.size(); i++) {
      StylizedImage alone = TestEngine.stylize(images(i), recipes.get(i));
      StylizedImage one = together.get(i).get();
      evaluations += one.evaluations();
      assertThat(one.iterations()).isEqualTo(alone.iterations());
      assertThat(one.stopReason()).isEqualTo(alone.stopReason());
      assertThat(one.losses().get(0).totalLoss())
          .isCloseTo(
              alone.losses().get(0).totalLoss(), relative(alone.losses().get(0).totalLoss()));
      assertThat(one.saved().totalLoss())
          .isCloseTo(alone.saved().totalLoss(), relative(alone.saved().totalLoss()));
    }
    assertThat(three.passes())
        .as("some passes served several images: there were %s evaluations", evaluations)
        .isLessThan(evaluations);
  }

  private static org.assertj.core.data.Offset<Double> relative(double value) {
    return within(1e-3 * Math.abs(value));
  }

  /** Images in tiles share no pass, so that each is the same to the bit. */
  @Test
  void aTiledImageInABatchIsTheSameAsAlone() throws Exception {
    List<Hyperparameters> recipes =
        List.of(
            TestEngine.shallow("num_iterations=3\nimage_size=80"),
            TestEngine.shallow("num_iterations=4\nimage_size=80"));
    try (StyleTransfer tiled =
        StyleTransfer.open(
                TestEngine.device(), NetworkWeights.seeded(Backbone.VGG19), new TileSize(64))
            .withBatchesOf(2)) {
      List<Future<StylizedImage>> together = stylized(tiled, recipes, sample -> waitForTheOthers());
      for (int i = 0; i < recipes.size(); i++) {
        StylizedImage one = together.get(i).get();
        StylizedImage alone = tiled.stylize(images(i), recipes.get(i), sample -> {});
        assertThat(one.image().width()).isEqualTo(80);
        assertThat(one.image().planes()).isEqualTo(alone.image().planes());
        assertThat(one.saved().totalLoss()).isEqualTo(alone.saved().totalLoss());
      }
    }
  }

  @Test
  void aFailureAffectsOnlyItsImage() throws Exception {
    Hyperparameters sound = TestEngine.shallow("num_iterations=5");
    Hyperparameters overflowing =
        TestEngine.shallow(
            "num_iterations=5\ncontent_weight=0\nstyle_weight=1e38\nloss_normalization=none\ngram=raw");

    List<Future<StylizedImage>> results = stylized(List.of(sound, overflowing, sound));

    assertThatThrownBy(results.get(1)::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE_LOSS));
    assertThat(results.get(0).get().iterations()).isEqualTo(5);
    assertThat(results.get(2).get().iterations()).isEqualTo(5);
  }

  @Test
  void imagesOfOtherShapesDoNotWait() throws Exception {
    List<Future<StylizedImage>> results =
        stylized(
            List.of(
                TestEngine.shallow("num_iterations=3"),
                TestEngine.shallow("num_iterations=3\nimage_size=64"),
                TestEngine.shallow("num_iterations=3\npooling=max")));

    for (Future<StylizedImage> result : results) {
      assertThat(result.get().iterations()).isEqualTo(3);
    }
  }

  @Test
  void letsAWaitingImageBeCancelled() throws Exception {
    DynamicBatcher batcher = new DynamicBatcher(2);
    Hyperparameters h = TestEngine.shallow("");
    DynamicBatcher.Kind kind = DynamicBatcher.Kind.of(h, new Size(48, 36));
    try (DynamicBatcher.Place absent =
        batcher.join(kind)) { // joins and never requests an evaluation
      assertThat(absent).isNotNull();
      Future<?> waiting =
          threads.submit(
              () -> {
                try (DynamicBatcher.Place place = batcher.join(kind)) {
                  Thread.currentThread().interrupt(); // as Spark does to cancel a task
                  assertThatThrownBy(() -> place.evaluate(nothing()))
                      .isInstanceOf(CancellationException.class);
                  assertThat(Thread.interrupted()).isTrue();
                }
              });
      waiting.get();
    }
  }

  private static Point nothing() {
    return new Point(null, null, 0);
  }

  @Test
  void refusesAPassOfNoImage() {
    assertThatThrownBy(() -> new DynamicBatcher(0))
        .hasMessageContaining("expected at least 1 image");
  }
}
