package nst.job.input;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nst.engine.sizing.Sizing;
import nst.image.Photo;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.image.record.Credits;
import nst.model.Hyperparameters;
import nst.model.knob.OutputChoices.ColorPreservation;

/**
 * A photo that several rows use, as in a sweep. It is read once as long as the heap has room for
 * its images: the decoded one, and those in the sizes that rows have needed.
 */
final class SharedPhoto {
  private final Reading reading;
  private final Map<Size, SoftReference<RgbImage>> images = new HashMap<>();
  private Optional<PhotoFile> file = Optional.empty();

  /** Reads and decodes the photo. */
  interface Reading {
    /**
     * Calls the function with the decoded image and returns its result. Both count as decoding.
     *
     * @throws nst.model.TransferException if the photo cannot be read or decoded
     */
    PhotoSource read(RowTimes times, Function<Source, PhotoSource> use);
  }

  /** What is kept of the photo's file. */
  private record PhotoFile(Size size, String sha256, List<String> warnings, Credits credits) {
    static PhotoFile of(Source source) {
      RgbImage image = source.image();
      return new PhotoFile(
          new Size(image.width(), image.height()),
          source.sha256(),
          source.warnings(),
          source.decoded().credits());
    }
  }

  SharedPhoto(Reading reading) {
    this.reading = reading;
  }

  /**
   * The photo in the sizes of a row. Another thread that needs the same photo waits.
   *
   * @param whole whether the row also needs the photo in its own size
   */
  synchronized PhotoSource of(Hyperparameters row, boolean whole, RowTimes times) {
    return file.flatMap(
            known ->
                times.time(
                    RowTimes.Part.DECODE, () -> made(known, image(known.size()), row, whole)))
        .orElseGet(() -> reading.read(times, source -> decoded(source, row, whole)));
  }

  private PhotoSource decoded(Source source, Hyperparameters row, boolean whole) {
    PhotoFile read = PhotoFile.of(source);
    file = Optional.of(read);
    images.clear();
    images.put(read.size(), new SoftReference<>(source.image()));
    return made(read, Optional.of(source.image()), row, whole).orElseThrow();
  }

  /**
   * The photo in the sizes of a row; empty if an image is missing.
   *
   * @param image the photo in its own size, if the heap still has it
   */
  private Optional<PhotoSource> made(
      PhotoFile known, Optional<RgbImage> image, Hyperparameters row, boolean whole) {
    boolean colors = row.originalColors() == ColorPreservation.MATCH; // those of the whole photo
    if (image.isEmpty() && (whole || colors)) {
      return Optional.empty();
    }
    Map<Size, RgbImage> resized = new HashMap<>();
    for (Size size : Sizing.sizes(known.size(), row)) {
      Optional<RgbImage> found =
          image(size)
              .or(() -> image.map(from -> Resampler.resize(from, size.width(), size.height())));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      images.put(size, new SoftReference<>(found.get()));
      resized.put(size, found.get());
    }
    Photo photo =
        Photo.of(known.size(), resized, image.filter(found -> colors).map(RgbImage::palette));
    return Optional.of(
        new PhotoSource(
            whole ? photo.with(image.get()) : photo,
            known.sha256(),
            known.warnings(),
            known.credits()));
  }

  private Optional<RgbImage> image(Size size) {
    return Optional.ofNullable(images.get(size)).map(SoftReference::get);
  }
}
