package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberFormatsTest {
  @Test
  void writesThreeSignificantDigits() {
    assertThat(NumberFormats.number(0)).isEqualTo("0");
    assertThat(NumberFormats.number(0.0123456)).isEqualTo("0.0123");
    assertThat(NumberFormats.number(1)).isEqualTo("1");
    assertThat(NumberFormats.number(612.4)).isEqualTo("612");
    assertThat(NumberFormats.number(12_345)).isEqualTo("12,300");
    assertThat(NumberFormats.number(31_400_000)).isEqualTo("3.14e7");
    assertThat(NumberFormats.number(-0.0001)).isEqualTo("-1e-4");
    assertThat(NumberFormats.number(Double.NaN)).isEqualTo("NaN");
  }

  @Test
  void writesDurationsInTheirOwnUnit() {
    assertThat(NumberFormats.duration(0)).isEqualTo("0 ms");
    assertThat(NumberFormats.duration(999)).isEqualTo("999 ms");
    assertThat(NumberFormats.duration(14_200)).isEqualTo("14.2 s");
    assertThat(NumberFormats.duration(59_960)).isEqualTo("1 min 00 s");
    assertThat(NumberFormats.duration(185_000)).isEqualTo("3 min 05 s");
    assertThat(NumberFormats.duration(7_800_000)).isEqualTo("2 h 10 min");
  }

  @Test
  void writesSmallSharesWithADecimal() {
    assertThat(NumberFormats.percent(0.004)).isEqualTo("0.4 %");
    assertThat(NumberFormats.percent(0.0999)).isEqualTo("10 %");
    assertThat(NumberFormats.percent(1)).isEqualTo("100 %");
  }

  @Test
  void writesMoneyWithItsCurrency() {
    assertThat(NumberFormats.money(0.1344)).isEqualTo("0.134");
    assertThat(NumberFormats.money(1234.5)).isEqualTo("1,234.50");
    assertThat(NumberFormats.money(2)).isEqualTo("2.00");
  }
}
