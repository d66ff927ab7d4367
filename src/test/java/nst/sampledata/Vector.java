package nst.sampledata;

/** A place or direction: x to the right, y up, z away from the viewer. */
record Vector(double x, double y, double z) {
  Vector plus(Vector other) {
    return new Vector(x + other.x, y + other.y, z + other.z);
  }

  Vector minus(Vector other) {
    return new Vector(x - other.x, y - other.y, z - other.z);
  }

  Vector times(double factor) {
    return new Vector(x * factor, y * factor, z * factor);
  }

  double dot(Vector other) {
    return x * other.x + y * other.y + z * other.z;
  }

  double length() {
    return Math.sqrt(dot(this));
  }

  Vector unit() {
    return times(1 / length());
  }

  /** Mirrored at a plane of that normal. */
  Vector reflected(Vector normal) {
    return minus(normal.times(2 * dot(normal)));
  }
}
