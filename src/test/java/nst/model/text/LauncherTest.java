package nst.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class LauncherTest {
  @AfterEach
  void clear() {
    System.clearProperty(Launcher.PROPERTY);
  }

  @Test
  void isTheScriptOfTheRepositoryUnlessItSaysOtherwise() {
    assertThat(Launcher.command()).isEqualTo("./submit.sh");
    assertThat(Launcher.name()).isEqualTo("submit.sh");
  }

  @Test
  void isQuotedAsItWasTyped() {
    System.setProperty(Launcher.PROPERTY, "/opt/my tools/nst");
    assertThat(Launcher.command()).isEqualTo("'/opt/my tools/nst'");
    assertThat(Launcher.name()).isEqualTo("nst");
  }
}
