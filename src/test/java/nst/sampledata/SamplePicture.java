package nst.sampledata;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import nst.image.ImageEncoder;
import nst.image.ImageRecord;
import nst.image.RgbImage;
import nst.model.Hyperparameters.OutputFormat;

/** The pictures of the sample data. */
enum SamplePicture {
  MOUNTAIN_LAKE(
      Kind.CONTENT, () -> new Camera(640, 480, 2, 1.0, 0, 0.007).photograph(new MountainLake(), 1)),
  DUNES(Kind.CONTENT, () -> new Camera(640, 480, 2, 0.72, 0, 0.007).photograph(new Dunes(), 2)),
  HARBOUR_AT_NIGHT(
      Kind.CONTENT,
      () -> new Camera(640, 480, 2, 1.0, 0.35, 0.009).photograph(new HarbourAtNight(), 3)),
  STILL_LIFE(
      Kind.CONTENT, () -> new Camera(640, 480, 2, 0.9, 0.05, 0.007).photograph(new StillLife(), 4)),
  SWIRLING_NIGHT(Kind.STYLE, () -> new SwirlingNight().paint()),
  GREAT_WAVE(Kind.STYLE, () -> new GreatWave().paint()),
  SUNDAY_RIVER(Kind.STYLE, () -> new SundayRiver().paint()),
  GUITAR_IN_PLANES(Kind.STYLE, () -> new GuitarInPlanes().paint());

  private enum Kind {
    CONTENT,
    STYLE
  }

  private static final int QUALITY = 90;

  private final Kind kind;
  private final Supplier<RgbImage> maker;

  SamplePicture(Kind kind, Supplier<RgbImage> maker) {
    this.kind = kind;
    this.maker = maker;
  }

  /** Where it lies below the manifest's folder: {@code content/dunes.jpg}. */
  String path() {
    return (kind + "/" + name() + ".jpg").toLowerCase(Locale.ROOT);
  }

  RgbImage image() {
    return maker.get();
  }

  byte[] jpeg() {
    ImageRecord record =
        new ImageRecord("{}", Map.of("made_by", "nst.sampledata.SampleData of this repository"));
    return ImageEncoder.encode(image(), OutputFormat.JPG, QUALITY, record);
  }
}
