package nst.sampledata;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** The mask of the portrait: white for the background, black for the person. */
final class SampleMask {
  static final String PATH = "content/astronaut_backdrop.png";

  private static final int WIDTH = 651;
  private static final int HEIGHT = 768;

  /** The outline of the person in pixels of the photo: x, y, x, y, ... */
  private static final int[] OUTLINE = {
    440, 70, 413, 61, 409, 56, 396, 51, 329, 52, 308, 58, 304, 63, 299, 64, 272, 92,
    256, 121, 248, 160, 248, 195, 253, 219, 250, 245, 261, 273, 270, 288, 272, 300, 281, 309,
    284, 329, 257, 340, 229, 358, 211, 376, 202, 391, 188, 404, 188, 431, 180, 432, 180, 444,
    175, 445, 167, 464, 142, 470, 118, 491, 106, 498, 86, 502, 82, 506, 76, 528, 72, 532,
    59, 533, 55, 547, 31, 574, 28, 610, 12, 648, 7, 653, 0, 653, 0, 768, 651, 768,
    651, 551, 642, 548, 628, 525, 611, 507, 578, 484, 578, 469, 582, 467, 579, 447, 574, 447,
    572, 444, 568, 417, 561, 413, 546, 388, 528, 370, 528, 367, 523, 367, 518, 363, 517, 358,
    511, 358, 510, 355, 465, 333, 465, 321, 471, 303, 473, 282, 492, 238, 492, 204, 495, 198,
    494, 168, 486, 133, 476, 120, 475, 112, 468, 107, 468, 102, 461, 89,
  };

  private SampleMask() {}

  static BufferedImage image() {
    Polygon person = new Polygon();
    for (int i = 0; i < OUTLINE.length; i += 2) {
      person.addPoint(OUTLINE[i], OUTLINE[i + 1]);
    }
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.setColor(Color.BLACK);
    pen.fill(person);
    pen.dispose();
    return image;
  }

  static byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image(), "png", bytes);
    return bytes.toByteArray();
  }
}
