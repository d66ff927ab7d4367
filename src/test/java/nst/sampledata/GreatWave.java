package nst.sampledata;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import nst.image.RgbImage;

/** A breaking wave before a far mountain in ink lines and flat blues: after the woodblock print. */
final class GreatWave {
  private static final int WIDTH = 512;
  private static final int HEIGHT = 368;
  private static final int OVERSAMPLING = 2;
  private static final Color INK = new Color(0x1A2744);
  private static final Color DEEP = new Color(0x234A80);
  private static final Color MIDDLE = new Color(0x4F80AC);
  private static final Color PALE = new Color(0xA9C4CC);
  private static final Color FOAM = new Color(0xF4EDDA);
  private static final Color BOAT = new Color(0xD9B777);

  private final Noise noise = new Noise(83);
  private final SplittableRandom random = new SplittableRandom(12);

  RgbImage paint() {
    BufferedImage sheet =
        new BufferedImage(WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING, BufferedImage.TYPE_INT_RGB);
    Graphics2D print = sheet.createGraphics();
    print.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    print.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    print.scale(OVERSAMPLING, OVERSAMPLING);
    sky(print);
    mountain(print);
    farSea(print);
    boat(print, 330, 262, 1.0, -0.10);
    greatWave(print);
    boat(print, 236, 322, 1.25, 0.16);
    nearWaves(print);
    spray(print);
    print.dispose();
    return printed(sheet);
  }

  private static void sky(Graphics2D print) {
    print.setPaint(new GradientPaint(0, 0, new Color(0xE9D8B4), 0, 120, new Color(0xE4D3B2)));
    print.fillRect(0, 0, WIDTH, HEIGHT);
    print.setPaint(
        new GradientPaint(
            0, 110, new Color(0x00A59C8E, true), 0, 262, new Color(0xD06E7688, true)));
    print.fillRect(0, 110, WIDTH, 170);
  }

  private static void mountain(Graphics2D print) {
    Path2D cone =
        curve(
            262, 268, 318, 246, 338, 214, 356, 196, 362, 193, 372, 193, 378, 196, 398, 216, 424,
            248, 490, 268);
    print.setPaint(new GradientPaint(0, 196, new Color(0x3D5F8E), 0, 268, new Color(0x8E9DA8)));
    print.fill(cone);
    print.setPaint(FOAM);
    print.fill(
        lines(
            356, 196, 362, 193, 372, 193, 378, 196, 398, 218, 389, 216, 384, 228, 377, 214, 370,
            232, 363, 215, 354, 226, 350, 212, 340, 216));
    inked(print, cone, 1.3f);
  }

  private void farSea(Graphics2D print) {
    for (int i = 0; i < 4; i++) {
      double y = 262 + 13 * i;
      Path2D wave = new Path2D.Double();
      wave.moveTo(180, HEIGHT);
      wave.lineTo(180, y);
      for (int x = 180; x < WIDTH; x += 34) {
        double lift = 7 + 6 * noise.cell(x, i);
        wave.curveTo(x + 8, y - lift * 0.2, x + 16, y - lift, x + 22, y - lift * 0.8);
        wave.curveTo(x + 26, y - lift * 0.2, x + 30, y + 2, x + 34, y);
      }
      wave.lineTo(WIDTH, HEIGHT);
      wave.closePath();
      print.setPaint(i % 2 == 0 ? MIDDLE : PALE);
      print.fill(wave);
      inked(print, wave, 1.0f);
    }
  }

  private void greatWave(Graphics2D print) {
    double[] inner = {186, 118, 132, 168, 140, 262, 262, 306};
    double[] outer = {-40, 60, -60, 180, -50, 300, -40, 400};
    Path2D body =
        curve(
            -10, 92, 40, 40, 112, 14, 176, 30, 236, 44, 280, 88, 276, 136, 258, 108, 220, 92, 186,
            118, 132, 168, 140, 262, 262, 306, 290, 330, 300, 350, 300, 380, 200, 380, 100, 380,
            -10, 380);
    print.setPaint(DEEP);
    print.fill(body);
    Shape whole = print.getClip();
    print.clip(body);
    for (int i = 0; i < 15; i++) {
      double share = Math.pow((i + 0.4) / 15.0, 0.9);
      Path2D band = new Path2D.Double();
      band.moveTo(between(inner, outer, 0, share), between(inner, outer, 1, share) - 90 * share);
      band.curveTo(
          between(inner, outer, 2, share), between(inner, outer, 3, share),
          between(inner, outer, 4, share), between(inner, outer, 5, share),
          between(inner, outer, 6, share), between(inner, outer, 7, share));
      print.setStroke(
          new BasicStroke(i % 3 == 2 ? 3.2f : 6.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      print.setPaint(i % 3 == 0 ? PALE : i % 3 == 1 ? MIDDLE : FOAM);
      print.draw(band);
      inked(print, band, 0.8f);
    }
    print.setPaint(PALE);
    print.fill(
        curve(
            -10, 92, 40, 40, 112, 14, 176, 30, 236, 44, 280, 88, 276, 136, 262, 96, 224, 66, 172,
            60, 110, 52, 40, 84, -10, 128));
    print.setClip(whole);
    inked(print, body, 1.8f);
    foam(
        print,
        crest(
            curveOf(6, 84, 40, 40, 112, 14, 176, 30),
            curveOf(176, 30, 236, 44, 280, 88, 276, 136),
            curveOf(276, 136, 258, 108, 220, 92, 186, 118)),
        26,
        1.0);
  }

  private void nearWaves(Graphics2D print) {
    Path2D right =
        curve(
            240, 380, 290, 316, 340, 344, 392, 300, 430, 262, 470, 246, 530, 252, 530, 300, 530,
            340, 530, 380);
    swell(print, right, curveOf(250, 350, 400, 296, 512, 250), 10);
    foam(
        print,
        crest(
            curveOf(300, 337, 350, 338, 372, 316, 392, 300),
            curveOf(392, 300, 430, 262, 470, 246, 525, 252)),
        15,
        0.72);
    Path2D left =
        curve(
            -10, 330, 40, 300, 84, 286, 118, 300, 150, 318, 170, 352, 250, 380, 150, 380, 60, 380,
            -10, 380);
    swell(print, left, curveOf(-10, 330, 84, 292, 200, 372), 7);
    foam(
        print,
        crest(
            curveOf(0, 327, 40, 300, 84, 286, 118, 300),
            curveOf(118, 300, 150, 318, 170, 352, 220, 370)),
        15,
        0.72);
  }

  private void swell(Graphics2D print, Path2D body, double[] ridge, int bands) {
    double fromX = ridge[0];
    double fromY = ridge[1];
    double x = ridge[2];
    double y = ridge[3];
    double toX = ridge[4];
    double toY = ridge[5];
    print.setPaint(DEEP);
    print.fill(body);
    Shape whole = print.getClip();
    print.clip(body);
    for (int i = 1; i < bands; i++) {
      double drop = 13.0 * i;
      Path2D band =
          curve(
              fromX - 30,
              fromY + 40 + drop,
              x - 50,
              y + 22 + drop,
              x - 16,
              y + drop,
              x,
              y + drop,
              x + 16,
              y + drop,
              toX - 20,
              toY + drop,
              toX + 30,
              toY + drop);
      print.setStroke(new BasicStroke(i % 2 == 0 ? 3f : 5f));
      print.setPaint(i % 3 == 0 ? FOAM : i % 3 == 1 ? MIDDLE : PALE);
      print.draw(band);
      inked(print, band, 0.7f);
    }
    print.setClip(whole);
    inked(print, body, 1.6f);
  }

  /** White fingers that grip the air along a crest, as the print has them. */
  private void foam(Graphics2D print, List<double[]> crest, double size, double scale) {
    List<Path2D> fingers = new ArrayList<>();
    for (int i = 0; i < crest.size(); i++) {
      double[] place = crest.get(i);
      double grown =
          size
              * (0.45 + 0.75 * Math.pow(i / (double) crest.size(), 0.7))
              * (0.75 + 0.5 * random.nextDouble());
      finger(fingers, place[0], place[1], place[2] + 0.7 * (random.nextDouble() - 0.35), grown, 3);
    }
    print.setPaint(INK);
    print.setStroke(
        new BasicStroke((float) (2.6 * scale), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    fingers.forEach(print::draw);
    print.setPaint(FOAM);
    fingers.forEach(print::fill);
    print.setPaint(PALE);
    print.setStroke(new BasicStroke(0.8f));
    for (int i = 0; i < fingers.size(); i += 3) {
      Rectangle2D box = fingers.get(i).getBounds2D();
      print.draw(new Ellipse2D.Double(box.getCenterX() - 1.6, box.getCenterY() - 1.6, 3.2, 3.2));
    }
  }

  private void finger(
      List<Path2D> fingers, double x, double y, double angle, double length, int depth) {
    double bend = 0.75;
    double endX = x + length * Math.cos(angle + bend * 0.6);
    double endY = y + length * Math.sin(angle + bend * 0.6);
    double half = length * 0.30;
    double outX = x + length * 0.62 * Math.cos(angle - 0.15);
    double outY = y + length * 0.62 * Math.sin(angle - 0.15);
    double inX = x + length * 0.42 * Math.cos(angle + 1.0);
    double inY = y + length * 0.42 * Math.sin(angle + 1.0);
    double sideX = -Math.sin(angle) * half;
    double sideY = Math.cos(angle) * half;
    Path2D finger = new Path2D.Double();
    finger.moveTo(x - sideX, y - sideY);
    finger.quadTo(outX - sideX * 0.6, outY - sideY * 0.6, endX, endY);
    finger.quadTo(inX + sideX * 0.2, inY + sideY * 0.2, x + sideX, y + sideY);
    finger.closePath();
    fingers.add(finger);
    if (depth > 0) {
      finger(
          fingers, outX, outY, angle - 0.5 + 0.3 * random.nextDouble(), length * 0.52, depth - 1);
      finger(
          fingers,
          (x + endX) / 2,
          (y + endY) / 2,
          angle + 0.75 + 0.4 * random.nextDouble(),
          length * 0.50,
          depth - 1);
    }
  }

  private void boat(Graphics2D print, double x, double y, double size, double tilt) {
    Graphics2D turned = (Graphics2D) print.create();
    turned.translate(x, y);
    turned.rotate(tilt);
    turned.scale(size, size);
    Path2D hull =
        curve(-74, -12, -40, 6, 20, 10, 78, -16, 60, 8, 20, 20, -30, 16, -52, 12, -66, 2, -74, -12);
    turned.setPaint(BOAT);
    turned.fill(hull);
    inked(turned, hull, 1.5f);
    Path2D rail = curve(-66, -6, -36, 10, 16, 13, 64, -8);
    inked(turned, rail, 1.0f);
    for (int i = 0; i < 6; i++) {
      double at = -34 + 13.0 * i;
      Path2D rower =
          curve(at - 5, 8, at - 6, -4, at + 2, -6, at + 6, 2, at + 6, 6, at + 5, 9, at - 5, 8);
      turned.setPaint(i % 2 == 0 ? DEEP : MIDDLE);
      turned.fill(rower);
      inked(turned, rower, 0.9f);
      turned.setPaint(BOAT.brighter());
      Ellipse2D head = new Ellipse2D.Double(at + 1, -8, 6, 6);
      turned.fill(head);
      inked(turned, head, 0.9f);
    }
    turned.dispose();
  }

  private void spray(Graphics2D print) {
    print.setPaint(FOAM);
    for (int i = 0; i < 240; i++) {
      double along = random.nextDouble();
      double x = 150 + 190 * along + 30 * (random.nextDouble() - 0.5);
      double y = 18 + 150 * along * along + 110 * random.nextDouble() * random.nextDouble();
      double r = 0.5 + 1.5 * random.nextDouble() * random.nextDouble();
      print.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
    }
  }

  /** Ink and colour on mulberry paper: fibres, the grain of the block, a little uneven. */
  private RgbImage printed(BufferedImage sheet) {
    float[] planes = new float[3 * WIDTH * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double fibre = noise.fractal(x * 0.35, y * 0.35, 3);
        double grain = noise.at(x * 0.012 + 0.8 * noise.at(x * 0.004, y * 0.02), y * 0.28);
        for (int channel = 0; channel < 3; channel++) {
          double sum = 0;
          for (int i = 0; i < OVERSAMPLING * OVERSAMPLING; i++) {
            int pixel =
                sheet.getRGB(
                    x * OVERSAMPLING + i % OVERSAMPLING, y * OVERSAMPLING + i / OVERSAMPLING);
            sum += (pixel >> (16 - 8 * channel) & 0xFF) / 255.0;
          }
          double color = sum / (OVERSAMPLING * OVERSAMPLING);
          double worn = color + (0.94 - color) * Math.max(0, 0.10 * grain + 0.07 * fibre + 0.03);
          planes[(channel * HEIGHT + y) * WIDTH + x] =
              (float) Curves.clamp(worn * (0.985 + 0.035 * fibre));
        }
      }
    }
    return new RgbImage(WIDTH, HEIGHT, planes);
  }

  private static void inked(Graphics2D print, Shape outline, float breadth) {
    print.setPaint(INK);
    print.setStroke(new BasicStroke(breadth, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    print.draw(outline);
  }

  /** A start and cubic Bezier pieces of three points each; straight on where points are left. */
  private static Path2D curve(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    int i = 2;
    for (; i + 5 < points.length; i += 6) {
      path.curveTo(
          points[i], points[i + 1], points[i + 2], points[i + 3], points[i + 4], points[i + 5]);
    }
    for (; i + 1 < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    return path;
  }

  private static Path2D lines(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i + 1 < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
    return path;
  }

  private static double[] curveOf(double... points) {
    return points;
  }

  /** Places along Bezier pieces with the direction outwards: x, y, angle. */
  private static List<double[]> crest(double[]... pieces) {
    List<double[]> crest = new ArrayList<>();
    for (double[] p : pieces) {
      double span = Math.hypot(p[6] - p[0], p[7] - p[1]);
      int count = (int) Math.max(4, span / 7);
      for (int i = 0; i < count; i++) {
        double t = (i + 0.5) / count;
        double s = 1 - t;
        double x =
            s * s * s * p[0] + 3 * s * s * t * p[2] + 3 * s * t * t * p[4] + t * t * t * p[6];
        double y =
            s * s * s * p[1] + 3 * s * s * t * p[3] + 3 * s * t * t * p[5] + t * t * t * p[7];
        double dx = s * s * (p[2] - p[0]) + 2 * s * t * (p[4] - p[2]) + t * t * (p[6] - p[4]);
        double dy = s * s * (p[3] - p[1]) + 2 * s * t * (p[5] - p[3]) + t * t * (p[7] - p[5]);
        crest.add(new double[] {x, y, Math.atan2(dy, dx) - 0.35});
      }
    }
    return crest;
  }

  private static double between(double[] a, double[] b, int i, double share) {
    return a[i] + (b[i] - a[i]) * share;
  }
}
