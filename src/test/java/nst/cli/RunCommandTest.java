package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class RunCommandTest {

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
