package nst.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;

/**
 * A photo and a painting of sample-data.
 *
 * @param content the photo's name
 * @param style the painting's name
 */
record Pair(String content, String style) {
  /**
   * A landscape, fur, lights in the dark, a smooth sky and sea, with four kinds of brush strokes.
   */
  static final List<Pair> ALL =
      List.of(
          new Pair("lake", "starry_night"),
          new Pair("kitten", "great_wave"),
          new Pair("singapore", "composition_vii"),
          new Pair("pier", "the_scream"),
          new Pair("lake", "great_wave"));

  SourceImages images(Optional<RgbImage> start) {
    RgbImage painting = read("style", style);
    return new SourceImages(
        read("content", content),
        List.of(new StyleImage(painting, 1, Optional.empty(), Optional.empty(), style)),
        start);
  }

  private static RgbImage read(String folder, String name) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("sample-data", folder, name + ".jpg"));
      return new ImageDecoder(ImageLimits.DEFAULT).decode(bytes).image();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return content + "-" + style;
  }
}
