package nst.job;

import java.util.Map;
import nst.image.RgbImage;
import nst.image.codec.ImageEncoder;
import nst.image.record.ImageRecord;
import nst.job.manifest.ManifestTest;
import nst.model.RunConfig;
import nst.model.TransferRequest;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.record.ResultJson;

/** Creates results with their records, and a configuration, for tests in other packages. */
public final class RecordedPictures {
  private RecordedPictures() {}

  /** Returns a PNG file with the record of a computed row. */
  public static byte[] png(RgbImage image) {
    ImageRecord record = new ImageRecord(ResultJson.write(TestResults.ok("key")), Map.of());
    return ImageEncoder.encode(image, OutputFormat.PNG, 92, pixels -> record);
  }

  /** Returns the default configuration. */
  public static RunConfig defaults() {
    return ManifestTest.config();
  }

  /** Returns a request for this photo and painting. */
  public static TransferRequest request(String id, String content, String style) {
    return new TransferRequest(
        id,
        content,
        "",
        java.util.List.of(new TransferRequest.Style(style, 1)),
        defaults().defaults());
  }
}
