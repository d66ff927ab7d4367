package nst.job.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import nst.model.InvalidInputException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTest {
  private static final String OURS = "nst.job.executor.StyleTransferPlugin";

  @ParameterizedTest
  @CsvSource({
    "'', " + OURS,
    "com.example.Metrics, 'com.example.Metrics," + OURS + "'",
    OURS + ", " + OURS
  })
  void ourPluginIsAddedToTheUsersPlugins(String configured, String expected) {
    SparkConf conf = new SparkConf(false);
    if (!configured.isEmpty()) {
      conf.set("spark.plugins", configured);
    }
    assertThat(Session.completed(conf, "local[2]").get("spark.plugins")).isEqualTo(expected);
  }

  @Test
  void aLocalMasterHasItsConfigurationFromTheJar() throws IOException {
    Properties expected = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of("conf/spark-local.conf"))) {
      expected.load(reader);
    }
    SparkConf conf = Session.completed(new SparkConf(false), "local[2]");
    expected.forEach((key, value) -> assertThat(conf.get((String) key)).isEqualTo(value));
    assertThat(conf.get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
  }

  @Test
  void aHeapThatIsTooSmallForSparkNamesTheVariableThatSetsIt() {
    assertThatThrownBy(() -> Session.requireHeap(300L << 20))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "expected at least 450 MB, which Spark needs, was 300 MB; set NST_HEAP");
    Session.requireHeap(450L << 20);
  }

  @Test
  void aGpuResourceOnALocalMasterIsRefused() {
    SparkConf conf = new SparkConf(false).set("spark.task.resource.gpu.amount", "1");
    assertThatThrownBy(() -> Session.completed(conf, "local[*]"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Spark gives no GPU in local mode");
  }

  @ParameterizedTest
  @CsvSource({
    "local[2], none, none, spark.master: expected local[1]",
    "local[*], none, none, spark.master: expected local[1]",
    "yarn, none, 1, 'spark.executor.resource.gpu.amount: expected 1 with device=gpu, was none'",
    "yarn, 2, 1, 'spark.executor.resource.gpu.amount: expected 1 with device=gpu, was 2'",
    "yarn, 1, 0.25, 'spark.task.resource.gpu.amount: expected 1 with device=gpu, was 0.25'"
  })
  void anythingButOneTaskOnOneGpuIsRefused(
      String master, String executorAmount, String taskAmount, String message) {
    SparkConf conf = gpus(master, executorAmount, taskAmount);
    assertThatThrownBy(() -> Session.requireOneGpuATask(conf))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"local, none, none", "local[1], none, none", "spark://head:7077, 1, 1"})
  void oneTaskOnOneGpuIsFine(String master, String executorAmount, String taskAmount) {
    Session.requireOneGpuATask(gpus(master, executorAmount, taskAmount));
  }

  private static SparkConf gpus(String master, String executorAmount, String taskAmount) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    if (!executorAmount.equals("none")) {
      conf.set("spark.executor.resource.gpu.amount", executorAmount);
    }
    if (!taskAmount.equals("none")) {
      conf.set("spark.task.resource.gpu.amount", taskAmount);
    }
    return conf;
  }
}
