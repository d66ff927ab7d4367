package nst.engine.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Linux says about a CPU.
 *
 * @param amd whether AMD made it
 * @param flags the names of its instruction sets, such as {@code avx512f}
 */
public record CpuInfo(boolean amd, Set<String> flags) {
  private static final CpuInfo HERE = read(Path.of("/proc/cpuinfo"));

  public CpuInfo {
    flags = Set.copyOf(flags);
  }

  /** The CPU of this machine; without any flags if this is not Linux. */
  public static CpuInfo here() {
    return HERE;
  }

  private static CpuInfo read(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return of(lines.toList());
    } catch (IOException e) {
      return of(List.of()); // not Linux
    }
  }

  /**
   * Parses the description.
   *
   * @param lines of /proc/cpuinfo
   */
  static CpuInfo of(List<String> lines) {
    return new CpuInfo(
        lines.stream().anyMatch(line -> line.contains("AuthenticAMD")),
        lines.stream()
            .filter(line -> line.startsWith("flags"))
            .limit(1)
            .flatMap(line -> Arrays.stream(line.split("\\s+")))
            .collect(Collectors.toSet()));
  }

  /**
   * Whether it multiplies bfloat16 faster than float32; false if this is not known. On Intel CPUs,
   * bfloat16 is fast only with AMX. Their AVX-512 instruction for bfloat16 is slower than float32.
   */
  public boolean hasFastBfloat16() {
    return flags.contains("amx_bf16") || (amd && flags.contains("avx512_bf16"));
  }

  /** Whether its vectors have 512 bits. */
  public boolean hasAvx512() {
    return flags.contains("avx512f");
  }
}
