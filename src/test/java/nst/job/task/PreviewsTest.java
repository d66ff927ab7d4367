package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import nst.engine.IterateListener;
import nst.image.RgbImage;
import nst.job.TestResults;
import nst.job.manifest.ManifestTest;
import nst.job.task.WatchedRow.Done;
import nst.job.task.WatchedRow.InWork;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import org.junit.jupiter.api.Test;

class PreviewsTest {
  private static final PlannedRow ROW = new PlannedRow(TestResults.REQUEST, "00ff", "file:/o", 1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // the clock may overflow
  private final List<WatchedRow> told = new ArrayList<>();
  private final Previews previews = new Previews(Duration.ofSeconds(15), nanos::get, told::add);

  @Test
  void sendsTheFirstIterateAndThenOneInEachPeriod() {
    IterateListener listener = previews.of(ROW);
    for (int iteration = 0; iteration < 40; iteration++) {
      listener.computed(sample(iteration), PreviewsTest::picture);
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    previews.of(ROW).computed(sample(40), PreviewsTest::picture);

    assertThat(told).map(row -> ((InWork) row).iteration()).containsExactly(0, 15, 30);
    InWork first = (InWork) told.get(0);
    assertThat(first.id()).isEqualTo(TestResults.REQUEST.id());
    assertThat(first.iterations()).isEqualTo(1000);
    assertThat(first.picture().width()).isEqualTo(320);
    assertThat(first.picture().height()).isEqualTo(160);
  }

  @Test
  void aPictureThatCannotBeMadeFailsNoRowAndIsNotTriedAgain() {
    Supplier<RgbImage> broken =
        () -> {
          throw new IllegalStateException("no device");
        };
    previews.of(ROW).computed(sample(0), broken);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    previews.of(ROW).computed(sample(1), PreviewsTest::picture);

    assertThat(told).isEmpty();
  }

  @Test
  void thereAreNoPreviewsUnlessConfigured() {
    assertThat(Previews.of(ManifestTest.config(), told::add)).isEmpty();
    assertThat(
            Previews.of(
                ManifestTest.config(Map.of(), Map.of(Setting.REPORT_WATCH_SECONDS, 60L)),
                told::add))
        .isPresent();
  }

  @Test
  void messagesCanBeSent() throws IOException, ClassNotFoundException {
    previews.of(ROW).computed(sample(3), PreviewsTest::picture);
    InWork sent = (InWork) told.get(0);
    InWork arrived = (InWork) copied(sent);
    assertThat(arrived.picture().getDataUri()).isEqualTo(sent.picture().getDataUri());
    assertThat(arrived.iteration()).isEqualTo(3);

    Done ok = Done.of(ROW, TestResults.ok("00ff"));
    assertThat(copied(ok)).isEqualTo(ok);
    assertThat(ok.saved().styleLoss()).isEqualTo(0.3);
    Done failed = Done.of(ROW, TestResults.failed("00ff", ErrorCode.NOT_FOUND));
    assertThat(copied(failed)).isEqualTo(failed);
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.code()).isEqualTo("NOT_FOUND");
    assertThat(Done.of(ROW, TestResults.unmeasured("00ff")).saved()).isNull();
  }

  private static Object copied(Object message) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(message);
    }
    return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }

  private static RgbImage picture() {
    return new RgbImage(640, 320, new float[3 * 640 * 320]);
  }

  private static LossSample sample(int iteration) {
    return new LossSample(64, iteration, iteration, 1, 2, 3, 4, Map.of(), 1, 1, 0);
  }
}
