package nst.sampledata;

/** A city across the water at night: lit windows, lamps on the quay, and all of it in the water. */
final class HarbourAtNight implements Camera.Scene {
  private static final double QUAY = -0.12;
  private static final int ROWS = 3;

  private final Noise noise = new Noise(37);

  @Override
  public Light at(double x, double y) {
    return y > QUAY ? shore(x, y) : water(x, y);
  }

  private Light shore(double x, double y) {
    Light seen = sky(x, y);
    for (int row = 0; row < ROWS; row++) { // from the farthest
      double scale = 0.075 + 0.035 * row;
      int lot = (int) Math.floor((x + 7.13 * row) / scale);
      double inLot = Curves.fraction((x + 7.13 * row) / scale);
      double center = Curves.bell(lot * scale - 7.13 * row + 0.25 - 0.2 * row, 0.55 - 0.05 * row);
      double kind = noise.cell(lot, row, 1);
      double height =
          (0.10 + 0.80 * kind * kind * center + 0.14 * noise.cell(lot, row, 2))
              * (1.0 - 0.26 * row);
      double narrow = 0.03 + 0.10 * noise.cell(lot, row, 3);
      double top = QUAY + height;
      boolean isMast = kind > 0.80 && Math.abs(inLot - 0.5) < 0.02 && y < top + 0.10 && row < 2;
      if ((inLot > narrow && inLot < 1 - narrow && y < top) || isMast) {
        seen = building(lot, row, inLot, y, top);
      }
      if (kind > 0.80 && row < 2) {
        double lamp = Curves.bell(StrictMath.hypot((inLot - 0.5) * scale, y - top - 0.10), 0.0035);
        seen = seen.plus(new Light(6, 0.5, 0.3).times(lamp));
      }
    }
    return lamps(x, y, boats(x, y, seen));
  }

  private Light building(int lot, int row, double inLot, double y, double top) {
    double floorHeight = 0.016 + 0.004 * row;
    int floors = (int) Math.floor((y - QUAY) / floorHeight);
    double inFloor = Curves.fraction((y - QUAY) / floorHeight);
    double count = 5 + Math.floor(5 * noise.cell(lot, row, 4));
    int window = (int) Math.floor(inLot * count);
    double inWindow = Curves.fraction(inLot * count);
    Light wall =
        new Light(0.010, 0.013, 0.024)
            .mix(new Light(0.040, 0.034, 0.040), noise.cell(lot, row, 5))
            .times(1.3 - 0.35 * row)
            .plus(new Light(0.10, 0.055, 0.022).times(Curves.bell(y - QUAY, 0.09)));
    boolean isGlass =
        inFloor > 0.28 && inFloor < 0.80 && inWindow > 0.22 && inWindow < 0.80 && y < top - 0.008;
    double busy = 0.12 + 0.45 * noise.cell(lot, row, 6);
    double chance = noise.cell(lot * 31 + window, floors, row);
    if (!isGlass || chance > busy) {
      return isGlass ? wall.times(0.6) : wall;
    }
    double warmth = noise.cell(lot, row, 7) * 0.6 + 0.4 * noise.cell(window, floors, lot);
    Light lamp =
        new Light(1.9, 1.02, 0.40)
            .mix(new Light(1.0, 1.15, 1.30), warmth > 0.72 ? 0.9 : 0.15 * warmth);
    return lamp.times(0.10 + 0.85 * noise.cell(window + 77, floors, lot + row));
  }

  private Light sky(double x, double y) {
    Light glow = new Light(0.30, 0.15, 0.11);
    Light dusk = new Light(0.060, 0.075, 0.170);
    Light night = new Light(0.006, 0.012, 0.042);
    Light sky = glow.mix(dusk, Curves.smooth(QUAY, 0.42, y)).mix(night, Curves.smooth(0.2, 1.0, y));
    double cloud = Curves.smooth(-0.1, 0.8, noise.fractal(x * 1.1 + 5, y * 3.4, 7));
    sky = sky.mix(new Light(0.11, 0.075, 0.095), 0.6 * cloud * Curves.smooth(1.1, 0.2, y));
    double toMoon = StrictMath.hypot(x - 0.78, y - 0.62);
    double maria = 0.82 + 0.3 * noise.fractal(x * 14, y * 14, 4);
    Light moon = new Light(1.3, 1.2, 1.02).times(maria);
    sky = sky.mix(moon, Curves.smooth(0.076, 0.072, toMoon) * (1 - 0.5 * cloud));
    sky = sky.plus(new Light(0.16, 0.15, 0.14).times(Curves.bell(toMoon, 0.17)));
    int starX = (int) Math.floor(x * 60);
    int starY = (int) Math.floor(y * 60);
    double star = noise.cell(starX, starY, 40);
    double dx = Curves.fraction(x * 60) - 0.2 - 0.6 * noise.cell(starX, starY, 41);
    double dy = Curves.fraction(y * 60) - 0.2 - 0.6 * noise.cell(starX, starY, 42);
    double size = 0.05 + 0.05 * noise.cell(starX, starY, 43);
    double twinkle =
        star > 0.97 ? Curves.bell(StrictMath.hypot(dx, dy), size) * (star - 0.965) * 28 : 0;
    return sky.plus(
        new Light(0.9, 0.95, 1.1)
            .times(twinkle * (1 - cloud) * Curves.smooth(0.2, 0.7, y) * toMoonFade(toMoon)));
  }

  private static double toMoonFade(double toMoon) {
    return Curves.smooth(0.1, 0.3, toMoon);
  }

  private Light lamps(double x, double y, Light behind) {
    Light seen = behind;
    for (int i = 0; i < 13; i++) {
      double lampX = -1.30 + 0.22 * i + 0.05 * noise.cell(i, 50);
      double lampY = QUAY + 0.052;
      if (Math.abs(x - lampX) < 0.0022 && y < lampY) {
        seen = new Light(0.004, 0.004, 0.006);
      }
      double d = StrictMath.hypot(x - lampX, y - lampY);
      Light color =
          noise.cell(i, 51) > 0.75 ? new Light(0.5, 1.0, 0.9) : new Light(1.2, 0.62, 0.20);
      seen = seen.plus(color.times(9 * Curves.bell(d, 0.0055) + 0.28 * Curves.bell(d, 0.035)));
    }
    return y < QUAY + 0.012 ? seen.times(0.35) : seen;
  }

  /** Sailing boats at their moorings. */
  private Light boats(double x, double y, Light behind) {
    for (int i = 0; i < 9; i++) {
      double boatX = -1.22 + 0.30 * i + 0.12 * noise.cell(i, 60);
      double mast = 0.11 + 0.11 * noise.cell(i, 61);
      double dx = x - boatX;
      double up = y - QUAY;
      boolean isMast = Math.abs(dx) < 0.0022 && up < mast;
      boolean isBoom = Math.abs(up - 0.036) < 0.0025 && dx > 0 && dx < 0.05;
      boolean isStay =
          Math.abs(up - mast * (1 - Math.abs(dx) / 0.055)) < 0.0016 && Math.abs(dx) < 0.055;
      boolean isHull = up < 0.020 + 0.12 * dx * dx && Math.abs(dx + 0.1 * up) < 0.058;
      boolean isCabin = up < 0.032 && dx > -0.025 && dx < 0.020;
      if (isHull || isCabin) {
        return isCabin && up > 0.022 && Curves.fraction(dx * 90) > 0.45
            ? new Light(1.3, 0.75, 0.28)
            : new Light(0.030, 0.032, 0.040).plus(new Light(0.12, 0.10, 0.09).times(up / 0.03));
      }
      if (isMast || isBoom || isStay) {
        return new Light(0.045, 0.042, 0.045);
      }
    }
    return behind;
  }

  private Light water(double x, double y) {
    double depth = QUAY - y;
    double near = 0.05 + depth; // the water comes closer towards the bottom
    double swell = noise.fractal(x * 3.2 / (0.25 + near), 5.5 * StrictMath.log(near) * 3.2, 3);
    double chop = noise.fractal(x * 11 / (0.2 + near), StrictMath.log(near) * 30, 4);
    Light sum = Light.BLACK;
    int samples = 9;
    for (int i = 0; i < samples; i++) {
      double smear = (i - samples / 2) / (double) samples;
      double shiftX = (0.018 * chop + 0.010 * swell) * (0.3 + 1.4 * near) + 0.004 * smear;
      double shiftY = (0.11 * swell + 0.10 * chop + 0.34 * smear) * (0.12 + near);
      double mirrored = QUAY + Math.abs(depth * 1.04 + shiftY);
      sum = sum.plus(shore(x + shiftX, mirrored));
    }
    double fresnel = Curves.mix(0.80, 0.42, Curves.smooth(0, 0.9, depth));
    Light deep = new Light(0.003, 0.007, 0.016);
    return sum.times(fresnel / samples).plus(deep).times(depth < 0.006 ? 0.5 : 1);
  }
}
