package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class SparkBoundaryTest {

  @Test
  void aRequestSurvivesTheTripToAnExecutor() {
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
  void whatATaskTellsReachesTheDriver() throws InterruptedException {
    var told = new java.util.concurrent.LinkedBlockingQueue<Object>();
    StyleTransferPlugin.listen(told::add);
    JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext())
        .parallelize(List.of(7), 1)
        .foreach(n -> StyleTransferPlugin.tell(new Progress.RowDone(Status.OK, "", n, 2.0)));
    assertThat(told.poll(20, java.util.concurrent.TimeUnit.SECONDS))
        .isEqualTo(new Progress.RowDone(Status.OK, "", 7, 2.0));
  }
}
