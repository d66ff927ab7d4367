package nst.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuInfoTest {
  @ParameterizedTest
  @CsvSource({
    "AuthenticAMD, fpu avx512f avx512_bf16, true",
    "AuthenticAMD, fpu avx512f, false",
    "GenuineIntel, fpu avx512f avx512_bf16 amx_bf16, true",
    "GenuineIntel, fpu avx512f avx512_bf16, false",
  })
  void bfloat16IsFastOnAmdAndWithAmx(String vendor, String flags, boolean fast) {
    List<String> cpuInfo = List.of("vendor_id\t: " + vendor, "flags\t\t: " + flags);

    assertThat(CpuInfo.of(cpuInfo).hasFastBfloat16()).isEqualTo(fast);
    assertThat(CpuInfo.of(cpuInfo).hasAvx512()).isTrue();
  }

  @Test
  void anUnknownMachineHasNone() {
    CpuInfo unknown = CpuInfo.of(List.of("processor: 0"));
    assertThat(unknown.hasFastBfloat16()).isFalse();
    assertThat(unknown.hasAvx512()).isFalse();
  }
}
