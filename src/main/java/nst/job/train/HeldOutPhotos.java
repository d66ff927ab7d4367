package nst.job.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nst.engine.NetworkTraining;
import nst.engine.objective.LossTerms;
import nst.engine.stylenetwork.TrainingSample;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.record.NetworkRecipe.HeldOutPhoto;
import nst.record.TrainingLoss;
import nst.storage.Uris;

/**
 * The held-out photos that are measured: the square in the middle of each, at the size of the
 * crops.
 *
 * @param looks how many looks the network has; each photo is measured with each
 */
record HeldOutPhotos(List<Named> photos, int looks) {
  /** Measurements of one look cost as much as half so many steps. */
  private static final int MOST_MEASUREMENTS = 12;

  private static final int FEWEST_PHOTOS = 2;

  /** A photo that is ready to be measured. */
  record Named(String uri, RgbImage square) {
    String name() {
      return Uris.fileName(uri);
    }
  }

  /** The losses of each photo with each look, and their mean. */
  record Measurement(List<HeldOutPhoto> photos, TrainingLoss mean) {}

  HeldOutPhotos {
    photos = List.copyOf(photos);
  }

  /**
   * The first photos of a list that can be used.
   *
   * @param find gives a decoded photo; empty if it cannot be used
   * @param side of the squares, in pixels
   */
  static HeldOutPhotos of(
      List<String> uris, Function<String, Optional<RgbImage>> find, int side, int looks) {
    int wanted = Math.max(FEWEST_PHOTOS, MOST_MEASUREMENTS / looks);
    List<Named> photos = new ArrayList<>();
    for (String uri : uris) {
      if (photos.size() == wanted) {
        break;
      }
      find.apply(uri).ifPresent(photo -> photos.add(new Named(uri, square(photo, side))));
    }
    return new HeldOutPhotos(photos, looks);
  }

  private static RgbImage square(RgbImage photo, int side) {
    double scale = side / (double) Math.min(photo.width(), photo.height());
    RgbImage resized =
        Resampler.resize(
            photo,
            Math.max(side, (int) Math.round(photo.width() * scale)),
            Math.max(side, (int) Math.round(photo.height() * scale)));
    return Resampler.centerCrop(resized, side, side);
  }

  /** Only the first photo. */
  HeldOutPhotos first() {
    return new HeldOutPhotos(photos.stream().limit(1).toList(), looks);
  }

  /** Measures the network as it is now. */
  Measurement measure(NetworkTraining training) {
    long step = training.steps();
    List<HeldOutPhoto> measured = new ArrayList<>();
    TrainingLoss sum = new TrainingLoss(step, 0, 0, 0, 0);
    for (int look = 0; look < looks; look++) {
      for (Named photo : photos) {
        LossTerms terms = training.losses(new TrainingSample(photo.square(), look));
        TrainingLoss loss = loss(step, terms);
        measured.add(new HeldOutPhoto(photo.name(), look, loss, loss));
        sum = sum.plus(loss);
      }
    }
    return new Measurement(measured, sum.times(1.0 / measured.size()));
  }

  /** The terms as they are recorded. */
  static TrainingLoss loss(long step, LossTerms terms) {
    return new TrainingLoss(
        step, terms.content(), terms.style(), terms.totalVariation(), terms.total());
  }
}
