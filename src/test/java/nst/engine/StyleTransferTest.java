package nst.engine;

import static nst.engine.TestEngine.images;
import static nst.engine.TestEngine.shallow;
import static nst.engine.TestEngine.style;
import static nst.engine.TestEngine.stylize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nst.engine.optimizer.StopReason;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.image.RgbImage;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class StyleTransferTest {

  @Test
  void lowersTheLossOfTheSavedImage() {
    StylizedImage stylized = stylize(images(60, 40), shallow("num_iterations=8"));

    assertThat(stylized.saved().totalLoss()).isLessThan(0.5 * stylized.initialTotalLoss());
    assertThat(stylized.stopReason()).isEqualTo(StopReason.ITERATIONS);
    assertThat(stylized.iterations()).isEqualTo(8);
    assertThat(stylized.image().width()).isEqualTo(48);
    assertThat(stylized.image().height()).isEqualTo(32);
    for (float value : stylized.image().planes()) {
      assertThat(value).isBetween(0f, 1f);
    }
  }

  @Test
  void recordsEveryIterateAsItComes() {
    List<LossSample> seen = new ArrayList<>();
    StylizedImage stylized =
        TestEngine.engine().stylize(images(48, 48), shallow("num_iterations=3"), seen::add);

    assertThat(seen).isEqualTo(stylized.losses());
    assertThat(seen).extracting(LossSample::iteration).containsExactly(0, 1, 2, 3);
    LossSample start = seen.get(0);
    assertThat(start.contentLoss()).as("content of the content itself").isLessThan(1e-9);
    assertThat(start.styleLoss()).as("normalised by itself").isBetween(0.999, 1.001);
    assertThat(start.gradientNorm()).isPositive();
    assertThat(stylized.evaluations()).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void givesTheSameBitsWithOtherImagesAtTheSameTime(int threads) throws Exception {
    Hyperparameters small = shallow("init=random\nseed=7");
    StylizedImage alone = stylize(images(48, 40), small);

    List<Callable<StylizedImage>> work =
        new ArrayList<>(Collections.nCopies(6, () -> stylize(images(48, 40), small)));
    for (int i = 0; i < 6; i++) {
      int other = i;
      work.add(() -> stylize(images(40 + other, 64), shallow("optimizer=adam\nseed=" + other)));
    }
    Collections.shuffle(work, new Random(threads));
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      int same = 0;
      for (Future<StylizedImage> future : pool.invokeAll(work)) {
        StylizedImage one = future.get();
        if (one.image().height() == alone.image().height()) {
          same++;
          assertThat(one.image().planes()).isEqualTo(alone.image().planes());
          assertThat(one.losses()).extracting(LossSample::totalLoss).isEqualTo(totals(alone));
          assertThat(one.saved().totalLoss()).isEqualTo(alone.saved().totalLoss());
        }
      }
      assertThat(same).isEqualTo(6);
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<Double> totals(StylizedImage stylized) {
    return stylized.losses().stream().map(LossSample::totalLoss).toList();
  }

  @Test
  void startsFromOtherNoiseWithAnotherSeed() {
    StylizedImage one = stylize(images(48, 40), shallow("init=random\nseed=1\nnum_iterations=1"));
    StylizedImage other = stylize(images(48, 40), shallow("init=random\nseed=2\nnum_iterations=1"));

    assertThat(one.initialTotalLoss()).isNotEqualTo(other.initialTotalLoss());
  }

  @Test
  void mixesNoiseIntoTheStart() {
    StylizedImage without = stylize(images(48, 40), shallow("num_iterations=1"));
    StylizedImage with = stylize(images(48, 40), shallow("num_iterations=1\nnoise_ratio=0.3"));

    assertThat(without.losses().get(0).contentLoss()).isLessThan(1e-9);
    assertThat(with.losses().get(0).contentLoss()).isGreaterThan(1e-3);
  }

  @Test
  void startsFromTheGivenImage() {
    SourceImages images =
        new SourceImages(
            TestEngine.photo(48, 48),
            List.of(style(TestEngine.painting(48, 48), "painting")),
            Optional.of(TestEngine.flat(10, 10, 0.5f)));

    StylizedImage stylized = stylize(images, shallow("init=image\nnum_iterations=1"));

    assertThat(stylized.losses().get(0).tvLoss()).isLessThan(1e-6);
  }

  @Test
  void startsFromTheStyleStretchedToTheContent() {
    StylizedImage stylized = stylize(images(48, 32), shallow("init=style\nnum_iterations=1"));

    assertThat(stylized.losses().get(0).styleLoss()).isLessThan(0.5);
    assertThat(stylized.image().height()).isEqualTo(32);
  }

  @Test
  void keepsTheStateOfTheOptimizerFromScaleToScale() {
    String pyramid = "image_size=64\nsmallest_size=32\nscale_ratio=2\nnum_iterations=6\n";
    for (String rest : List.of("", "optimizer=adam\nlearning_rate=0.05", "scale_state=fresh")) {
      StylizedImage stylized = stylize(images(64, 48), shallow(pyramid + rest));

      assertThat(stylized.losses())
          .extracting(LossSample::scale)
          .containsExactly(32, 32, 32, 32, 64, 64, 64, 64);
      assertThat(stylized.losses())
          .extracting(LossSample::iteration)
          .containsExactly(0, 1, 2, 3, 3, 4, 5, 6);
      assertThat(stylized.image().width()).isEqualTo(64);
    }
  }

  /** A look that was found at a small size carries over to a large one (docs/sweeps.md). */
  @Test
  void aLargePictureBeginsAsTheSmallOne() {
    SourceImages images = images(160, 120);
    List<LossSample> small = stylize(images, shallow("image_size=40\nnum_iterations=6")).losses();
    String pyramid = "image_size=80\nsmallest_size=40\nnum_iterations=8\ncoarse_share=0.75";
    List<LossSample> large = stylize(images, shallow(pyramid)).losses();

    assertThat(small).hasSize(7); // the start and six steps
    assertThat(large.subList(0, 7))
        .usingRecursiveComparison()
        .ignoringFields("elapsedMillis")
        .isEqualTo(small);
  }

  @Test
  void keepsTheBestOfWhatItScored() {
    String adam = "optimizer=adam\nbounds=none\nlearning_rate=0.5\nnum_iterations=6\n";
    StylizedImage best = stylize(images(48, 48), shallow(adam + "keep=best"));
    StylizedImage last = stylize(images(48, 48), shallow(adam + "keep=last"));

    assertThat(best.saved().totalLoss()).isLessThanOrEqualTo(last.saved().totalLoss());
  }

  @Test
  void averagesTheIterates() {
    StylizedImage average =
        stylize(images(48, 48), shallow("keep=average\naverage_decay=0.99\nnum_iterations=3"));
    StylizedImage last = stylize(images(48, 48), shallow("num_iterations=3"));

    // The average is still close to the start, whose content term is 0.
    assertThat(average.saved().contentLoss()).isLessThan(last.saved().contentLoss());
  }

  @Test
  void stopsWhenTheLossHardlyFalls() {
    StylizedImage stylized =
        stylize(images(48, 48), shallow("tolerance=0.5\ntolerance_window=2\nnum_iterations=50"));

    assertThat(stylized.stopReason()).isEqualTo(StopReason.CONVERGED);
    assertThat(stylized.iterations()).isLessThan(50);
  }

  @Test
  void stopsAfterItsTime() {
    // Adam never stops by itself, so only the time limit can end it.
    String endless = "optimizer=adam\nlearning_rate=0.02\nnum_iterations=1000000\n";

    StylizedImage stylized = stylize(images(48, 48), shallow(endless + "max_seconds=0.2"));

    assertThat(stylized.stopReason()).isEqualTo(StopReason.TIME);
  }

  @Test
  void stopsItsTimeOverAllScalesAndStillGivesTheFullSize() {
    StylizedImage stylized =
        stylize(
            images(64, 48),
            shallow(
                "image_size=64\nsmallest_size=32\nscale_ratio=2\nmax_seconds=1e-9\nnum_iterations=100"));

    assertThat(stylized.stopReason()).isEqualTo(StopReason.TIME);
    assertThat(stylized.iterations()).isZero();
    assertThat(stylized.image().width()).isEqualTo(64);
  }

  @Test
  void saysWhenItsOptimiserStalls() {
    // The photo in its own style: the start has the lowest loss.
    RgbImage photo = TestEngine.photo(48, 48);
    SourceImages images =
        new SourceImages(photo, List.of(style(photo, "itself")), Optional.empty());

    StylizedImage stylized = stylize(images, shallow("tv_weight=0\nbounds=none\nnum_iterations=5"));

    assertThat(stylized.stopReason()).isEqualTo(StopReason.STALLED);
    assertThat(stylized.iterations()).isLessThan(5);
    assertThat(stylized.losses()).hasSize(stylized.iterations() + 1);
  }

  /** A style with another crop is not taken from the cache. */
  @Test
  void doesNotTakeAStyleThatWasFittedOtherwise() {
    String exact = "size_rule=exact\nimage_width=48\nimage_height=40\nnum_iterations=1\nstyle_fit=";
    StylizedImage scaled = stylize(images(48, 40), shallow(exact + "scale"));
    StylizedImage cropped = stylize(images(48, 40), shallow(exact + "crop"));
    StylizedImage padded = stylize(images(48, 40), shallow(exact + "pad"));

    assertThat(cropped.saved().contentLoss()).isNotEqualTo(scaled.saved().contentLoss());
    assertThat(padded.saved().contentLoss()).isNotEqualTo(cropped.saved().contentLoss());
  }

  @Test
  void givesUpAtTheDeadline() {
    assertThatThrownBy(
            () ->
                TestEngine.engine()
                    .stylize(images(48, 48), shallow(""), sample -> {}, Instant.EPOCH))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
        .hasMessageContaining("iteration 0");
  }

  @Test
  void stopsWhenItsThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> stylize(images(48, 48), shallow("")))
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("iteration 0");
    } finally {
      assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
    }
  }

  @Test
  void saysWhereALossStoppedBeingFinite() {
    assertThatThrownBy(
            () ->
                stylize(images(48, 48), shallow("optimizer=adam\nbounds=none\nlearning_rate=1e25")))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE_LOSS))
        .hasMessageContaining("iteration 1 at 48 px")
        .hasMessageContaining("style loss");
  }

  @Test
  void refusesAPhotoThatTheDeepestLayerCannotSee() {
    assertThatThrownBy(
            () -> stylize(images(400, 5), shallow("style_layers=relu5_1:1\nimage_size=64")))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_TOO_SMALL))
        .hasMessageContaining("relu5_1")
        .hasMessageContaining("16 px");
  }

  @Test
  void refusesAnotherBackboneThanItsWeights() {
    assertThatThrownBy(() -> stylize(images(48, 48), shallow("backbone=vgg16")))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining("expected vgg19")
        .hasMessageContaining("was vgg16");
  }

  @Test
  void refusesLayersThatItsNetworkLacks() {
    assertThatThrownBy(() -> stylize(images(48, 48), shallow("content_layers=features3:1")))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining("expected layers of vgg19, was features3");
  }

  @Test
  void refusesHalfPrecisionOnTheCpu() {
    assertThatThrownBy(() -> stylize(images(48, 48), shallow("precision=float16")))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER));
  }

  @Test
  void bfloat16FollowsFloat32() {
    StylizedImage exact = stylize(images(64, 48), shallow("image_size=64"));
    StylizedImage coarse = stylize(images(64, 48), shallow("image_size=64\nprecision=bfloat16"));

    assertThat(coarse.precision()).isEqualTo(Precision.BFLOAT16);
    assertThat(coarse.saved().totalLoss() / exact.saved().totalLoss()).isBetween(0.9, 1.1);
  }

  @Test
  void staysInFloat32WithAStrongWolfeSearch() {
    StylizedImage stylized =
        stylize(images(48, 48), shallow("precision=auto\nline_search=strong_wolfe"));

    assertThat(stylized.precision()).isEqualTo(Precision.FLOAT32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"luminance_ycbcr", "luminance_oklab"})
  void keepsTheContentsColours(String colors) {
    StylizedImage kept =
        stylize(images(48, 48), shallow("num_iterations=8\noriginal_colors=" + colors));
    StylizedImage styled = stylize(images(48, 48), shallow("num_iterations=8"));

    assertThat(chromaDistance(kept.image(), TestEngine.photo(48, 48)))
        .isLessThan(0.5 * chromaDistance(styled.image(), TestEngine.photo(48, 48)));
  }

  /** Mean |(r - g) - (r' - g')|. */
  private static double chromaDistance(RgbImage a, RgbImage b) {
    int area = a.width() * a.height();
    double sum = 0;
    for (int i = 0; i < area; i++) {
      float[] p = a.planes();
      float[] q = b.planes();
      sum += Math.abs(p[i] - p[area + i] - (q[i] - q[area + i]));
    }
    return sum / area;
  }

  @Test
  void stylesOnlyWhereTheMaskIsWhite() {
    StyleImage left =
        new StyleImage(
            TestEngine.painting(48, 48),
            1,
            Optional.of(TestEngine.leftMask(48, 48)),
            Optional.empty(),
            "left");
    RgbImage photo = TestEngine.photo(48, 48);
    SourceImages images = new SourceImages(photo, List.of(left), Optional.empty());

    RgbImage result =
        stylize(images, shallow("num_iterations=8\nmask_feather=0\ntv_weight=0")).image();

    double styled = change(result, photo, 0, 20);
    double untouched = change(result, photo, 30, 48);
    assertThat(untouched).isLessThan(0.2 * styled);
  }

  private static double change(RgbImage a, RgbImage b, int fromColumn, int toColumn) {
    double sum = 0;
    for (int i = 0; i < a.planes().length; i++) {
      int column = i % a.width();
      if (column >= fromColumn && column < toColumn) {
        sum += Math.abs(a.planes()[i] - b.planes()[i]);
      }
    }
    return sum / (toColumn - fromColumn);
  }

  @Test
  void sharesAStylesTargetsBetweenImages() {
    stylize(images(48, 48), shallow(""));
    long bytes = TestEngine.engine().sharedStyleBytes();
    stylize(images(48, 40), shallow(""));

    assertThat(bytes).isPositive();
    assertThat(TestEngine.engine().sharedStyleBytes()).isEqualTo(bytes);
  }
}
