package nst.image.format;

import java.util.Arrays;
import java.util.Optional;
import nst.image.RgbImage;

/**
 * The position of the first frame of an animation on its canvas.
 *
 * @param width the width of the canvas in pixels
 * @param height the height of the canvas in pixels
 * @param left the column of the frame's first pixel
 * @param top the row of the frame's first pixel
 * @param background the colour outside the frame, red, green and blue in 0..255; empty if it is
 *     transparent
 */
public record Canvas(int width, int height, int left, int top, Optional<int[]> background) {

  /** Places the frame on the canvas. What is transparent around it is white. */
  public RgbImage around(RgbImage frame) {
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    float[] planes = new float[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    for (int channel = 0; channel < 3; channel++) {
      int plane = channel * width * height;
      Arrays.fill(planes, plane, plane + width * height, beside(channel));
      for (int y = 0; y < frame.height(); y++) {
        System.arraycopy(
            frame.planes(),
            (channel * frame.height() + y) * frame.width(),
            planes,
            plane + (top + y) * width + left,
            frame.width());
      }
    }
    return new RgbImage(width, height, planes).withAlpha(alphaAround(frame));
  }

  private Optional<float[]> alphaAround(RgbImage frame) {
    if (background.isPresent() && frame.alpha().isEmpty()) {
      return Optional.empty();
    }
    float[] alpha = new float[width * height];
    Arrays.fill(alpha, background.isPresent() ? 1 : 0);
    for (int y = 0; y < frame.height(); y++) {
      int row = (top + y) * width + left;
      if (frame.alpha().isPresent()) {
        int from = y * frame.width();
        System.arraycopy(frame.alpha().get(), from, alpha, row, frame.width());
      } else {
        Arrays.fill(alpha, row, row + frame.width(), 1);
      }
    }
    return Optional.of(alpha);
  }

  private float beside(int channel) {
    return background.map(color -> color[channel] / 255f).orElse(1f);
  }
}
