package nst.engine.torch;

import ai.djl.util.ClassLoaderUtils;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.model.text.Launcher;

/**
 * The libtorch that DJL loads in this process: the same variables, folders and jars, in the same
 * order. It is checked before it is loaded, because DJL takes the CPU build from the jars if {@code
 * PYTORCH_LIBRARY_PATH} is wrong, and would download other versions.
 */
public final class Libtorch {
  static final String PATH = "PYTORCH_LIBRARY_PATH";
  static final String VERSION = "PYTORCH_VERSION";
  static final String FLAVOR = "PYTORCH_FLAVOR";
  static final String CPU = "cpu";

  /** The flavour of the only JNI library with CUDA for Linux. */
  static final String CUDA = "cu128";

  /** What the JNI library and the libtorch of the jars say about themselves. */
  private static final String JNI_PROPERTIES = "jnilib/pytorch.properties";

  private static final String JAR_PROPERTIES = "native/lib/pytorch.properties";

  /** The version in {@code torch/version.py} of a wheel. */
  private static final Pattern WHEEL_VERSION =
      Pattern.compile("(?m)^__version__ = '([^'+]+)(\\+[^']*)?'");

  /**
   * The result of a check.
   *
   * @param found what is there, or every fault
   * @param advice what to do; empty if nothing is wrong
   */
  public record Check(boolean works, String found, String advice) {
    static Check fine(String found) {
      return new Check(true, found, "");
    }

    static Check broken(String found, String advice) {
      return new Check(false, found, advice);
    }
  }

  private final UnaryOperator<String> variables;
  private final Optional<Path> folder;

  private Libtorch(UnaryOperator<String> variables, Optional<Path> folder) {
    this.variables = variables;
    this.folder = folder;
  }

  /** The libtorch of this process. */
  public static Libtorch here() {
    return of(
        name -> Optional.ofNullable(System.getenv(name)).orElseGet(() -> System.getProperty(name)),
        System.getProperty("java.library.path", ""));
  }

  /**
   * The libtorch that DJL would load.
   *
   * @param variables returns the value of an environment variable, or null
   * @param libraryPath the folders of {@code java.library.path}, which begin with those of {@code
   *     LD_LIBRARY_PATH}
   */
  static Libtorch of(UnaryOperator<String> variables, String libraryPath) {
    Optional<Path> configured =
        Optional.ofNullable(variables.apply(PATH)).flatMap(Libtorch::firstWithLibtorch);
    return new Libtorch(variables, configured.or(() -> firstWithLibtorch(libraryPath)));
  }

  private static Optional<Path> firstWithLibtorch(String folders) {
    for (String name : folders.split(File.pathSeparator, -1)) {
      Path path = Path.of(name);
      if (Files.isRegularFile(path) && path.endsWith("libtorch.so")) {
        return Optional.of(path.toAbsolutePath().getParent());
      }
      if (!name.isEmpty() && Files.isRegularFile(path.resolve("libtorch.so"))) {
        return Optional.of(path.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  /** The folder of its files; empty if it is in a jar. */
  Optional<Path> folder() {
    return folder;
  }

  /** Whether it is a build for CUDA, which needs NVIDIA's driver even if it computes on the CPU. */
  public boolean hasCuda() {
    return folder
        .map(path -> Files.exists(path.resolve("libtorch_cuda.so")))
        .orElseGet(() -> jarFlavor().startsWith("cu"));
  }

  /**
   * Checks files, version and flavour, without loading anything.
   *
   * @param gpu whether it will compute on a GPU
   */
  public Check check(boolean gpu) {
    List<String> faults = new ArrayList<>();
    String path = set(PATH);
    if (!path.isEmpty() && firstWithLibtorch(path).isEmpty()) {
      faults.add(PATH + "=" + path + " has no libtorch.so");
    } else if (folder.isPresent()) {
      checkFolder(folder.get(), gpu, faults);
    } else if (gpu && !hasCuda()) {
      faults.add(
          "only the CPU build in the jars, "
              + jniVersion()
              + " "
              + jarFlavor()
              + ", and "
              + PATH
              + " is not set");
    }
    String version = set(VERSION);
    if (!version.isEmpty() && !version.equals(jniVersion())) {
      faults.add(VERSION + "=" + version + ", but DJL's JNI library is for " + jniVersion());
    }
    if (!faults.isEmpty()) {
      return Check.broken(String.join("; ", faults), gpu ? gpuAdvice() : cpuAdvice());
    }
    return Check.fine(
        jniVersion()
            + ", "
            + folder
                .map(found -> set(FLAVOR) + ", in " + found)
                .orElse(jarFlavor() + ", in a jar"));
  }

  private void checkFolder(Path found, boolean gpu, List<String> faults) {
    installedVersion(found)
        .filter(version -> !version.equals(jniVersion()))
        .ifPresent(
            version ->
                faults.add(
                    found
                        + " has libtorch "
                        + version
                        + ", but DJL's JNI library is for "
                        + jniVersion()));
    String flavor = set(FLAVOR);
    if (flavor.isEmpty()) {
      faults.add(
          FLAVOR
              + " is not set; it must be "
              + (hasCuda() ? CUDA : CPU)
              + " for the files in "
              + found);
    } else if (resource("jnilib/linux-x86_64/" + flavor + "/libdjl_torch.so").isEmpty()) {
      faults.add(FLAVOR + "=" + flavor + ", but DJL has JNI libraries for cpu and " + CUDA);
    } else if (flavor.equals(CUDA) && !hasCuda()) {
      faults.add(
          FLAVOR + "=" + flavor + ", but " + found + " has a CPU build: no libtorch_cuda.so");
    } else if (gpu && flavor.equals(CPU)) {
      faults.add(FLAVOR + "=" + flavor + ", which uses no GPU; set " + FLAVOR + "=" + CUDA);
    }
  }

  /** The version that a wheel or PyTorch's archive of libtorch states beside its libraries. */
  private static Optional<String> installedVersion(Path folder) {
    Path wheel = folder.resolveSibling("version.py");
    Path archive = folder.resolveSibling("build-version");
    try {
      if (Files.isReadable(wheel)) {
        Matcher matcher = WHEEL_VERSION.matcher(Files.readString(wheel));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
      }
      return Files.isReadable(archive)
          ? Optional.of(Files.readString(archive).strip().replaceAll("\\+.*", ""))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the version of libtorch in " + folder, e);
    }
  }

  /** The lines that lead from nothing to a working GPU. */
  static String gpuAdvice() {
    return String.join(
        "\n",
        "install a libtorch with CUDA and check it, or set device=cpu:",
        "  " + Launcher.command() + " libtorch cuda",
        "  " + Launcher.command() + " doctor --device gpu",
        "  for the executors of a cluster, see docs/operations.md, GPU");
  }

  private static String cpuAdvice() {
    return "unset "
        + PATH
        + ", "
        + VERSION
        + " and "
        + FLAVOR
        + ": the jars have all that device=cpu needs";
  }

  /** The version that DJL's JNI library was built for. */
  static String jniVersion() {
    return property(JNI_PROPERTIES, "jni_version").replaceAll("-.*", "");
  }

  private static String jarFlavor() {
    return property(JAR_PROPERTIES, "flavor");
  }

  private String set(String name) {
    return Optional.ofNullable(variables.apply(name)).orElse("");
  }

  private static Optional<URL> resource(String name) {
    try {
      return Optional.ofNullable(ClassLoaderUtils.getResource(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find the resource " + name, e);
    }
  }

  /** A value of a resource; "none" without the resource, because a cluster may leave out a jar. */
  private static String property(String resource, String key) {
    Optional<URL> url = resource(resource);
    if (url.isEmpty()) {
      return "none";
    }
    Properties properties = new Properties();
    try (InputStream stream = url.get().openStream()) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource " + resource, e);
    }
    return properties.getProperty(key, "none");
  }
}
