package nst.report.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageJsonTest {
  @Test
  void cannotEndItsScriptElement() {
    assertThat(PageJson.script("rows-0", List.of("</script><!--&\u2028", "é")))
        .isEqualTo(
            "nst.add(\"rows-0\",[\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\",\"é\"]);\n");
  }

  @Test
  void writesNumbersWithSixDigitsAndNoInfinity() {
    assertThat(
            PageJson.text(
                Arrays.asList(
                    PageJson.number(0.0123456789),
                    PageJson.number(Double.NaN),
                    PageJson.number(null))))
        .isEqualTo("[0.0123457,null,null]");
  }
}
