package nst;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the statements in the first lines of the two Spark configurations. */
class SparkConfigurationTest {
  private static final String LOCAL = "conf/spark-local.conf";
  private static final String GPU = "conf/spark-gpu.conf";
  private static final Pattern EXPORTED =
      Pattern.compile("([A-Z_]+)=(?:\\$\\{[A-Z_]+:-([^}]*)}|(\\S+))");

  @ParameterizedTest
  @ValueSource(strings = {LOCAL, GPU})
  void noCommentBecomesPartOfAValue(String file) throws IOException {
    Map<String, String> settings = settings(file);
    assertThat(settings).isNotEmpty();
    assertThat(settings.keySet()).allMatch(key -> key.startsWith("spark."));
    assertThat(settings.values()).noneMatch(value -> value.contains("#"));
  }

  @Test
  void aLocalMasterGetsNoGpuSetting() throws IOException {
    assertThat(settings(LOCAL).keySet()).noneMatch(key -> key.contains("resource.gpu"));
  }

  @Test
  void oneTaskHasOneDevice() throws IOException {
    Map<String, String> settings = settings(GPU);
    assertThat(settings)
        .containsEntry("spark.executor.resource.gpu.amount", "1")
        .containsEntry("spark.task.resource.gpu.amount", "1")
        .containsEntry("spark.task.cpus", settings.get("spark.executor.cores"));
  }

  @Test
  void executorsGetTheEnvironmentThatTheLauncherSets() throws IOException {
    Map<String, String> launcher = new TreeMap<>();
    for (String line : Documentation.text("submit.sh").lines().toList()) {
      if (line.startsWith("export ")) {
        Matcher matcher = EXPORTED.matcher(line);
        while (matcher.find()) {
          String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
          launcher.put("spark.executorEnv." + matcher.group(1), value);
        }
      }
    }
    assertThat(launcher).containsKey("spark.executorEnv.OMP_NUM_THREADS");
    assertThat(settings(GPU)).containsAllEntriesOf(launcher);
  }

  @ParameterizedTest
  @ValueSource(strings = {LOCAL, GPU})
  void noCredentialIsConfigured(String file) throws IOException {
    assertThat(settings(file).keySet()).noneMatch(key -> key.matches(".*(secret|access)\\.key"));
  }

  private static Map<String, String> settings(String file) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(Documentation.text(file)));
    Map<String, String> settings = new TreeMap<>();
    properties.forEach((key, value) -> settings.put((String) key, (String) value));
    return settings;
  }
}
