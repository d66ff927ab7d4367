package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.TimeZone;
import java.util.stream.Stream;
import nst.model.RunConfig;
import nst.model.Setting;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RunCommandTest {

  @Test
  void watchWritesThePageEveryMinuteUnlessAnotherIntervalIsSet() {
    assertThat(seconds()).isEqualTo("0 by default");
    assertThat(seconds("--watch")).isEqualTo("60 by --watch");
    assertThat(seconds("--watch", "--report-watch-seconds", "5"))
        .isEqualTo("5 by --report-watch-seconds");
  }

  private static String seconds(String... more) {
    CommandLine program = Main.commandLine();
    program.parseArgs(
        Stream.concat(Stream.of("run", "m.csv", "--output", "out"), Stream.of(more))
            .toArray(String[]::new));
    RunCommand run = program.getSubcommands().get("run").getCommand();
    RunConfig.Entry entry = run.config().entries().get(Setting.REPORT_WATCH_SECONDS.key());
    return entry.value() + " by " + entry.source();
  }

  /** Two time zones, one of which always has another date than UTC. */
  @Test
  void theDayOfARunIsThatOfUtcInEveryTimeZone() {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : new String[] {"Pacific/Kiritimati", "Pacific/Pago_Pago"}) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        LocalDate earliest = LocalDate.now(ZoneOffset.UTC);
        String day = new RunCommand().runDate;
        assertThat(LocalDate.parse(day)).isBetween(earliest, LocalDate.now(ZoneOffset.UTC));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
