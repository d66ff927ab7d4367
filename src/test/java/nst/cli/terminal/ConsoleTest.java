package nst.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void valuesAreAlignedAndCommandsStayOnOneLine() {
    String command = "./submit.sh train --photos '" + "/long folder".repeat(20) + "/m.csv'";
    Map<String, String> values = new LinkedHashMap<>();
    values.put("rows", "3");
    values.put("to train", command);
    values.put("notes", "one\ntwo");

    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      new Console(Console.Form.WORDS).say(values);
    } finally {
      System.setOut(before);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "  rows      3", "  to train  " + command, "  notes     one", "            two");
  }
}
