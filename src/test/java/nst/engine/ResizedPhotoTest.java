package nst.engine;

import static nst.engine.TestEngine.images;
import static nst.engine.TestEngine.shallow;
import static nst.engine.TestEngine.stylize;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.image.Photo;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import org.junit.jupiter.api.Test;

/** The optimisation needs no other images of a photo than those of {@link Sizing#sizes}. */
class ResizedPhotoTest {
  @Test
  void aPhotoThatWasResizedBeforeGivesTheSamePicture() {
    String pyramid = "image_size=80\nsmallest_size=20\nscale_ratio=2\nnum_iterations=3\n";
    for (String colors : List.of("none", "luminance_oklab", "match")) {
      Hyperparameters recipe = shallow(pyramid + "original_colors=" + colors);
      SourceImages images = images(160, 120);
      RgbImage whole = images.content().whole();
      Map<Size, RgbImage> resized = new HashMap<>();
      for (Size size : Sizing.sizes(images.content().size(), recipe)) {
        resized.put(size, Resampler.resize(whole, size.width(), size.height()));
      }
      Photo before = Photo.of(images.content().size(), resized, Optional.of(whole.palette()));
      StylizedImage expected = stylize(images, recipe);

      StylizedImage made =
          stylize(new SourceImages(before, images.styles(), images.init()), recipe);

      assertThat(made.image().planes()).as(colors).isEqualTo(expected.image().planes());
      assertThat(made.saved().totalLoss()).isEqualTo(expected.saved().totalLoss());
    }
  }
}
