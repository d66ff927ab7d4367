package nst.sampledata;

import java.util.SplittableRandom;
import nst.image.RgbImage;

/** A river bank on a summer afternoon in points of pure colour: after the manner of Seurat. */
final class SundayRiver {
  private static final int WIDTH = 512;
  private static final int HEIGHT = 400;

  private final Noise noise = new Noise(61);

  RgbImage paint() {
    Canvas canvas = new Canvas(WIDTH, HEIGHT, Light.of(0xEADFC4));
    SplittableRandom random = new SplittableRandom(7);
    double[][] layers = {{3.6, 21_000}, {2.5, 42_000}, {1.8, 42_000}};
    for (double[] layer : layers) {
      for (int i = 0; i < layer[1]; i++) {
        double x = random.nextDouble() * WIDTH;
        double y = random.nextDouble() * HEIGHT;
        dot(
            canvas,
            x,
            y,
            layer[0] * (0.8 + 0.4 * random.nextDouble()),
            divided(scene(x, y), random));
      }
    }
    return canvas.seen(0.30);
  }

  private static void dot(Canvas canvas, double x, double y, double radius, Light paint) {
    for (int row = (int) (y - radius - 1); row <= y + radius + 1; row++) {
      for (int column = (int) (x - radius - 1); column <= x + radius + 1; column++) {
        double r = StrictMath.hypot(column + 0.5 - x, (row + 0.5 - y) * 1.1);
        double opacity = Curves.smooth(radius + 0.5, radius - 0.5, r) * 0.93;
        canvas.cover(column, row, paint, opacity);
        canvas.pile(column, row, 1.4 - r / (radius + 1), opacity);
      }
    }
  }

  /** A colour taken apart: most points are near it, some its neighbours, a few its complement. */
  private static Light divided(Light color, SplittableRandom random) {
    double pick = random.nextDouble();
    double value = 0.75 + 0.5 * random.nextDouble();
    Light vivid = saturated(color, 1.55).times(value);
    if (pick < 0.56) {
      return vivid;
    }
    if (pick < 0.72) {
      return saturated(color, 1.8).mix(Light.of(0xF5D35C), 0.42).times(value);
    }
    if (pick < 0.87) {
      return saturated(color, 1.8).mix(Light.of(0x4C6FD0), 0.42).times(value);
    }
    double luminance = color.luminance();
    Light opposite =
        new Light(
            Math.max(0.02, 2 * luminance - color.red()),
            Math.max(0.02, 2 * luminance - color.green()),
            Math.max(0.02, 2 * luminance - color.blue()));
    return pick < 0.95 ? saturated(opposite, 1.6) : color.mix(Light.of(0xFFF6E2), 0.75);
  }

  private static Light saturated(Light color, double factor) {
    double grey = color.luminance();
    return new Light(
        Math.max(0, grey + (color.red() - grey) * factor),
        Math.max(0, grey + (color.green() - grey) * factor),
        Math.max(0, grey + (color.blue() - grey) * factor));
  }

  private Light scene(double x, double y) {
    double bank = 238 + 0.30 * (512 - x) - 40 * Curves.smooth(0, 300, x);
    if (tree(x, y)) {
      double lit =
          Curves.smooth(-0.5, 0.6, noise.fractal(x * 0.03, y * 0.03, 4) - 0.004 * (y - 90) + 0.3);
      return Light.of(0x1F4A2E).mix(Light.of(0x86AE3C), lit);
    }
    if (trunk(x, y)) {
      return Light.of(0x6A4A44)
          .mix(Light.of(0xB08A5A), Curves.smooth(0, 9, Curves.fraction(x * 0.05) * 18));
    }
    Light person = figure(x, y);
    if (!person.equals(Light.BLACK)) {
      return person;
    }
    if (y > bank) {
      double shadow =
          Curves.smooth(
              -0.15,
              0.25,
              noise.fractal(x * 0.006, y * 0.028, 3) + 0.5 * Curves.smooth(330, 400, y) - 0.1);
      return Light.of(0xB9C94C).mix(Light.of(0x3F7A48), shadow);
    }
    if (y > 142) {
      return river(x, y);
    }
    if (y > 122 + 8 * noise.fractal(x * 0.02, 3, 3)) {
      boolean isHouse = noise.cell((int) Math.floor(x / 22), 5) > 0.62 && y > 126;
      return isHouse
          ? Light.of(0xEBC9A4)
          : Light.of(0x6C9A78).mix(Light.of(0x9FB56A), 0.5 + 0.5 * noise.at(x * 0.05, y * 0.05));
    }
    double cloud = Curves.smooth(0.05, 0.6, noise.fractal(x * 0.008, y * 0.022, 5));
    return Light.of(0x8FBCE6)
        .mix(Light.of(0xF8EBD8), Math.max(cloud, Curves.smooth(20, 150, y) * 0.65));
  }

  private Light river(double x, double y) {
    if (sail(x, y, 330, 214, 66) || sail(x, y, 430, 176, 34) || sail(x, y, 236, 168, 24)) {
      return Light.of(0xFBF3E4);
    }
    if (hull(x, y, 330, 214, 66) || hull(x, y, 430, 176, 34) || hull(x, y, 236, 168, 24)) {
      return Light.of(0x7A3A34);
    }
    double wave = 0.5 + 0.5 * noise.at(x * 0.03, y * 0.22);
    double white =
        Curves.bell(x - 330 + 3 * noise.at(y * 0.3, 2), 12)
            * Curves.smooth(216, 222, y)
            * Curves.smooth(262, 236, y);
    return Light.of(0x5E93CC)
        .mix(Light.of(0xBCDCE6), 0.6 * wave + 0.25 * Curves.smooth(250, 142, y))
        .mix(Light.of(0xFBF3E4), 0.8 * white);
  }

  private static boolean sail(double x, double y, double atX, double atY, double size) {
    double up = (atY - y) / size;
    double side = (x - atX) / size;
    return up > 0.10
        && up < 1
        && ((side > 0.02 && side < 0.46 * (1 - up) + 0.05 * up)
            || (side < -0.02 && side > -0.32 * (1 - up)));
  }

  private static boolean hull(double x, double y, double atX, double atY, double size) {
    double up = (atY - y) / size;
    return up > -0.06 && up < 0.07 && Math.abs(x - atX) / size < 0.42 + 0.8 * up;
  }

  private boolean tree(double x, double y) {
    double ragged = 26 * noise.fractal(x * 0.035, y * 0.035, 4);
    return StrictMath.hypot((x - 70) * 0.85, y - 78) + ragged < 98
        || StrictMath.hypot((x - 160) * 0.9, (y - 50) * 1.1) + ragged < 58
        || StrictMath.hypot(x - 500, (y - 110) * 0.9) + ragged < 62;
  }

  private static boolean trunk(double x, double y) {
    return (Math.abs(x - 66 - 0.04 * (y - 200)) < 9 + Math.max(0, y - 300) * 0.1
            && y > 130
            && y < 338)
        || (Math.abs(x - 150) < 5 && y > 80 && y < 296)
        || (Math.abs(x - 498) < 6 && y > 140 && y < 262);
  }

  /** People by the water, a lady with a parasol first; black where there is none. */
  private static Light figure(double x, double y) {
    double[][] people = {
      {206, 352, 108, 1},
      {246, 356, 112, 0},
      {330, 300, 58, 1},
      {352, 302, 62, 0},
      {428, 336, 84, 1},
      {120, 322, 70, 0}
    };
    for (double[] person : people) {
      double up = (person[1] - y) / person[2];
      double side = (x - person[0]) / person[2];
      if (up < 0 || up > 1.16) {
        continue;
      }
      boolean isLady = person[3] > 0;
      double parasolY = up - 1.0;
      if (isLady && StrictMath.hypot(side * 0.62, parasolY) < 0.15 && parasolY > 0) {
        return Light.of(0xD8543C).mix(Light.of(0xF0A060), Curves.smooth(-0.2, 0.2, -side));
      }
      if (StrictMath.hypot(side, (up - 0.87) * 0.85) < 0.058) {
        return up > 0.89 ? Light.of(0x3A2C48) : Light.of(0xE4B08C);
      }
      double half =
          isLady
              ? (up < 0.5 ? 0.20 - 0.26 * up : 0.055 + 0.10 * Curves.bell(up - 0.68, 0.09))
              : 0.085;
      if (up < 0.82 && Math.abs(side) < half) {
        Light coat = isLady ? Light.of(0x7C4CA0) : Light.of(0x2C3C6C);
        return coat.mix(Light.of(isLady ? 0xE890B0 : 0x8890B8), Curves.smooth(0.02, -0.16, side));
      }
    }
    return Light.BLACK;
  }
}
