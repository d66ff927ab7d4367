package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SizedSessionTest {
  private static final List<String> SETTINGS =
      List.of(
          "spark.sql.shuffle.partitions",
          "spark.sql.adaptive.enabled",
          "spark.sql.codegen.wholeStage",
          "spark.sql.codegen.factoryMode");

  @Test
  void aSmallTablesQueriesAreNeitherCutNorCompiled() {
    assertThat(settings(SizedSession.of(TestSpark.spark(), SizedSession.SMALL - 1)))
        .containsExactly("1", "false", "false", "NO_CODEGEN");
  }

  @Test
  void aLargeTablesAreCutAndElseWhatTheApplicationsAre() {
    List<String> application = settings(TestSpark.spark());

    List<String> large = settings(SizedSession.of(TestSpark.spark(), 10_000_000));

    assertThat(large.get(0)).isEqualTo("100");
    assertThat(large.subList(1, 4)).isEqualTo(application.subList(1, 4));
    assertThat(settings(SizedSession.of(TestSpark.spark(), SizedSession.SMALL)))
        .isEqualTo(application);
    assertThat(settings(TestSpark.spark())).isEqualTo(application); // touched by none of them
  }

  private static List<String> settings(SparkSession session) {
    return SETTINGS.stream().map(key -> session.conf().get(key)).toList();
  }
}
