package nst.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import nst.model.ErrorCode;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;

class ShortTextTest {
  @Test
  void leavesShortTextAsItIs() {
    assertThat(ShortText.cut("short", 40)).isEqualTo("short");
    assertThat(ShortText.quoted("y".repeat(200))).hasSize(200);
  }

  @Test
  void saysHowLongALongTextWas() {
    assertThat(ShortText.cut("y".repeat(41), 40))
        .hasSize(40)
        .startsWith("y")
        .endsWith("... (41 characters)");
    assertThat(new TransferException(ErrorCode.INTERNAL, "y".repeat(9000)).getMessage())
        .hasSize(ShortText.MESSAGE);
  }

  @Test
  void cutsNoCharacterInHalf() {
    assertThat(ShortText.begin("a\ud83d\ude00b", 2)).isEqualTo("a");
    assertThat(ShortText.begin("a\ud83d\ude00b", 3)).isEqualTo("a\ud83d\ude00");
  }
}
