package nst.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PhotoTest {
  private static final RgbImage WHOLE = TestImages.gradient(40, 30);
  private static final Size SMALL = new Size(20, 15);

  @Test
  void isResizedWhenASizeIsAskedFor() {
    Photo photo = Photo.of(WHOLE);
    assertThat(photo.size()).isEqualTo(new Size(40, 30));
    assertThat(photo.at(SMALL).planes()).isEqualTo(Resampler.resize(WHOLE, 20, 15).planes());
    assertThat(photo.at(new Size(40, 30))).isSameAs(WHOLE);
    assertThat(photo.palette()).isSameAs(WHOLE.palette());
    assertThat(photo.bytes()).isEqualTo(40 * 30 * 12);
  }

  @Test
  void hasTheSizesThatWereMadeBefore() {
    RgbImage small = Resampler.resize(WHOLE, 20, 15);
    Photo photo = Photo.of(new Size(40, 30), Map.of(SMALL, small), Optional.of(WHOLE.palette()));
    assertThat(photo.at(SMALL)).isSameAs(small);
    assertThat(photo.palette()).isSameAs(WHOLE.palette());
    assertThat(photo.bytes()).isEqualTo(20 * 15 * 12);
    assertThatThrownBy(() -> photo.at(new Size(10, 8))).hasMessageContaining("Size[width=20");
    assertThatThrownBy(photo::whole).isInstanceOf(IllegalStateException.class);
    assertThat(photo.with(WHOLE).whole()).isSameAs(WHOLE);
  }

  @Test
  void knowsItsTransparency() {
    RgbImage transparent = WHOLE.withAlpha(Optional.of(new float[40 * 30]));
    assertThat(Photo.of(WHOLE).hasAlpha()).isFalse();
    assertThat(Photo.of(transparent).hasAlpha()).isTrue();
    RgbImage small = Resampler.resize(transparent, 20, 15);
    assertThat(Photo.of(new Size(40, 30), Map.of(SMALL, small), Optional.empty()).hasAlpha())
        .isTrue();
  }
}
