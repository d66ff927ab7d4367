package nst.sampledata;

/** Dunes in the first light: long windward slopes, sharp crests, ripples, a caravan far off. */
final class Dunes implements Camera.Scene {
  private static final Vector SUN = new Vector(-0.9, 0.34, -0.05).unit();
  private static final Light SUNLIGHT = new Light(3.3, 2.25, 1.25);
  private static final Light SKYLIGHT = new Light(0.22, 0.30, 0.46);
  private static final double CEILING = 3.4;
  private static final double END = 60;

  private final Noise noise = new Noise(23);
  private final Terrain terrain = new Terrain(this::ground, -30, -2, 60, 1800);
  private final Vector eye = new Vector(8, terrain.height(8, 4) + 0.95, 4);

  private double ground(double x, double z) {
    double large = dune(x, z, 9.5, 1.9, 0.0);
    double middle = dune(x * 0.9 + z * 0.35 + 40, z, 4.1, 0.55, 5.0);
    double far = 1.3 * Curves.smooth(14, 34, z) * (0.6 + noise.at(x * 0.08, z * 0.08, 4));
    return large + middle + far + 0.10 * noise.fractal(x * 0.3, z * 0.3, 4);
  }

  /** A saw with its steep side away from the wind, bent and broken by noise. */
  private double dune(double x, double z, double length, double height, double slice) {
    double bend =
        3.2 * noise.at(x / length * 0.8, z / length * 0.55, slice)
            + 0.7 * noise.at(x / length * 2.1, z / length * 1.5, slice + 1);
    double phase = Curves.fraction((x * 0.8 + z * 0.45) / length + bend * 0.33);
    double windward = phase / 0.72;
    double slip = (1 - phase) / 0.28;
    double profile =
        Math.min(windward * windward * (1.6 - 0.6 * windward), slip * (1.25 - 0.25 * slip));
    double strength = Curves.smooth(-0.55, 0.5, noise.at(x * 0.11, z * 0.09, slice + 2));
    return height * profile * (0.25 + 0.75 * strength);
  }

  @Override
  public Light at(double x, double y) {
    Vector direction = new Vector(x * 0.42, y * 0.42 - 0.075, 1).unit();
    double t = terrain.distance(eye, direction, 0.1, END, CEILING);
    if (t == Double.POSITIVE_INFINITY) {
      return sky(direction);
    }
    Vector place = eye.plus(direction.times(t));
    Vector broad = terrain.normal(place.x(), place.z(), 0.05);
    double lee = Math.max(0, broad.x());
    double ripple = ripples(place, t) * Curves.smooth(0.42, 0.1, lee);
    Vector normal = new Vector(broad.x() + ripple, broad.y(), broad.z() + 0.3 * ripple).unit();
    double sun =
        Math.max(0, normal.dot(SUN))
            * terrain.sunlight(place.plus(broad.times(0.02)), SUN, 8, 0.05);
    double tone =
        1
            + 0.10 * noise.fractal(place.x() * 1.3, place.z() * 1.3, 5)
            + 0.10 * noise.at(place.x() * 60, place.z() * 60);
    Light sand = new Light(0.56, 0.27, 0.105).times(tone);
    double bounce = 0.12 * (1 - normal.y());
    Light light =
        SUNLIGHT
            .times(sun)
            .plus(SKYLIGHT.times(0.5 + 0.5 * normal.y()))
            .plus(new Light(0.9, 0.5, 0.25).times(bounce));
    double far = 1 - StrictMath.exp(-0.014 * t);
    return sand.times(light).mix(haze(direction), far);
  }

  /** The slope of the wind's ripples, which fade with distance before they could alias. */
  private double ripples(Vector place, double t) {
    double warp = 0.55 * noise.fractal(place.x() * 1.1, place.z() * 1.1, 3);
    double phase = (place.x() * 1.0 + place.z() * 0.22 + warp) * 46;
    double strength = 0.5 + 0.5 * noise.at(place.x() * 0.7, place.z() * 0.7, 8);
    return 0.24 * Math.cos(phase) * strength * Curves.smooth(11, 3, t);
  }

  private Light haze(Vector direction) {
    return new Light(0.62, 0.46, 0.36)
        .mix(new Light(0.95, 0.60, 0.34), Curves.smooth(0.3, -0.6, direction.x()));
  }

  private Light sky(Vector direction) {
    double up = Math.max(0, direction.y());
    Light high = new Light(0.09, 0.20, 0.47);
    Light sky = haze(direction).mix(high, Curves.smooth(-0.06, 0.42, up));
    double veil = noise.fractal(direction.x() / (up + 0.12) * 0.7, 1.1 / (up + 0.12), 6);
    return sky.mix(
        new Light(1.0, 0.86, 0.74),
        0.45 * Curves.smooth(0.1, 0.9, veil) * Curves.smooth(0.05, 0.2, up));
  }
}
