package nst.sampledata;

import java.util.Arrays;
import nst.image.RgbImage;

/**
 * Paint on a ground: colour and thickness at every pixel, seen in the end under a light from the
 * upper left that catches its ridges.
 */
final class Canvas {
  private final int width;
  private final int height;
  private final double[] red;
  private final double[] green;
  private final double[] blue;
  private final double[] thickness;

  Canvas(int width, int height, Light ground) {
    this.width = width;
    this.height = height;
    this.red = filled(ground.red());
    this.green = filled(ground.green());
    this.blue = filled(ground.blue());
    this.thickness = new double[width * height];
  }

  private double[] filled(double value) {
    double[] plane = new double[width * height];
    Arrays.fill(plane, value);
    return plane;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Covers a pixel with paint; outside the canvas nothing happens. */
  void cover(int x, int y, Light paint, double opacity) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      return;
    }
    int i = y * width + x;
    red[i] += (paint.red() - red[i]) * opacity;
    green[i] += (paint.green() - green[i]) * opacity;
    blue[i] += (paint.blue() - blue[i]) * opacity;
  }

  /** What lies there lets through only that share of each colour, as ink or watercolour does. */
  void stain(int x, int y, Light filter, double strength) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      return;
    }
    int i = y * width + x;
    red[i] *= Curves.mix(1, filter.red(), strength);
    green[i] *= Curves.mix(1, filter.green(), strength);
    blue[i] *= Curves.mix(1, filter.blue(), strength);
  }

  /** Sets how thick the paint lies, in pixels, mixed with what is there. */
  void pile(int x, int y, double paint, double opacity) {
    if (x >= 0 && y >= 0 && x < width && y < height) {
      int i = y * width + x;
      thickness[i] += (paint - thickness[i]) * opacity;
    }
  }

  /**
   * The painting as a camera sees it.
   *
   * @param relief how strongly thickness catches the light
   */
  RgbImage seen(double relief) {
    float[] planes = new float[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        double slopeX =
            thickness[y * width + Math.min(width - 1, x + 1)]
                - thickness[y * width + Math.max(0, x - 1)];
        double slopeY =
            thickness[Math.min(height - 1, y + 1) * width + x]
                - thickness[Math.max(0, y - 1) * width + x];
        double facing = relief * (slopeX * 0.6 + slopeY * 0.8);
        double shade = 1 + Math.max(-0.45, Math.min(0.6, facing));
        double shine = Math.max(0, facing - 0.30) * 0.22;
        planes[i] = (float) Curves.clamp(Camera.encoded(red[i] * shade + shine));
        planes[width * height + i] = (float) Curves.clamp(Camera.encoded(green[i] * shade + shine));
        planes[2 * width * height + i] =
            (float) Curves.clamp(Camera.encoded(blue[i] * shade + shine));
      }
    }
    return new RgbImage(width, height, planes);
  }
}
