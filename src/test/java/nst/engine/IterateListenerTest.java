package nst.engine;

import static nst.engine.TestEngine.images;
import static nst.engine.TestEngine.shallow;
import static nst.engine.TestEngine.stylize;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import org.junit.jupiter.api.Test;

class IterateListenerTest {
  @Test
  void showsThePictureOfAnIterateAndComputesTheSameAsWithout() {
    Hyperparameters recipe = shallow("num_iterations=3\nkeep=last\noriginal_colors=none");
    List<RgbImage> pictures = new ArrayList<>();
    StylizedImage watched =
        TestEngine.engine()
            .stylize(
                images(48, 48),
                Optional.empty(),
                recipe,
                (sample, picture) -> pictures.add(picture.get()),
                Instant.MAX);

    assertThat(pictures).hasSize(4);
    assertThat(pictures.get(3).planes()).isEqualTo(watched.image().planes());
    assertThat(pictures.get(1).planes()).isNotEqualTo(watched.image().planes());
    assertThat(watched.image().planes())
        .isEqualTo(stylize(images(48, 48), recipe).image().planes());
  }
}
