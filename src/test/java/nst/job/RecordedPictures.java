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

/** What other packages' tests need of a run: results with their records, a configuration. */
public final class RecordedPictures {
  private RecordedPictures() {}

  /** A PNG file that carries the record of a row that was made. */
  public static byte[] png(RgbImage image) {
    ImageRecord record = new ImageRecord(ResultJson.write(TestResults.ok("key")), Map.of());
    return ImageEncoder.encode(image, OutputFormat.PNG, 92, record);
  }

  /** Everything at its default. */
  public static RunConfig defaults() {
    return ManifestTest.config();
  }

  /** A request for this photo and painting. */
  public static TransferRequest request(String id, String content, String style) {
    return new TransferRequest(
        id,
        content,
        "",
        java.util.List.of(new TransferRequest.Style(style, 1)),
        defaults().defaults());
  }
}
