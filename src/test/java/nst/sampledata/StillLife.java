package nst.sampledata;

/** Fruit on a table by a window: signed distances, a soft window light, and a wall in the dark. */
final class StillLife implements Camera.Scene {
  private static final Vector EYE = new Vector(0.05, 1.15, -4.6);
  private static final Vector WINDOW = new Vector(-0.72, 0.58, -0.42).unit();
  private static final Light WINDOWLIGHT = new Light(2.3, 1.9, 1.45);
  private static final Light ROOMLIGHT = new Light(0.16, 0.15, 0.16);

  private enum Thing {
    TABLE,
    WALL,
    APPLE,
    GREEN_APPLE,
    ORANGE,
    LEMON,
    PEAR,
    GRAPES,
    BOWL,
    STEM,
    CLOTH
  }

  private static final double[][] GRAPES = new double[26][];

  private final Noise noise = new Noise(41);

  static {
    Noise scatter = new Noise(43);
    for (int i = 0; i < GRAPES.length; i++) {
      double layer = i < 14 ? 0 : i < 22 ? 1 : 2;
      GRAPES[i] =
          new double[] {
            1.28 + (0.46 - 0.12 * layer) * (2 * scatter.cell(i, 1) - 1) * 1.15,
            0.135 + 0.17 * layer,
            -0.62 + (0.26 - 0.07 * layer) * (2 * scatter.cell(i, 2) - 1),
            0.125 + 0.03 * scatter.cell(i, 3)
          };
    }
  }

  @Override
  public Light at(double x, double y) {
    Vector direction = new Vector(x * 0.40, y * 0.40 - 0.125, 1).unit();
    double t = 2.5;
    for (int step = 0; step < 130 && t < 12; step++) {
      double d = distance(EYE.plus(direction.times(t)));
      if (d < 0.0006 * t) {
        break;
      }
      t += 0.85 * d;
    }
    return shaded(EYE.plus(direction.times(t)), direction);
  }

  private double distance(Vector p) {
    double nearest = Double.POSITIVE_INFINITY;
    for (Thing thing : Thing.values()) {
      nearest = Math.min(nearest, distance(thing, p));
    }
    return nearest;
  }

  private double distance(Thing thing, Vector p) {
    return switch (thing) {
      case TABLE -> Math.max(p.y(), p.z() - 2.3);
      case WALL -> 3.6 - p.z();
      case APPLE -> Math.min(apple(p, -0.42, 0.78, 0.05, 0.46), apple(p, -1.50, 0.41, -0.55, 0.44));
      case GREEN_APPLE -> apple(p, 0.42, 0.82, 0.22, 0.44);
      case ORANGE -> orange(p);
      case LEMON -> lemon(p, -0.62, 0.27, -1.08);
      case PEAR -> pear(p);
      case GRAPES -> grapes(p);
      case BOWL -> bowl(p);
      case STEM ->
          Math.min(
              stem(p, -0.42, 1.12, 0.05, 0.25),
              Math.min(stem(p, -1.50, 0.73, -0.55, -0.2), stem(p, 0.42, 1.14, 0.22, 0.1)));
      case CLOTH -> cloth(p);
    };
  }

  private static double apple(Vector p, double x, double y, double z, double size) {
    double dx = p.x() - x;
    double dy = (p.y() - y) * 1.06;
    double dz = p.z() - z;
    double around = Math.sqrt(dx * dx + dz * dz);
    double dimple = 0.30 * size * Curves.bell(around, 0.26 * size);
    double lifted = dy + (dy > 0 ? dimple : -0.5 * dimple);
    double taper = 1 + 0.14 * dy / size;
    return (Math.sqrt(around * around / (taper * taper) + lifted * lifted) - size) * 0.8;
  }

  private double orange(Vector p) {
    Vector q = p.minus(new Vector(0.02, 0.84, -0.45));
    if (q.length() > 0.7) {
      return q.length() - 0.6;
    }
    double pores = 0.0018 * noise.at(q.x() * 38, q.y() * 38, q.z() * 38);
    return (q.length() - 0.43 + pores) * 0.9;
  }

  private double lemon(Vector p, double x, double y, double z) {
    Vector q = p.minus(new Vector(x, y, z));
    if (q.length() > 0.8) {
      return q.length() - 0.6;
    }
    double along = q.x() * 0.86 + q.z() * 0.5;
    double rest = Math.sqrt(Math.max(0, q.dot(q) - along * along));
    double tip = Math.max(0, Math.abs(along) - 0.26);
    double bumps = 0.003 * noise.at(q.x() * 24, q.y() * 24, q.z() * 24);
    double body = Math.sqrt(rest * rest + along * along * 0.55) - 0.275 + bumps;
    double nipple = Math.sqrt(rest * rest + (tip - 0.10) * (tip - 0.10)) - 0.055;
    return blended(body, Math.abs(along) > 0.2 ? nipple : 1, 0.10) * 0.7;
  }

  private static double pear(Vector p) {
    Vector q = p.minus(new Vector(0.78, 0, -0.95));
    double lean = q.x() + 0.16 * q.y();
    double body = Math.sqrt(lean * lean + (q.y() - 0.40) * (q.y() - 0.40) + q.z() * q.z()) - 0.39;
    double neck = Math.sqrt(lean * lean + (q.y() - 0.88) * (q.y() - 0.88) + q.z() * q.z()) - 0.18;
    double stalk =
        Math.max(
            Math.sqrt((lean + 0.0) * lean + q.z() * q.z()) - 0.022, Math.abs(q.y() - 1.12) - 0.12);
    return Math.min(blended(body, neck, 0.32), stalk) * 0.8;
  }

  private static double grapes(Vector p) {
    if (p.minus(new Vector(1.28, 0.3, -0.62)).length() > 1.2) {
      return p.minus(new Vector(1.28, 0.3, -0.62)).length() - 1;
    }
    double nearest = Double.POSITIVE_INFINITY;
    for (double[] grape : GRAPES) {
      double dx = p.x() - grape[0];
      double dy = p.y() - grape[1];
      double dz = p.z() - grape[2];
      nearest = Math.min(nearest, Math.sqrt(dx * dx + dy * dy + dz * dz) - grape[3]);
    }
    return nearest;
  }

  private static double bowl(Vector p) {
    Vector q = p.minus(new Vector(0, 0.98, -0.1));
    double around = Math.sqrt(q.x() * q.x() + q.z() * q.z());
    double shell = Math.abs(Math.sqrt(around * around + q.y() * q.y() * 1.5) - 0.98) - 0.025;
    double foot = Math.max(Math.abs(around - 0.40) - 0.03, Math.abs(q.y() + 0.91) - 0.07);
    return Math.min(Math.max(shell, q.y() + 0.42), foot) * 0.7;
  }

  private static double stem(Vector p, double x, double y, double z, double lean) {
    double up = p.y() - y;
    double dx = p.x() - x - lean * up;
    double dz = p.z() - z;
    return Math.max(Math.sqrt(dx * dx + dz * dz) - 0.018, Math.abs(up) - 0.12) * 0.8;
  }

  private double cloth(Vector p) {
    if (p.y() > 0.5) {
      return p.y() - 0.3; // far above its highest fold: no need to look closer
    }
    double fold =
        0.05 * Math.sin(p.x() * 5 + 2 * Math.sin(p.z() * 1.4))
            + 0.04 * noise.at(p.x() * 2, p.z() * 2);
    double sheet = Math.abs(p.y() - 0.06 - fold) - 0.012;
    double edge = p.z() + 0.25 + 0.25 * p.x() + 0.08 * noise.at(p.x() * 1.5, 5);
    double outside = Math.max(edge, Math.max(-2.5 - p.z(), p.x() - 0.15 + 0.3 * (p.z() + 1)));
    return Math.max(sheet, outside) * 0.6;
  }

  private static double blended(double a, double b, double width) {
    double h = Math.max(0, width - Math.abs(a - b)) / width;
    return Math.min(a, b) - h * h * width * 0.25;
  }

  private Light shaded(Vector p, Vector direction) {
    Thing thing = nearest(p);
    Vector normal = normal(p);
    Light surface = surface(thing, p, normal);
    double lit = windowShare(p.plus(normal.times(0.012)));
    double wrap =
        thing == Thing.GRAPES ? 0.35 : thing == Thing.TABLE || thing == Thing.WALL ? 0 : 0.12;
    double facing = Math.max(0, (normal.dot(WINDOW) + wrap) / (1 + wrap));
    double open = openness(p, normal);
    double fall =
        thing == Thing.WALL
            ? 0.10 + 0.25 * Curves.bell(p.x() + 1.6, 1.6) * Curves.bell(p.y() - 1.9, 1.3)
            : 1;
    Light light = WINDOWLIGHT.times(facing * lit * fall).plus(ROOMLIGHT.times(open * fall));
    Light bounce = new Light(0.30, 0.17, 0.09).times(open * Curves.clamp(0.35 - 0.5 * normal.y()));
    Light color = surface.times(light.plus(bounce));
    double gloss = gloss(thing);
    if (gloss > 0) {
      Vector half = WINDOW.minus(direction).unit();
      double shine = StrictMath.pow(Math.max(0, half.dot(normal)), gloss > 0.5 ? 220 : 50);
      double rim = StrictMath.pow(1 + direction.dot(normal), 4);
      color =
          color
              .plus(WINDOWLIGHT.times(gloss * lit * shine))
              .plus(new Light(0.30, 0.28, 0.27).times(0.5 * gloss * rim * open));
    }
    return color;
  }

  private static double gloss(Thing thing) {
    return switch (thing) {
      case APPLE, GREEN_APPLE -> 0.55;
      case GRAPES -> 0.6;
      case BOWL -> 0.9;
      case ORANGE, LEMON -> 0.25;
      case PEAR -> 0.18;
      case TABLE -> 0.06;
      case WALL, STEM, CLOTH -> 0;
    };
  }

  private Thing nearest(Vector p) {
    Thing nearest = Thing.TABLE;
    double distance = Double.POSITIVE_INFINITY;
    for (Thing thing : Thing.values()) {
      double d = distance(thing, p);
      if (d < distance) {
        distance = d;
        nearest = thing;
      }
    }
    return nearest;
  }

  private Vector normal(Vector p) {
    double e = 0.0025;
    double d = distance(p);
    return new Vector(
            distance(p.plus(new Vector(e, 0, 0))) - d,
            distance(p.plus(new Vector(0, e, 0))) - d,
            distance(p.plus(new Vector(0, 0, e))) - d)
        .unit();
  }

  private double windowShare(Vector from) {
    double share = 1;
    double t = 0.02;
    for (int step = 0; step < 40 && t < 4 && share > 0.003; step++) {
      double d = distance(from.plus(WINDOW.times(t)));
      share = Math.min(share, 0.5 + d / (0.22 * t));
      t += Math.max(0.02, Math.min(0.2, Math.abs(d)));
    }
    double s = Curves.clamp(share);
    return s * s * (3 - 2 * s);
  }

  private double openness(Vector p, Vector normal) {
    double shut = 0;
    double weight = 1;
    for (int i = 1; i <= 5; i++) {
      double reach = 0.05 * i * i * 0.6 + 0.01;
      shut += weight * (reach - distance(p.plus(normal.times(reach)))) / reach;
      weight *= 0.72;
    }
    return Curves.clamp(1 - 0.34 * shut);
  }

  private Light surface(Thing thing, Vector p, Vector normal) {
    double mottle = noise.fractal(p.x() * 4 + p.z() * 2, p.y() * 4, 5);
    return switch (thing) {
      case TABLE -> {
        double grain =
            noise.fractal(p.x() * 0.9, p.z() * 11 + 0.5 * noise.at(p.x() * 1.2, p.z() * 2), 6);
        double seam = Curves.smooth(0.010, 0.022, Math.abs(Curves.fraction(p.z() * 0.62) - 0.5));
        yield new Light(0.20, 0.098, 0.045).times((1 + 0.55 * grain) * Curves.mix(0.35, 1, seam));
      }
      case WALL ->
          new Light(0.17, 0.15, 0.125).times(1 + 0.35 * noise.fractal(p.x() * 0.9, p.y() * 0.9, 6));
      case APPLE -> {
        double angle = StrictMath.atan2(p.z() + 0.2, p.x() + (p.x() < -0.95 ? 1.5 : 0.42));
        double streak = noise.fractal(angle * 9, p.y() * 1.6, 4);
        double blush =
            Curves.smooth(-0.5, 0.55, streak + 0.9 * noise.at(p.x() * 1.3, p.y() * 1.3, 3) + 0.35);
        yield new Light(0.68, 0.42, 0.07)
            .mix(new Light(0.46, 0.022, 0.020), blush)
            .times(1 + 0.12 * mottle);
      }
      case GREEN_APPLE -> {
        double speck = Curves.smooth(0.45, 0.6, noise.at(p.x() * 22, p.y() * 22, p.z() * 22));
        yield new Light(0.32, 0.46, 0.055)
            .mix(new Light(0.60, 0.55, 0.13), 0.5 * mottle + 0.2)
            .mix(new Light(0.7, 0.75, 0.4), 0.5 * speck);
      }
      case ORANGE -> new Light(0.84, 0.31, 0.022).times(1 + 0.10 * mottle);
      case LEMON -> new Light(0.86, 0.66, 0.055).times(1 + 0.10 * mottle);
      case PEAR -> {
        double freckle = Curves.smooth(0.35, 0.6, noise.at(p.x() * 30, p.y() * 30, p.z() * 30));
        Light skin =
            new Light(0.55, 0.50, 0.11)
                .mix(
                    new Light(0.60, 0.24, 0.08),
                    Curves.smooth(-0.2, 0.9, mottle + 0.7 * (p.x() - 0.78)));
        yield p.y() > 1.05
            ? new Light(0.10, 0.06, 0.03)
            : skin.mix(new Light(0.20, 0.13, 0.05), 0.6 * freckle);
      }
      case GRAPES ->
          new Light(0.085, 0.016, 0.075)
              .mix(
                  new Light(0.20, 0.18, 0.26),
                  0.35 * Curves.smooth(-0.2, 0.7, mottle + 0.4 * normal.y()));
      case BOWL -> {
        double band =
            Curves.smooth(0.05, 0.035, Math.abs(p.y() - 0.44))
                + Curves.smooth(0.012, 0.006, Math.abs(p.y() - 0.34));
        yield new Light(0.60, 0.62, 0.62)
            .mix(new Light(0.035, 0.075, 0.24), Curves.clamp(band))
            .times(1 + 0.04 * mottle);
      }
      case STEM -> new Light(0.09, 0.055, 0.025);
      case CLOTH -> {
        double stripe =
            Curves.smooth(0.42, 0.46, Math.abs(Curves.fraction(p.x() * 1.6 + 0.2) - 0.5));
        double weave = 1 + 0.08 * Math.sin(p.x() * 190) * Math.sin(p.z() * 190);
        yield new Light(0.66, 0.62, 0.54).mix(new Light(0.10, 0.15, 0.32), stripe).times(weave);
      }
    };
  }
}
