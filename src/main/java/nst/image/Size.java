package nst.image;

/** Width and height in pixels. */
public record Size(int width, int height) {
  public int longest() {
    return Math.max(width, height);
  }

  public int shortest() {
    return Math.min(width, height);
  }

  public long area() {
    return (long) width * height;
  }

  /** Multiplies both sides by a factor and rounds them; each is at least 1. */
  public Size times(double factor) {
    return new Size(
        (int) Math.max(1, Math.round(width * factor)),
        (int) Math.max(1, Math.round(height * factor)));
  }
}
