package nst.engine;

import static nst.engine.TestEngine.images;
import static nst.engine.TestEngine.shallow;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nst.engine.network.NetworkWeights;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.image.Photo;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of one photo share its maps, and have the same pixels as alone. */
@Tag("slow")
class SharedPhotoTargetsTest {
  private static final String PYRAMID =
      "image_size=64\nsmallest_size=32\nscale_ratio=2\nnum_iterations=4\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "precision=bfloat16",
        "pooling=max\npadding=zeros",
        "loss_normalization=none",
        "content_term=half_sum_squares\ncontent_layers=relu1_2:0.5,relu2_1:1",
        "style_layers_end=relu2_2:1",
        "gram=per_element",
      })
  void rowsOfAPhotoHaveTheSamePixelsAsAlone(String knobs) {
    Hyperparameters first = shallow(PYRAMID + knobs);
    try (StyleTransfer engine = engine(Backbone.VGG19)) {
      assertSharedRowsAreEqual(
          engine,
          images(96, 72),
          first,
          shallow(PYRAMID + knobs + "\ncontent_weight=0.7"),
          shallow(PYRAMID + knobs + "\ntv_weight=0.5\nnum_iterations=5"));
      assertThat(engine.sharedPhotoBytes()).isPositive();
    }
  }

  @Test
  void alsoOnMobilenet() {
    String layers = "backbone=mobilenet_v2\npadding=zeros\ncontent_layers=features7:1\n";
    Hyperparameters recipe =
        shallow(PYRAMID + layers + "image_size=96\nstyle_layers=features1:1,features4:1");
    try (StyleTransfer engine = engine(Backbone.MOBILENET_V2)) {
      assertSharedRowsAreEqual(engine, images(96, 72), recipe, recipe, recipe);
      assertThat(engine.sharedPhotoBytes()).isPositive();
    }
  }

  @Test
  void masksAndDoublePrecisionAreNotShared() {
    RgbImage left = TestEngine.leftMask(96, 72);
    SourceImages plain = images(96, 72);
    StyleImage style = plain.styles().get(0);
    SourceImages masked =
        new SourceImages(
            plain.content(),
            List.of(
                new StyleImage(
                    style.image(), 1, Optional.of(left), Optional.empty(), style.identity())),
            Optional.empty());
    Hyperparameters recipe = shallow(PYRAMID);
    Hyperparameters doubles = shallow(PYRAMID + "precision=float64");
    try (StyleTransfer engine = engine(Backbone.VGG19)) {
      assertSharedRowsAreEqual(engine, masked, recipe, recipe, recipe);
      assertSharedRowsAreEqual(engine, plain, doubles, doubles, doubles);
      assertThat(engine.sharedPhotoBytes()).isZero();
    }
  }

  @Test
  void mapsOfAPhotoThatIsUsedOnceAreNotKept() {
    try (StyleTransfer engine = engine(Backbone.VGG19)) {
      engine.stylize(images(96, 72), shallow(PYRAMID), sample -> {});
      engine.stylize(images(96, 72), shallow(PYRAMID), sample -> {});

      assertThat(engine.sharedPhotoBytes()).isZero();
    }
  }

  private static StyleTransfer engine(Backbone backbone) {
    return StyleTransfer.open(TestEngine.device(), NetworkWeights.seeded(backbone));
  }

  /** Each row three times, so that the maps are computed, kept and used again. */
  private static void assertSharedRowsAreEqual(
      StyleTransfer engine, SourceImages images, Hyperparameters... rows) {
    RgbImage whole = images.content().whole();
    Map<Size, RgbImage> resized = new HashMap<>();
    Stream.of(rows)
        .flatMap(row -> Sizing.sizes(images.content().size(), row).stream())
        .forEach(
            size ->
                resized.computeIfAbsent(
                    size, of -> Resampler.resize(whole, of.width(), of.height())));
    Photo shared = Photo.of(images.content().size(), resized, Optional.empty());
    for (Hyperparameters row : rows) {
      StylizedImage alone = engine.stylize(images, row, sample -> {});
      for (int i = 0; i < 3; i++) {
        StylizedImage together =
            engine.stylize(
                new SourceImages(shared, images.styles(), images.init()), row, sample -> {});
        assertThat(together.image().planes()).isEqualTo(alone.image().planes());
        assertThat(together.saved().totalLoss()).isEqualTo(alone.saved().totalLoss());
        assertThat(together.losses().get(0).totalLoss())
            .isEqualTo(alone.losses().get(0).totalLoss());
      }
    }
  }
}
