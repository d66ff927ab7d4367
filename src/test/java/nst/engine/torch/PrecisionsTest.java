package nst.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionsTest {

  @ParameterizedTest
  @CsvSource({
    "AuthenticAMD, fpu avx512f avx512_bf16, true",
    "AuthenticAMD, fpu avx512f, false",
    "GenuineIntel, fpu avx512f avx512_bf16 amx_bf16, true",
    "GenuineIntel, fpu avx512f avx512_bf16, false",
  })
  void bfloat16IsFastOnAmdAndWithAmx(String vendor, String flags, boolean fast) {
    List<String> cpuInfo = List.of("vendor_id\t: " + vendor, "flags\t\t: " + flags);

    assertThat(Precisions.hasFastBfloat16(cpuInfo)).isEqualTo(fast);
  }

  @Test
  void anUnknownMachineHasNone() {
    assertThat(Precisions.hasFastBfloat16(List.of("processor: 0"))).isFalse();
  }
}
