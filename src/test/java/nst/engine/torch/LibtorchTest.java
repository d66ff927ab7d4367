package nst.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibtorchTest {
  @TempDir Path packages;
  private Path lib;

  /** A wheel's files without their content: nothing is loaded. */
  @BeforeEach
  void installs() throws IOException {
    lib = Files.createDirectories(packages.resolve("torch/lib"));
    Files.createFile(lib.resolve("libtorch.so"));
    Files.createFile(lib.resolve("libtorch_cuda.so"));
    Files.writeString(lib.resolveSibling("version.py"), "__version__ = '2.7.1+cu126'\n");
  }

  @Test
  void takesAWheelWithCuda() {
    Libtorch libtorch = with("2.7.1", "cu128");
    assertThat(libtorch.hasCuda()).isTrue();
    assertThat(libtorch.check(true)).isEqualTo(Libtorch.Check.fine("2.7.1, cu128, in " + lib));
    assertThat(libtorch.check(false).works()).isTrue();
  }

  @Test
  void withoutAnyTheAdviceInstallsOne() {
    Libtorch.Check check = Libtorch.of(Map.<String, String>of()::get, "").check(true);
    assertThat(check.found()).contains("only the CPU build in the jars, 2.7.1 cpu");
    assertThat(check.advice().lines().skip(1))
        .containsExactly(
            "  ./submit.sh libtorch cuda",
            "  ./submit.sh doctor --device gpu",
            "  for the executors of a cluster, see docs/operations.md, GPU");
  }

  @Test
  void theCpuBuildOfTheJarsIsFineForTheCpu() {
    assertThat(Libtorch.of(Map.<String, String>of()::get, "").check(false))
        .isEqualTo(Libtorch.Check.fine("2.7.1, cpu, in a jar"));
  }

  @Test
  void aFolderWithoutLibtorchIsNotReplacedByTheJars() throws IOException {
    Files.delete(lib.resolve("libtorch.so"));
    assertThat(with("2.7.1", "cu128").check(false).found())
        .isEqualTo("PYTORCH_LIBRARY_PATH=" + lib + " has no libtorch.so");
  }

  @Test
  void namesAVersionThatTheJniLibraryIsNotFor() throws IOException {
    Files.writeString(lib.resolveSibling("version.py"), "__version__ = '2.11.0+cu130'\n");
    assertThat(with("2.11.0", "cu128").check(true).found())
        .contains("has libtorch 2.11.0, but DJL's JNI library is for 2.7.1")
        .contains("PYTORCH_VERSION=2.11.0, but DJL's JNI library is for 2.7.1");
  }

  @Test
  void readsTheVersionOfPyTorchsArchive() throws IOException {
    Files.delete(lib.resolveSibling("version.py"));
    Files.writeString(lib.resolveSibling("build-version"), "2.6.0+cu124\n");
    assertThat(with("2.7.1", "cu128").check(true).found()).contains("has libtorch 2.6.0");
  }

  @Test
  void namesAFlavorThatIsMissingUnknownOrForTheCpu() throws IOException {
    assertThat(with("2.7.1", "").check(true).found())
        .contains("PYTORCH_FLAVOR is not set; it must be cu128");
    assertThat(with("2.7.1", "cu126").check(true).found())
        .isEqualTo("PYTORCH_FLAVOR=cu126, but DJL has JNI libraries for cpu and cu128");
    assertThat(with("2.7.1", "cpu").check(true).found()).contains("uses no GPU");
    Files.delete(lib.resolve("libtorch_cuda.so"));
    assertThat(with("2.7.1", "cu128").check(true).found()).contains("no libtorch_cuda.so");
  }

  @Test
  void namesADriverThatIsMissingOrNone() {
    assertThat(CudaDriver.check("libnst-no-driver.so.1", false).found())
        .isEqualTo("no NVIDIA driver: cannot load libnst-no-driver.so.1");
    Libtorch.Check none = CudaDriver.check("libm.so.6", true);
    assertThat(none.works()).isFalse();
    assertThat(none.found()).startsWith("libm.so.6 is no driver: ");
  }

  private Libtorch with(String version, String flavor) {
    return Libtorch.of(
        Map.of(Libtorch.PATH, lib.toString(), Libtorch.VERSION, version, Libtorch.FLAVOR, flavor)
            ::get,
        "");
  }
}
