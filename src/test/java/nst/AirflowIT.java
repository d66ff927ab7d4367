package nst;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of the DAGs, with a real Airflow. They wait for processes most of the time, so
 * they run at the same time as the other integration tests. {@code airflow/test.sh} prints what it
 * needs, and skips the tests if it is missing; with {@code CI=true} that is a failure.
 */
class AirflowIT {
  @Test
  void theTestsOfTheDagsPass() throws IOException, InterruptedException {
    Path log = Path.of("target", "airflow.log");
    Process tests =
        new ProcessBuilder("bash", "airflow/test.sh")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    int exitCode = tests.waitFor();

    String output = Files.readString(log);
    System.out.println(output);
    assertThat(exitCode).as(output).isZero();
  }
}
