package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nst.job.manifest.ManifestTest;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.record.ReportedRow;
import nst.storage.ForwardingStore;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ReportPageTest {
  @TempDir Path output;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // without the deadline it would wait forever
  void lacksAPhotoThatNeverComes() {
    ObjectStore files = new HadoopObjectStore(new Configuration(false));
    RunConfig config = ManifestTest.config(Map.of(), Map.of(Setting.OBJECT_SECONDS, 1L));

    new ReportPage(new PageOfLargePhotos.Noise(files), policy -> new Silent(files), config)
        .write(
            PageOfLargePhotos.run("file:" + output, 1),
            PageOfLargePhotos.rows(1),
            Optional.empty());

    assertThat(output.resolve("runs/run_date=2026-01-01/run_id=large/report/index.html"))
        .content()
        .contains("row 0");
  }

  @Test
  void comparesRowsWithTheConfigurationOfTheirRun() {
    RunConfig ofRun =
        ManifestTest.config(Map.of(Knob.CONTENT_WEIGHT, 0.4), Map.of(Setting.PRICE_PER_HOUR, 3.25));
    List<ReportedRow> rows =
        List.of(
            row(0, ofRun.defaults()), // as a row that sets nothing
            row(1, ofRun.defaults().with(Knob.CONTENT_WEIGHT, "0.125")));
    ObjectStore files =
        new PageOfLargePhotos.Noise(new HadoopObjectStore(new Configuration(false)));

    new ReportPage(files, policy -> files, ManifestTest.config())
        .write(PageOfLargePhotos.run("file:" + output, 2, ofRun), rows, Optional.empty());

    Path report = output.resolve("runs/run_date=2026-01-01/run_id=large/report");
    assertThat(report.resolve("data/rows-0.js"))
        .content()
        .contains("\"knobs\":{\"content_weight\":{\"values\":[\"\",\"0.125\"]");
    assertThat(report.resolve("index.html")).content().contains("3.25");
  }

  private static ReportedRow row(int number, Hyperparameters values) {
    ReportedRow row = PageOfLargePhotos.rows(number + 1).get(number);
    TransferRequest request = row.request().orElseThrow();
    return new ReportedRow(
        row.row(),
        row.id(),
        row.key(),
        row.status(),
        row.failure(),
        Optional.of(new TransferRequest(row.id(), request.content(), "", request.styles(), values)),
        row.outputUri(),
        row.measured(),
        row.own());
  }

  @Test
  void readsNoMoreInputsFromStorageThatFailedThreeTimes() {
    ObjectStore files = new HadoopObjectStore(new Configuration(false));
    Failing failing = new Failing(files);

    new ReportPage(new PageOfLargePhotos.Noise(files), policy -> failing, ManifestTest.config())
        .write(
            PageOfLargePhotos.run("file:" + output, 5),
            PageOfLargePhotos.rows(5),
            Optional.empty());

    assertThat(failing.reads).isEqualTo(3);
    assertThat(output.resolve("runs/run_date=2026-01-01/run_id=large/report/index.html"))
        .content()
        .contains("row 4");
  }

  /** Fails like a storage that is not available. */
  private static final class Failing extends ForwardingStore {
    private int reads;

    Failing(ObjectStore store) {
      super(store);
    }

    @Override
    public byte[] read(String uri, long maxBytes) {
      reads++;
      throw new TransferException(ErrorCode.IO_ERROR, "down");
    }
  }

  /** Never answers. */
  private static final class Silent extends ForwardingStore {
    Silent(ObjectStore store) {
      super(store);
    }

    @Override
    public byte[] read(String uri, long maxBytes) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IllegalStateException("expected to be interrupted for good at " + uri);
    }
  }
}
