package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nst.job.executor.Progress;
import nst.job.executor.StyleTransferPlugin;
import nst.job.manifest.ManifestTest;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.storage.RetryCounters;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SparkBoundaryTest {

  @Test
  void aRequestIsTheSameAfterSerialization() {
    List<TransferRequest> back =
        JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext())
            .parallelize(List.of(TestResults.REQUEST), 1)
            .map(request -> request)
            .collect();
    assertThat(back).containsExactly(TestResults.REQUEST);
  }

  @Test
  void theConfigurationGivesTheSameDefaultsThere() {
    var config = ManifestTest.config();
    List<String> there =
        JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext())
            .parallelize(List.of(1), 1)
            .map(one -> config.defaults().canonicalText())
            .collect();
    assertThat(there).containsExactly(config.defaults().canonicalText());
  }

  @Test
  void messagesOfATaskReachTheDriver() throws InterruptedException {
    var told = new java.util.concurrent.LinkedBlockingQueue<Object>();
    StyleTransferPlugin.listen(told::add);
    JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext())
        .parallelize(List.of(7), 1)
        .foreach(n -> StyleTransferPlugin.tell(done(n)));
    assertThat(told.poll(20, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(done(7));
  }

  private static Progress.RowDone done(double predictedSeconds) {
    return new Progress.RowDone(
        "00ff",
        Status.OK,
        "",
        predictedSeconds,
        2.0,
        new Progress.Health("1", 9, new RetryCounters(3, 4)));
  }
}
