package nst.sampledata;

/** Snow mountains in the last sun, and their image in a lake with a breath of wind on it. */
final class MountainLake implements Camera.Scene {
  private static final Vector EYE = new Vector(0.3, 0.16, 0.4);
  private static final Vector SUN = new Vector(-0.86, 0.30, -0.42).unit();
  private static final Light SUNLIGHT = new Light(3.6, 1.75, 0.85);
  private static final Light SKYLIGHT = new Light(0.16, 0.23, 0.42);
  private static final double CEILING = 4.2;
  private static final double END = 30;

  private final Noise noise = new Noise(11);
  private final Terrain terrain = new Terrain(this::ground, -15, 0, 30, 1500);

  private double ground(double x, double z) {
    double shore = 4.6 + 0.9 * noise.at(x * 0.35, 3.3) + 0.25 * noise.at(x * 1.7, 9.1);
    double valley = Curves.smooth(0.6, 5.5, Math.abs(x - 0.7));
    double rise = Curves.smooth(shore - 0.2, shore + 6.5, z + 1.8 * valley);
    double ridges = noise.ridged(x * 0.19 + 4.2, z * 0.19 + 1.7, 10);
    double hills = 0.25 * (noise.fractal(x * 0.6, z * 0.6, 7) + 0.4);
    double height = -0.16 + rise * (hills + 4.1 * ridges * Curves.mix(0.5, 1, rise));
    height += 0.42 * Curves.smooth(shore - 0.3, shore + 0.7, z + 1.8 * valley);
    // Conifers: spikes where a forest grows.
    double forest = Curves.smooth(0.9, 0.35, height) * Curves.smooth(0.0, 0.06, height);
    double tree = Math.max(0, noise.at(x * 16, z * 16) + 0.3 * noise.at(x * 37, z * 37));
    return height + forest * 0.13 * tree;
  }

  @Override
  public Light at(double x, double y) {
    Vector direction = new Vector(x * 0.47, y * 0.47 + 0.075, 1).unit();
    return trees(x, y) ? new Light(0.004, 0.006, 0.008) : seen(EYE, direction);
  }

  private Light seen(Vector eye, Vector direction) {
    double ground = terrain.distance(eye, direction, 0.05, END, CEILING);
    double water = direction.y() < 0 ? -eye.y() / direction.y() : Double.POSITIVE_INFINITY;
    if (water < ground) {
      return lake(eye.plus(direction.times(water)), direction, water);
    }
    return land(eye, direction, ground);
  }

  private Light land(Vector eye, Vector direction, double t) {
    if (t == Double.POSITIVE_INFINITY) {
      return sky(direction);
    }
    Vector place = eye.plus(direction.times(t));
    Vector broad = terrain.normal(place.x(), place.z(), 0.05);
    Vector normal = terrain.normal(place.x(), place.z(), 0.012).plus(broad.times(0.6)).unit();
    double strata = noise.fractal(place.x() * 3, place.y() * 9 + place.z() * 3, 5);
    Light rock = new Light(0.15, 0.125, 0.115).times(1 + 0.55 * strata);
    Light wood = new Light(0.018, 0.034, 0.020).times(1 + 0.7 * strata);
    Light snow = new Light(0.82, 0.86, 0.93);
    double snowLine = 0.95 + 0.3 * strata;
    double isSnow =
        Curves.smooth(snowLine, snowLine + 0.45, place.y())
            * Curves.smooth(0.42, 0.66, broad.y() + 0.10 * strata);
    double isWood =
        Curves.smooth(0.95, 0.5, place.y() + 0.2 * strata) * Curves.smooth(0.45, 0.7, broad.y());
    Light surface = rock.mix(wood, isWood).mix(snow, isSnow);
    double sun =
        Math.max(0, normal.dot(SUN))
            * terrain.sunlight(place.plus(normal.times(0.015)), SUN, 9, 0.03);
    double dome = 0.45 + 0.55 * normal.y();
    Light light = SUNLIGHT.times(sun).plus(SKYLIGHT.times(dome * 1.5));
    return hazed(surface.times(light), direction, t, place.y());
  }

  private Light hazed(Light color, Vector direction, double t, double height) {
    Light haze = new Light(0.40, 0.37, 0.47).mix(new Light(0.78, 0.50, 0.38), 0.5 - direction.x());
    double far = 1 - StrictMath.exp(-0.030 * t * (1.25 - Curves.clamp(height / 3.5)));
    double mist = 0.50 * Curves.smooth(0.36, 0.0, height) * Curves.smooth(3, 9, t);
    return color.mix(haze, far).mix(haze, mist);
  }

  private Light sky(Vector direction) {
    double up = Math.max(0, direction.y());
    Light glow = new Light(1.02, 0.60, 0.36);
    Light rose = new Light(0.62, 0.42, 0.50);
    Light blue = new Light(0.13, 0.22, 0.45);
    double side = Curves.clamp(0.5 - 0.9 * direction.x());
    Light low = rose.mix(glow, side);
    Light sky = low.mix(blue, Curves.smooth(-0.05, 0.48, up));
    double scale = 1 / (up + 0.10);
    double u = direction.x() * scale;
    double v = scale * 0.8;
    double shred = noise.fractal(u * 0.55 + 3, v * 1.5 + 7, 7);
    double cover = Curves.smooth(0.02, 0.75, shred) * Curves.smooth(0.06, 0.2, up);
    Light lit =
        new Light(1.25, 0.62, 0.42)
            .mix(new Light(0.42, 0.34, 0.46), Curves.smooth(0.3, 1.0, shred));
    return sky.mix(lit, 0.75 * cover);
  }

  private Light lake(Vector place, Vector direction, double t) {
    double calm =
        0.006
            + 0.020 * Curves.smooth(0.1, 0.55, noise.fractal(place.x() * 0.5, place.z() * 1.4, 3));
    double waveX = noise.fractal(place.x() * 9, place.z() * 26, 3);
    double waveZ = noise.fractal(place.x() * 9 + 50, place.z() * 26, 3);
    Vector normal = new Vector(calm * waveX, 1, 2.2 * calm * waveZ).unit();
    Vector up = direction.reflected(normal);
    Vector mirrored = new Vector(up.x(), Math.max(0.004, up.y()), up.z()).unit();
    double hit = terrain.distance(place, mirrored, 0.02, END, CEILING);
    Light image = land(place, mirrored, hit);
    double glance = 1 - Math.abs(direction.dot(normal));
    double fresnel = 0.06 + 0.94 * StrictMath.pow(glance, 4);
    Light deep = new Light(0.010, 0.028, 0.036);
    Light water = deep.mix(image.times(new Light(0.86, 0.90, 0.94)), fresnel);
    return t > 4 ? hazed(water, direction, t * 0.5, 1) : water;
  }

  /** Conifers on the near bank, against the light. */
  private boolean trees(double x, double y) {
    double[][] stems = {
      {-1.30, -1.02, 1.50},
      {-1.12, -1.06, 1.12},
      {-0.97, -1.10, 0.78},
      {-1.44, -1.0, 1.28},
      {1.34, -1.08, 1.02},
      {1.19, -1.10, 0.70}
    };
    for (int i = 0; i < stems.length; i++) {
      double up = (y - stems[i][1]) / stems[i][2];
      if (up <= 0 || up >= 1) {
        continue;
      }
      double sideways = x - stems[i][0] + 0.008 * noise.at(up * 3, i * 9.7);
      double tiers = 15 * stems[i][2];
      double tier = Curves.fraction(up * tiers + 0.35 * noise.at(up * 11, i, sideways > 0 ? 1 : 5));
      double droop = Math.abs(sideways) * 0.8;
      double needles =
          0.035 * noise.at(x * 70, (y + droop) * 70) + 0.02 * noise.at(x * 170, y * 170);
      double reach = stems[i][2] * (0.015 + 0.17 * (1 - up) * (0.45 + 0.55 * (1 - tier)));
      if (Math.abs(sideways) < reach + needles * (0.4 + reach * 4)) {
        return true;
      }
    }
    double bank =
        -0.90
            - 0.10 * Math.cos(x * 2.1 + 0.4)
            + 0.03 * noise.fractal(x * 4, 2, 5)
            - 0.1 * Curves.bell(x - 0.2, 0.6);
    return y < bank + 0.03 * Math.max(0, noise.at(x * 60, y * 9));
  }
}
