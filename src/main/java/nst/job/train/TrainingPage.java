package nst.job.train;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.engine.NetworkTraining;
import nst.engine.stylenetwork.TrainingSample;
import nst.image.RgbImage;
import nst.image.codec.Thumbnail;
import nst.record.NetworkRecipe;
import nst.record.TrainingLog;
import nst.report.NetworkHtml;
import nst.report.NetworkReport;
import nst.report.PageImage;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;

/** Writes the page about a training. */
record TrainingPage(ObjectStore store, NetworkLayout layout) {
  /** Pictures on the page. */
  private static final int MOST_SAMPLES = 24;

  /** The longest side of a picture on the page, in pixels. */
  private static final int LARGEST = 512;

  void write(
      NetworkRecipe recipe,
      TrainingLog log,
      HeldOutPhotos heldOut,
      NetworkTraining training,
      Map<String, String> leftOut) {
    List<NetworkReport.Sample> samples = new ArrayList<>();
    for (HeldOutPhotos.Named photo : heldOut.photos()) {
      for (int look = 0; look < heldOut.looks() && samples.size() < MOST_SAMPLES; look++) {
        RgbImage square = photo.squares().get(look);
        RgbImage picture = training.picture(new TrainingSample(square, look));
        samples.add(new NetworkReport.Sample(photo.name(), look, image(square), image(picture)));
      }
    }
    StringWriter page = new StringWriter();
    try {
      NetworkHtml.write(
          new NetworkReport(layout.key(), recipe, log.curve(), samples, leftOut), page);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the page of " + layout.network(), e);
    }
    store.write(layout.page(), page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static PageImage image(RgbImage image) {
    RgbImage shrunk = Thumbnail.shrunk(image, LARGEST);
    return PageImage.jpeg(Thumbnail.jpeg(shrunk), shrunk.width(), shrunk.height());
  }
}
