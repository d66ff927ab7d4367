package nst.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import nst.job.executor.JobFailedException;
import nst.model.ErrorCode;
import nst.model.Setting;
import nst.model.TransferException;
import nst.record.RunSummary;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Tests runs with a store that produces faults. */
class FaultyS3IT extends S3Fixture {
  private static final long SEED = 20261121;

  @Test
  void throttlingErrorsAndResetsAreTriedAgainAndCounted() {
    rows(4);
    server.injectFaults(
        Fault.now(15, SEED, Fault.SLOW_DOWN, Fault.INTERNAL_ERROR, Fault.RESET, Fault.CUT));

    RunSummary summary = catalogue.run("troubled", Map.of());

    assertThat(summary.rows()).isEqualTo(new RunSummary.Rows(4, 4, 0, 0, 0));
    assertThat(server.played(Fault.SLOW_DOWN)).isPositive();
    assertThat(server.played(Fault.RESET) + server.played(Fault.INTERNAL_ERROR)).isPositive();
    // Throttling is counted only after the SDK's own attempts, which rarely all fail with a
    // probability of 15 %.
    assertThat(summary.storageRetries().retries()).isPositive();
    server.removeFaults();
    RunSummary told =
        RunSummary.read(catalogue.store().read(catalogue.layout("troubled").runFile(), 1 << 20));
    assertThat(told.rows()).isEqualTo(summary.rows());
    assertThat(told.storageRetries()).isEqualTo(summary.storageRetries());
    assertThat(catalogue.objects("out/images")).hasSize(4);
  }

  @Test
  void aStoreThatDeniesEverythingAfterAMomentEndsTheRunAndLosesNoRow() {
    rows(8);
    AtomicInteger reads = new AtomicInteger();
    server.injectFaults(
        Fault.to(
            request -> request.reads("/in/photo") && reads.incrementAndGet() > 2,
            Fault.ACCESS_DENIED));
    Map<Setting, Object> settings = Map.of(Setting.BREAKER_ROWS, 5L);

    assertThatThrownBy(() -> catalogue.run("denied", settings))
        .isInstanceOf(JobFailedException.class)
        .hasMessage("Stopped: storage answered ACCESS_DENIED to 5 rows in a row");

    assertThat(catalogue.objects("out/images").size()).isLessThan(5);
    server.removeFaults();
    assertThat(catalogue.run("denied", settings).rows())
        .isEqualTo(new RunSummary.Rows(8, 8, 0, 0, 0));
  }

  @Test
  void aBucketThatIsGoneEndsTheRun() {
    rows(8);
    server.injectFaults(
        Fault.to(request -> request.target().contains("photo"), Fault.NO_SUCH_BUCKET));
    // The answer to a HEAD has no body; that to the following listing has one.
    assertThatThrownBy(() -> catalogue.run("gone", Map.of(Setting.BREAKER_ROWS, 5L)))
        .isInstanceOf(JobFailedException.class)
        .hasMessage("Stopped: storage answered BUCKET_NOT_FOUND to 5 rows in a row");
    assertThat(catalogue.objects("out/images")).isEmpty();
  }

  @Test
  void anObjectThatCannotBeReadFailsOnlyItsRow() {
    rows(6);
    AtomicInteger reads = new AtomicInteger();
    server.injectFaults(
        request -> {
          if (request.reads("/in/photo-5") && reads.incrementAndGet() == 1) {
            catalogue.picture(scratch, "in/photo-5.jpg", 77); // between HEAD and this GET
          }
          return request.reads("/in/photo-1")
              ? Fault.DRIP
              : request.reads("/in/photo-2")
                  ? Fault.ACCESS_DENIED
                  : request.reads("/in/photo-3") ? Fault.SLOW_DOWN : Fault.NONE;
        });

    RunSummary summary = catalogue.run("slow", Map.of(Setting.OBJECT_SECONDS, 8L));

    assertThat(summary.rows()).isEqualTo(new RunSummary.Rows(6, 2, 4, 0, 0));
    assertThat(summary.failures()).containsEntry("SOURCE_CHANGED", 1L);
    assertThat(catalogue.objects("out/images")).hasSize(2);
    assertThat(summary.storageRetries().throttled()).isPositive();
    Map<String, String> codes = new TreeMap<>();
    catalogue
        .metrics("slow")
        .forEach(
            row -> codes.put(row.getAs("id"), String.valueOf(row.<Object>getAs("error_code"))));
    // Whichever ends first: the store's attempts, or the deadline of the object.
    assertThat(codes.remove("r3")).isIn("THROTTLED", "TIMEOUT");
    assertThat(codes)
        .isEqualTo(
            Map.of(
                "r0", "null",
                "r1", "TIMEOUT",
                "r2", "ACCESS_DENIED",
                "r4", "null",
                "r5", "SOURCE_CHANGED"));
  }

  @Test
  void aWriteWhoseAnswerIsLostIsRepeatedAndCountsOnce() {
    rows(3);
    Set<String> answered = ConcurrentHashMap.newKeySet();
    server.injectFaults(
        Fault.to(request -> request.isWholePut() && answered.add(request.target()), Fault.LOST));

    RunSummary summary = catalogue.run("unknown", Map.of());

    assertThat(server.played(Fault.LOST)).isGreaterThan(5);
    assertThat(answered).anyMatch(target -> target.contains("_RUN.json"));
    assertThat(summary.rows()).isEqualTo(new RunSummary.Rows(3, 3, 0, 0, 0));
    assertThat(catalogue.objects("out/images")).hasSize(3);
    assertThat(catalogue.metrics("unknown"))
        .extracting(row -> row.<String>getAs("id"))
        .containsExactlyInAnyOrder("r0", "r1", "r2");
  }

  @Test
  void anAnswerThatIsCutInTheMiddleIsReadAgain() {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) 7);
    catalogue.store().write(server.uri("a"), bytes);
    AtomicInteger reads = new AtomicInteger();
    server.injectFaults(
        Fault.to(request -> request.reads("/a") && reads.incrementAndGet() < 3, Fault.CUT));
    assertThat(catalogue.store().read(server.uri("a"), 100_000)).isEqualTo(bytes);
    assertThat(server.played(Fault.CUT)).isEqualTo(2);
  }

  @Test
  void aWriteThatIsResetLeavesTheWholeObjectOrNone() {
    server.injectFaults(Fault.to(S3Request::isWholePut, Fault.RESET));
    assertThatThrownBy(() -> catalogue.store().write(server.uri("a"), new byte[1000]))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_ERROR));
    server.removeFaults();
    assertThat(catalogue.store().exists(server.uri("a"))).isFalse();
    catalogue.store().write(server.uri("a"), new byte[1000]);
    assertThat(catalogue.store().read(server.uri("a"), 1000)).hasSize(1000);
  }

  /** Writes a catalogue of different photos with one painting. */
  private void rows(int count) {
    catalogue.picture(scratch, "in/painting.png", 99);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      catalogue.picture(scratch, "in/photo-" + i + ".jpg", i);
      rows.add(RowFactory.create("r" + i, "photo-" + i + ".jpg", "painting.png"));
    }
    catalogue.manifest(
        new StructType()
            .add("id", DataTypes.StringType)
            .add("content", DataTypes.StringType)
            .add("style", DataTypes.StringType),
        rows);
  }
}
