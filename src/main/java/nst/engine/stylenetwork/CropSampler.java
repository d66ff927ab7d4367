package nst.engine.stylenetwork;

import java.util.Random;
import nst.image.Resampler;
import nst.image.RgbImage;

/**
 * Square crops of photos: a random photo at a random size, a random place in it, mirrored or not.
 * Crops come in windows. Each crop of a window is used some times before the next window begins,
 * because a trainer keeps what it has computed of a crop. A step's crops depend on the seed and the
 * number of the step only, so that a training that goes on sees what it would have seen.
 */
public final class CropSampler {
  /** The crops of a window; more if a step needs more. */
  static final int WINDOW = 64;

  /** How often each crop is used. */
  static final int USES = 4;

  /** The shortest side of a photo before it is cut, in sides of the crop. */
  private static final double MOST_REDUCED = 1;

  private static final double LEAST_REDUCED = 2;

  private final Photos photos;
  private final TrainingSchedule schedule;
  private final int looks;

  /** Photos by number. */
  public interface Photos {
    int count();

    /** A decoded photo. */
    RgbImage get(int number);
  }

  public CropSampler(Photos photos, TrainingSchedule schedule, int looks) {
    if (photos.count() == 0) {
      throw new IllegalArgumentException("expected at least one photo, was none");
    }
    this.photos = photos;
    this.schedule = schedule;
    this.looks = looks;
  }

  /**
   * A sample of a step. Looks take turns.
   *
   * @param step from 0
   * @param index in the step's batch, from 0
   */
  public TrainingSample sample(long step, int index) {
    long number = crop(step * schedule.batch() + index);
    Random random = new Random(schedule.seed() * 1_000_003 + number);
    RgbImage photo = photos.get(random.nextInt(photos.count()));
    int side = schedule.side();
    int shortest = Math.min(photo.width(), photo.height());
    double wanted = side * (MOST_REDUCED + (LEAST_REDUCED - MOST_REDUCED) * random.nextDouble());
    double scale = Math.max(side, Math.min(wanted, shortest)) / shortest;
    RgbImage resized =
        Resampler.resize(
            photo,
            Math.max(side, (int) Math.round(photo.width() * scale)),
            Math.max(side, (int) Math.round(photo.height() * scale)));
    int left = random.nextInt(resized.width() - side + 1);
    int top = random.nextInt(resized.height() - side + 1);
    boolean mirrored = random.nextBoolean();
    return new TrainingSample(
        crop(resized, left, top, side, mirrored), Math.floorMod(number, looks), number);
  }

  /** The number of the crop that a sample uses. */
  private long crop(long sample) {
    long window = Math.max(WINDOW, schedule.batch());
    return sample / (window * USES) * window + sample % window;
  }

  private static RgbImage crop(RgbImage image, int left, int top, int side, boolean mirrored) {
    float[] planes = new float[3 * side * side];
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < side; y++) {
        int row = (channel * image.height() + top + y) * image.width() + left;
        int target = (channel * side + y) * side;
        for (int x = 0; x < side; x++) {
          planes[target + x] = image.planes()[row + (mirrored ? side - 1 - x : x)];
        }
      }
    }
    return new RgbImage(side, side, planes);
  }
}
