package nst.sampledata;

import java.util.SplittableRandom;
import nst.image.RgbImage;

/** A guitar, a bottle and a sheet of music broken into planes: after the manner of 1912. */
final class GuitarInPlanes {
  private static final int WIDTH = 448;
  private static final int HEIGHT = 512;
  private static final int CUTS = 26;

  private final Noise noise = new Noise(71);
  private final double[][] cuts = new double[CUTS][];

  GuitarInPlanes() {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < CUTS; i++) {
      double[] family = {0.5, -0.62, 1.45, 0.05, -1.15};
      double angle = family[i % family.length] + 0.22 * (random.nextDouble() - 0.5);
      double px = WIDTH * (0.12 + 0.76 * random.nextDouble());
      double py = HEIGHT * (0.08 + 0.84 * random.nextDouble());
      double reach = 90 + 170 * random.nextDouble();
      cuts[i] = new double[] {Math.cos(angle), Math.sin(angle), px, py, reach};
    }
  }

  RgbImage paint() {
    Canvas canvas = new Canvas(WIDTH, HEIGHT, Light.of(0x9A8460));
    Brush brush = new Brush(canvas, 9);
    SplittableRandom random = new SplittableRandom(10);
    double[][] layers = {{12, 30, 4200}, {6.5, 17, 9000}, {3.6, 9, 26_000}};
    for (double[] layer : layers) {
      for (int i = 0; i < layer[2]; i++) {
        double x = random.nextDouble() * WIDTH;
        double y = random.nextDouble() * HEIGHT;
        long facet = facet(x, y);
        double turn = Math.PI * noise.cell((int) facet, (int) (facet >> 32), 9);
        double nearest = nearestCut(x, y);
        if (nearest < layer[0] * 0.35) {
          continue;
        }
        double length = Math.min(layer[1], 2.4 * nearest + 3);
        brush.stroke(
            x,
            y,
            length,
            Math.min(layer[0], nearest * 1.3),
            (a, b) -> turn,
            color(x, y, random).times(0.86 + 0.28 * random.nextDouble()));
      }
    }
    outlines(canvas);
    return canvas.seen(0.30);
  }

  /** The side of every cut that reaches here: one bit each. */
  private long facet(double x, double y) {
    long facet = 0;
    for (int i = 0; i < CUTS; i++) {
      if (reaches(cuts[i], x, y) && side(cuts[i], x, y) > 0) {
        facet |= 1L << i;
      }
    }
    return facet * 0x9E3779B97F4A7C15L;
  }

  private static double side(double[] cut, double x, double y) {
    return (x - cut[2]) * -cut[1] + (y - cut[3]) * cut[0];
  }

  private static boolean reaches(double[] cut, double x, double y) {
    return Math.abs((x - cut[2]) * cut[0] + (y - cut[3]) * cut[1]) < cut[4];
  }

  private double nearestCut(double x, double y) {
    double nearest = 40;
    for (double[] cut : cuts) {
      if (reaches(cut, x, y)) {
        nearest = Math.min(nearest, Math.abs(side(cut, x, y)));
      }
    }
    return nearest;
  }

  /** Where a facet shows the things from: each from a point of view of its own. */
  private double[] viewed(double x, double y) {
    long facet = facet(x, y);
    double shiftX = 20 * (noise.cell((int) facet, (int) (facet >> 32), 1) - 0.5);
    double shiftY = 20 * (noise.cell((int) facet, (int) (facet >> 32), 2) - 0.5);
    double turn = 0.20 * (noise.cell((int) facet, (int) (facet >> 32), 3) - 0.5);
    double dx = x - 224;
    double dy = y - 260;
    return new double[] {
      224 + dx * Math.cos(turn) - dy * Math.sin(turn) + shiftX,
      260 + dx * Math.sin(turn) + dy * Math.cos(turn) + shiftY
    };
  }

  private Light color(double x, double y, SplittableRandom random) {
    long facet = facet(x, y);
    double tone = noise.cell((int) facet, (int) (facet >> 32), 4);
    double[] view = viewed(x, y);
    Light thing = thing(view[0], view[1]);
    int[] grounds = {
      0xC8A968, 0x8A6A44, 0x6E7F8C, 0xB89A74, 0x4E6A7C, 0xD9C8A0, 0x7A4E36, 0x3C5C66
    };
    Light ground = Light.of(grounds[(int) (tone * grounds.length)]);
    Light base = thing.equals(Light.BLACK) ? ground : thing.mix(ground, 0.22);
    double nearest = 0;
    for (double[] cut : cuts) {
      if (reaches(cut, x, y)) {
        double s = side(cut, x, y);
        nearest += (s > 0 ? 1 : -1) * Curves.bell(s, 42);
      }
    }
    double shade =
        0.92 + 0.34 * Math.max(-1, Math.min(1, nearest * 0.7)) + 0.12 * (random.nextDouble() - 0.5);
    double corner = Curves.smooth(1.45, 0.75, StrictMath.hypot((x - 224) / 224, (y - 256) / 256));
    return base.times(shade * (0.60 + 0.40 * corner));
  }

  /** The things on the table; black where there is none. */
  private Light thing(double x, double y) {
    double lean = -0.42;
    double u = (x - 214) * Math.cos(lean) - (y - 296) * Math.sin(lean);
    double v = (x - 214) * Math.sin(lean) + (y - 296) * Math.cos(lean);
    double hole = StrictMath.hypot(u, v + 34);
    boolean isNeck = Math.abs(u) < 13 && v < -70 && v > -262;
    boolean isHead = Math.abs(u) < 22 && v <= -230 && v > -278;
    double strings = Math.abs(Curves.fraction((u + 12) / 4.8) - 0.5);
    if (Math.abs(u) < 12 && strings < 0.16 && v > -262 && v < 92) {
      return Light.of(0xF0E2BC);
    }
    if (isHead) {
      return Light.of(0x38241C);
    }
    if (isNeck) {
      return Curves.fraction(v / 19) < 0.12 ? Light.of(0xD8C08C) : Light.of(0x4A2E20);
    }
    if (hole < 31) {
      return hole < 25 ? Light.of(0x1C1412) : Light.of(0xD0843C);
    }
    double waist = 76 + 26 * Math.cos((v - 66) * 0.045) + 6 * Math.cos((v + 50) * 0.05);
    boolean isBody =
        v > -106
            && v < 132
            && Math.abs(u) < waist * Math.sqrt(Math.max(0, 1 - Math.pow((v - 14) / 122, 6)));
    if (isBody) {
      boolean isBridge = Math.abs(u) < 34 && Math.abs(v - 88) < 7;
      double shade = Curves.smooth(-90, 90, u);
      return isBridge ? Light.of(0x30201A) : Light.of(0xE0A44C).mix(Light.of(0x9C5426), shade);
    }
    boolean isBottle =
        Math.abs(x - 356) < (y > 210 ? 33 : y > 160 ? 14 + (y - 160) * 0.38 : 13)
            && y > 84
            && y < 420;
    if (isBottle) {
      boolean isLabel = y > 270 && y < 350;
      return isLabel
          ? Light.of(0xE6D8B0)
          : Light.of(0x1E4A40).mix(Light.of(0x6AA08A), Curves.bell(x - 344, 6));
    }
    boolean isSheet = x > 46 && x < 172 && y > 88 && y < 236;
    if (isSheet) {
      boolean isStave =
          Curves.fraction((y - 96) / 34) < 0.62 && Curves.fraction((y - 96) / 6.8) < 0.2;
      double note =
          StrictMath.hypot(
              Curves.fraction(x / 21) * 21 - 10,
              (Curves.fraction(y / 34 + 0.3 * noise.cell((int) (x / 21), (int) (y / 34))) * 34 - 14)
                  * 1.3);
      return isStave || note < 4.4 ? Light.of(0x2A2420) : Light.of(0xEFE6CC);
    }
    return y > 404 ? Light.of(0x6A3C28) : Light.BLACK;
  }

  private void outlines(Canvas canvas) {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double line = 0;
        for (int i = 0; i < CUTS; i++) {
          if (reaches(cuts[i], x, y)) {
            double along =
                Math.abs((x - cuts[i][2]) * cuts[i][0] + (y - cuts[i][3]) * cuts[i][1])
                    / cuts[i][4];
            double breadth =
                (1.0 + 0.9 * noise.at(x * 0.03, y * 0.03, i)) * Curves.smooth(1, 0.75, along);
            line =
                Math.max(
                    line,
                    Curves.smooth(breadth + 0.9, breadth * 0.4, Math.abs(side(cuts[i], x, y))));
          }
        }
        canvas.cover(x, y, new Light(0.018, 0.014, 0.013), 0.85 * line);
        if (line > 0.2) {
          canvas.pile(x, y, 0.4, line);
        }
      }
    }
  }
}
