package nst.job.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
 * The held-out photos that are measured: a square in the middle of each, of the size of the crops.
 *
 * @param imageSizes the size that each look is for; each photo is measured with each look
 */
record HeldOutPhotos(List<Named> photos, List<Integer> imageSizes) {
  private static final int MOST_MEASUREMENTS = 12;

  private static final int FEWEST_PHOTOS = 2;

  /**
   * A photo that is ready to be measured.
   *
   * @param squares for each look
   */
  record Named(String uri, List<RgbImage> squares) {
    Named {
      squares = List.copyOf(squares);
    }

    String name() {
      return Uris.fileName(uri);
    }
  }

  /** The losses of each photo with each look, and their mean. */
  record Measurement(List<HeldOutPhoto> photos, TrainingLoss mean) {}

  HeldOutPhotos {
    photos = List.copyOf(photos);
    imageSizes = List.copyOf(imageSizes);
  }

  int looks() {
    return imageSizes.size();
  }

  /**
   * The first photos of a list that can be used.
   *
   * @param find gives a decoded photo; empty if it cannot be used
   * @param side of the squares, in pixels
   * @param imageSizes the size that each look is for
   */
  static HeldOutPhotos of(
      List<String> uris,
      Function<String, Optional<RgbImage>> find,
      int side,
      List<Integer> imageSizes) {
    int wanted = Math.max(FEWEST_PHOTOS, MOST_MEASUREMENTS / imageSizes.size());
    List<Named> photos = new ArrayList<>();
    for (String uri : uris) {
      if (photos.size() == wanted) {
        break;
      }
      find.apply(uri)
          .ifPresent(photo -> photos.add(new Named(uri, squares(photo, side, imageSizes))));
    }
    return new HeldOutPhotos(photos, imageSizes);
  }

  private static List<RgbImage> squares(RgbImage photo, int side, List<Integer> imageSizes) {
    Map<Integer, RgbImage> bySize = new HashMap<>();
    return imageSizes.stream()
        .map(size -> bySize.computeIfAbsent(size, wanted -> square(photo, side, wanted)))
        .toList();
  }

  /** The middle of the photo, whose shorter side is the size of the look, but not enlarged. */
  private static RgbImage square(RgbImage photo, int side, int imageSize) {
    int shortest = Math.min(photo.width(), photo.height());
    double scale = Math.max(side, Math.min(imageSize, shortest)) / (double) shortest;
    RgbImage resized =
        Resampler.resize(
            photo,
            Math.max(side, (int) Math.round(photo.width() * scale)),
            Math.max(side, (int) Math.round(photo.height() * scale)));
    return Resampler.centerCrop(resized, side, side);
  }

  /** Only the first photo. */
  HeldOutPhotos first() {
    return new HeldOutPhotos(photos.stream().limit(1).toList(), imageSizes);
  }

  /** Measures the network as it is now. */
  Measurement measure(NetworkTraining training) {
    long step = training.steps();
    List<TrainingSample> samples = new ArrayList<>();
    for (int look = 0; look < looks(); look++) {
      for (Named photo : photos) {
        samples.add(new TrainingSample(photo.squares().get(look), look));
      }
    }
    Iterator<LossTerms> terms = training.losses(samples).iterator();
    List<HeldOutPhoto> measured = new ArrayList<>();
    TrainingLoss sum = new TrainingLoss(step, 0, 0, 0, 0);
    for (int look = 0; look < looks(); look++) {
      for (Named photo : photos) {
        TrainingLoss loss = loss(step, terms.next());
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
