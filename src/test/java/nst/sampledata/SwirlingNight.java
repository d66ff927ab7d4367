package nst.sampledata;

import java.util.SplittableRandom;
import nst.image.RgbImage;

/**
 * A night sky in whirls of thick paint over hills and a village: after the manner of Saint-Remy.
 */
final class SwirlingNight {
  private static final int WIDTH = 512;
  private static final int HEIGHT = 408;

  /** Whirls of the sky: x, y, radius, sense. */
  private static final double[][] WHIRLS = {
    {232, 150, 92, 1}, {332, 196, 58, -1}, {118, 92, 40, 1}, {440, 214, 46, 1}
  };

  /** Stars and the moon: x, y, radius. */
  private static final double[][] STARS = {
    {452, 62, 40},
    {60, 44, 20},
    {140, 36, 15},
    {208, 52, 17},
    {300, 42, 19},
    {372, 92, 14},
    {92, 158, 16},
    {176, 236, 17},
    {392, 150, 11},
    {268, 100, 10},
    {490, 150, 13}
  };

  private final Noise noise = new Noise(53);

  RgbImage paint() {
    Canvas canvas = new Canvas(WIDTH, HEIGHT, new Light(0.10, 0.075, 0.05));
    Brush brush = new Brush(canvas, 5);
    SplittableRandom random = new SplittableRandom(6);
    double[][] layers = {{16, 60, 2600}, {9, 42, 6000}, {5.5, 26, 9500}};
    for (double[] layer : layers) {
      for (int i = 0; i < layer[2]; i++) {
        double x = random.nextDouble() * WIDTH;
        double y = random.nextDouble() * HEIGHT;
        double fine = detail(x, y);
        if (layer[0] < 6 && random.nextDouble() > fine) {
          continue;
        }
        double value = 0.78 + 0.44 * random.nextDouble();
        brush.stroke(
            x,
            y,
            layer[1] * (0.7 + 0.6 * random.nextDouble()) * (fine > 0.9 ? 0.55 : 1),
            layer[0] * (0.8 + 0.4 * random.nextDouble()),
            this::flow,
            color(x, y, random).times(value));
      }
    }
    return canvas.seen(0.42);
  }

  private double detail(double x, double y) {
    for (double[] star : STARS) {
      if (StrictMath.hypot(x - star[0], y - star[1]) < star[2] * 1.8) {
        return 1;
      }
    }
    return y > hills(x) - 10 || cypress(x, y) ? 1 : 0.62;
  }

  private double flow(double x, double y) {
    if (cypress(x, y)) {
      return -Math.PI / 2 + 0.55 * Math.sin(y * 0.045 + x * 0.08);
    }
    if (y > hills(x)) {
      return 0.75 * Math.cos(x * 0.021 + 0.9) * (y < village(x) ? 1 : 0.3)
          + 0.25 * noise.at(x * 0.02, y * 0.04);
    }
    double dx = 1;
    double dy = 0.28 * Math.sin(x * 0.013) + 0.5 * noise.at(x * 0.007, y * 0.012);
    for (double[] whirl : WHIRLS) {
      double rx = x - whirl[0];
      double ry = y - whirl[1];
      double pull = 5 * Curves.bell(StrictMath.hypot(rx, ry), whirl[2] * 0.62);
      double r = StrictMath.hypot(rx, ry) + 1;
      dx += pull * whirl[3] * (-ry - 0.25 * rx) / r;
      dy += pull * whirl[3] * (rx - 0.25 * ry) / r;
    }
    for (double[] star : STARS) {
      double rx = x - star[0];
      double ry = y - star[1];
      double r = StrictMath.hypot(rx, ry) + 0.5;
      double pull = 9 * Curves.bell(r, star[2] * 0.95);
      dx += pull * -ry / r;
      dy += pull * rx / r;
    }
    return StrictMath.atan2(dy, dx);
  }

  private double hills(double x) {
    return 292 - 26 * Math.sin(x * 0.011 + 0.3) - 16 * Math.sin(x * 0.027 + 1.4) - 0.05 * x;
  }

  private double village(double x) {
    return 340 + 6 * Math.sin(x * 0.03);
  }

  private boolean cypress(double x, double y) {
    double up = (408 - y) / 350;
    double lean = 84 + 9 * Math.sin(y * 0.03) - 12 * up;
    double half =
        36 * Math.pow(Math.max(0, 1 - up), 0.75) * (1 + 0.28 * Math.sin(y * 0.11 + x * 0.05));
    double second = (408 - y) / 190;
    double other = 16 * Math.pow(Math.max(0, 1 - second), 0.7);
    return Math.abs(x - lean) < half || Math.abs(x - 126 - 4 * Math.sin(y * 0.06)) < other;
  }

  private Light color(double x, double y, SplittableRandom random) {
    double pick = random.nextDouble();
    if (cypress(x, y)) {
      return pick < 0.5
          ? Light.of(0x14261C)
          : pick < 0.75 ? Light.of(0x2B3A20) : pick < 0.9 ? Light.of(0x4A3A22) : Light.of(0x0C1420);
    }
    if (y > hills(x)) {
      return land(x, y, pick);
    }
    return sky(x, y, pick);
  }

  private Light sky(double x, double y, double pick) {
    for (double[] star : STARS) {
      double r = StrictMath.hypot(x - star[0], y - star[1]) / star[2];
      boolean isMoon = star[2] > 30;
      if (isMoon
          && StrictMath.hypot(x - star[0] - 9, y - star[1] + 2) / star[2] < 0.36
          && r < 0.5) {
        return pick < 0.7 ? Light.of(0xE8B83A) : Light.of(0xF0D060);
      }
      if (r < 0.42) {
        return isMoon
            ? Light.of(pick < 0.5 ? 0xF2B632 : 0xE89A28)
            : Light.of(pick < 0.6 ? 0xFFF6C8 : 0xF6D860);
      }
      if (r < 1.0) {
        return Light.of(pick < 0.45 ? 0xF0CE58 : pick < 0.8 ? 0xD9C96A : 0xBFD0A0);
      }
      if (r < 1.6 && pick < 0.75) {
        return Light.of(pick < 0.3 ? 0xA8C4A8 : 0x7FA8B4);
      }
    }
    double whirl = 0;
    for (double[] w : WHIRLS) {
      double r = StrictMath.hypot(x - w[0], y - w[1]) / w[2];
      double turn = StrictMath.atan2(y - w[1], x - w[0]) * w[3];
      whirl = Math.max(whirl, Curves.bell(r, 0.7) * (0.5 + 0.5 * Math.sin(turn + 7.5 * r)));
    }
    double band = Curves.bell(y - 246 + 18 * Math.sin(x * 0.016), 26);
    double light =
        0.75 * whirl
            + 0.55 * band
            + 0.28 * noise.fractal(x * 0.018, y * 0.035, 4)
            + 0.22 * (pick - 0.5)
            + 0.10 * y / HEIGHT;
    int[] palette = {0x101C4C, 0x18307A, 0x22489E, 0x3468B4, 0x5C92C4, 0x94BCCC, 0xD2DCC4};
    double level = Curves.clamp(0.16 + light) * (palette.length - 1);
    int index = (int) Math.min(palette.length - 2, Math.floor(level));
    return Light.of(palette[index]).mix(Light.of(palette[index + 1]), level - index);
  }

  private Light land(double x, double y, double pick) {
    if (y < village(x) - 14) {
      double fold = 0.5 + 0.5 * Math.sin(x * 0.045 + y * 0.09);
      Light far = Light.of(pick < 0.5 ? 0x1E3C78 : 0x2A5490);
      return far.mix(Light.of(pick < 0.6 ? 0x3E74A0 : 0x18285A), fold);
    }
    double lot = Math.floor((x - 8) / 27);
    double inLot = Curves.fraction((x - 8) / 27);
    double roof = village(x) + 10 - 12 * noise.cell((int) lot, 3) + 14 * Math.abs(inLot - 0.5);
    boolean isHouse = x > 150 && inLot > 0.12 && inLot < 0.88;
    boolean isSpire = Math.abs(x - 318) < Math.max(0, (y - 262) * 0.085) && y < 366;
    if (isSpire) {
      return Light.of(pick < 0.6 ? 0x2C3E66 : 0x52688C);
    }
    if (isHouse && y > roof && y < 372) {
      boolean isRoof = y < roof + 9;
      boolean isWindow = Math.abs(inLot - 0.5) < 0.16 && y > roof + 13 && y < roof + 24;
      if (isWindow && noise.cell((int) lot, 4) > 0.3) {
        return Light.of(pick < 0.7 ? 0xF4C84C : 0xE8A030);
      }
      return isRoof
          ? Light.of(pick < 0.5 ? 0x7A4638 : 0x4C5A80)
          : Light.of(pick < 0.5 ? 0x3A5678 : 0x5C7486);
    }
    double hedge = 0.5 + 0.5 * Math.sin(x * 0.12 + y * 0.2);
    return Light.of(pick < 0.5 ? 0x1E3A34 : pick < 0.8 ? 0x2E5440 : 0x54703C)
        .mix(Light.of(0x16243C), 0.5 * hedge);
  }
}
