package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import nst.engine.StylizedImage;
import nst.engine.optimizer.StopReason;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.image.RgbImage;
import nst.image.record.Credits;
import nst.job.TestResults;
import nst.job.input.RowTimes;
import nst.job.manifest.ManifestTest;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.TransferResult;
import nst.model.TransferResult.Status;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RowPipelineTest {
  private static final RowOrigin ORIGIN =
      new RowOrigin("run", "host", "1", 0, ManifestTest.NETWORKS, "cpu");

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final List<TransferResult> results = Collections.synchronizedList(new ArrayList<>());

  @Test
  void fetchesAndStoresRowsWhileTheDeviceComputes() {
    CountDownLatch nextIsFetched = new CountDownLatch(1);
    CountDownLatch nextIsOnDevice = new CountDownLatch(1);
    run(
        new Recorded() {
          @Override
          public RowInputs fetch(PlannedRow row, RowTimes times) {
            if (row.key().equals("1")) {
              nextIsFetched.countDown();
            }
            return super.fetch(row, times);
          }

          @Override
          public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
            if (row.key().equals("0")) {
              await(nextIsFetched);
            } else {
              nextIsOnDevice.countDown();
            }
            return super.optimize(row, inputs, times);
          }

          @Override
          public TransferResult store(
              RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
            if (record.row().key().equals("0")) {
              await(nextIsOnDevice);
            }
            return super.store(record, madeFrom, stylized);
          }
        },
        2);
    assertThat(results).extracting(TransferResult::status).containsExactly(Status.OK, Status.OK);
  }

  @Test
  void isNeverMoreThanOneRowAheadAndOneBehind() {
    AtomicInteger onItsWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    run(
        new Recorded() {
          @Override
          public RowInputs fetch(PlannedRow row, RowTimes times) {
            most.accumulateAndGet(onItsWay.incrementAndGet(), Math::max);
            two.countDown();
            return super.fetch(row, times);
          }

          @Override
          public TransferResult store(
              RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
            await(two); // otherwise one thread might process all rows before another starts
            TransferResult result = super.store(record, madeFrom, stylized);
            onItsWay.decrementAndGet();
            return result;
          }
        },
        50);
    assertThat(results).hasSize(50);
    assertThat(most.get()).isBetween(2, 3);
  }

  @Test
  void fetchesSeveralRowsAtTheSameTimeAndKeepsTheirOrder() {
    CountDownLatch threeAreFetched = new CountDownLatch(3);
    AtomicInteger ahead = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    pipeline(
            new Recorded() {
              @Override
              public RowInputs fetch(PlannedRow row, RowTimes times) {
                most.accumulateAndGet(ahead.incrementAndGet(), Math::max);
                threeAreFetched.countDown();
                await(threeAreFetched); // the first three only go on together
                if (Integer.parseInt(row.key()) % 3 == 0) {
                  pause(); // the later ones are ready before it
                }
                return super.fetch(row, times);
              }

              @Override
              public StylizedImage optimize(
                  PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
                ahead.decrementAndGet();
                return super.optimize(row, inputs, times);
              }
            },
            3)
        .run(ConcurrentRowsTest.rows(12), () -> true);
    assertThat(results)
        .extracting(TransferResult::key)
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
    assertThat(most.get()).isBetween(3, 4); // three ahead, and one that has its turn
  }

  @Test
  void decodesNoOtherRowDuringALargeRow() {
    AtomicInteger fetched = new AtomicInteger();
    List<Integer> fetchedAtEachTurn = new ArrayList<>();
    RgbImage large = new RgbImage(5000, 5000, new float[3 * 5000 * 5000]); // 300 MB
    run(
        new Recorded() {
          @Override
          public RowInputs fetch(PlannedRow row, RowTimes times) {
            fetched.incrementAndGet();
            return inputs(large);
          }

          @Override
          public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
            pause();
            fetchedAtEachTurn.add(fetched.get());
            return super.optimize(row, inputs, times);
          }
        },
        3);
    assertThat(fetchedAtEachTurn).containsExactly(1, 2, 3);
  }

  @Test
  void aFailureOfAStageAffectsOnlyItsRow() {
    run(
        new Recorded() {
          @Override
          public RowInputs fetch(PlannedRow row, RowTimes times) {
            if (row.key().equals("0")) {
              throw new TransferException(ErrorCode.NOT_FOUND, "gone");
            }
            return super.fetch(row, times);
          }

          @Override
          public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
            if (row.key().equals("1")) {
              throw new IllegalStateException("a defect");
            }
            return super.optimize(row, inputs, times);
          }

          @Override
          public TransferResult store(
              RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
            if (record.row().key().equals("2")) {
              throw new TransferException(ErrorCode.THROTTLED, "slow down");
            }
            return super.store(record, madeFrom, stylized);
          }
        },
        4);
    assertThat(results)
        .extracting(result -> result.failure().map(f -> f.code().name()).orElse("OK"))
        .containsExactly("NOT_FOUND", "INTERNAL", "THROTTLED", "OK");
  }

  @Test
  void anExistingImageIsNotComputedAgain() {
    TransferResult earlier = TestResults.ok("0");
    run(
        new Recorded() {
          @Override
          public RowInputs fetch(PlannedRow row, RowTimes times) {
            return new RowInputs.Made(earlier, "new digest", 9);
          }
        },
        1);
    assertThat(told).containsExactly("over 0");
    TransferResult result = results.get(0);
    assertThat(result.status()).isEqualTo(Status.OK); // computed by this run
    assertThat(result.image().orElseThrow().sha256()).isEqualTo("new digest");
    assertThat(result.losses()).isEqualTo(earlier.losses());
  }

  @Test
  void aCancelledPipelineStoresTheRowThatIsDone() throws InterruptedException {
    CountDownLatch onDevice = new CountDownLatch(1);
    List<Throwable> thrown = new ArrayList<>();
    Recorded stages =
        new Recorded() {
          @Override
          public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
            if (row.key().equals("1")) {
              onDevice.countDown();
              try {
                Thread.sleep(240_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("as the engine does");
              }
            }
            return super.optimize(row, inputs, times);
          }

          @Override
          public TransferResult store(
              RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
            await(onDevice);
            pause();
            return super.store(record, madeFrom, stylized);
          }
        };
    Thread task =
        new Thread(
            () -> {
              try {
                run(stages, 5);
              } catch (CancellationException e) {
                thrown.add(e);
              }
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    task.start();
    await(onDevice);
    task.interrupt();
    task.join();
    assertThat(thrown).hasSize(1);
    assertThat(results).extracting(TransferResult::key).containsExactly("0");
  }

  @Test
  void whatTheJournalCannotTakeEndsTheTask() {
    RowPipeline pipeline =
        new RowPipeline(
            new Recorded().stages(),
            1,
            ORIGIN,
            (row, result, seconds) -> {
              throw new TransferException(ErrorCode.ACCESS_DENIED, "journal");
            });
    assertThatThrownBy(() -> pipeline.run(ConcurrentRowsTest.rows(3), () -> true))
        .hasMessage("journal");
  }

  @Test
  void anErrorEndsTheTask() {
    Recorded broken =
        new Recorded() {
          @Override
          public RowInputs fetch(PlannedRow row, RowTimes times) {
            throw new OutOfMemoryError("heap");
          }
        };
    assertThatThrownBy(() -> run(broken, 2)).isInstanceOf(OutOfMemoryError.class);
    assertThat(results).isEmpty();
  }

  @Test
  void startsNoRowAfterAStop() {
    AtomicInteger asked = new AtomicInteger();
    pipeline(new Recorded()).run(ConcurrentRowsTest.rows(10), () -> asked.incrementAndGet() <= 3);
    assertThat(results).hasSize(3);
  }

  private void run(Recorded stages, int rows) {
    pipeline(stages).run(ConcurrentRowsTest.rows(rows), () -> true);
  }

  private RowPipeline pipeline(Recorded stages) {
    return pipeline(stages, 1);
  }

  private RowPipeline pipeline(Recorded stages, int ahead) {
    return new RowPipeline(
        stages.stages(),
        ahead,
        ORIGIN,
        (row, result, seconds) -> {
          told.add("over " + row.key());
          results.add(result);
        });
  }

  private static RowInputs.Inputs inputs(RgbImage content) {
    StyleImage style = new StyleImage(content, 1, Optional.empty(), Optional.empty(), "s");
    return new RowInputs.Inputs(
        new SourceImages(content, List.of(style), Optional.empty()),
        Optional.empty(),
        new RowInputs.Provenance("c", List.of("s"), "", List.of(), Credits.NONE));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(4, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Stages that do nothing and succeed. */
  private class Recorded implements RowStages.Fetch, RowStages.Optimize, RowStages.Store {
    private final RgbImage image = new RgbImage(1, 1, new float[3]);

    RowStages stages() {
      return new RowStages(this, this, this);
    }

    @Override
    public RowInputs fetch(PlannedRow row, RowTimes times) {
      told.add("fetch " + row.key());
      return inputs(image);
    }

    @Override
    public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
      told.add("stylize " + row.key());
      Map<Layer, Double> layers = new EnumMap<>(Layer.class);
      LossSample sample = new LossSample(64, 0, 1, 0, 1, 0, 1, layers, 1, 1, 0);
      return new StylizedImage(
          image,
          List.of(sample),
          Optional.of(sample),
          1,
          1,
          StopReason.ITERATIONS,
          Precision.FLOAT32,
          0);
    }

    @Override
    public TransferResult store(
        RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
      told.add("store " + record.row().key());
      return TestResults.ok(record.row().key());
    }
  }
}
