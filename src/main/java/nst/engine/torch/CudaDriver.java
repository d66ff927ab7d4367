package nst.engine.torch;

import ai.djl.util.cuda.CudaUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** NVIDIA's driver on this machine, asked through its library. */
public final class CudaDriver {
  static final String LIBRARY = "libcuda.so.1";

  /**
   * CUDA 12.x runs on every driver for CUDA 12.0 or newer (NVIDIA's minor version compatibility).
   */
  private static final int OLDEST = 12000;

  private static final String INSTALL =
      "install NVIDIA's driver, 525.60.13 or newer; in a container, use NVIDIA's container toolkit"
          + " (docker run --gpus all)";

  private CudaDriver() {}

  /**
   * Checks the driver.
   *
   * @param gpu whether a GPU will be used; otherwise it is enough that the library exists
   */
  public static Libtorch.Check check(boolean gpu) {
    return check(LIBRARY, gpu);
  }

  /**
   * Checks a driver.
   *
   * @param library the name or path of its library
   */
  static Libtorch.Check check(String library, boolean gpu) {
    NativeLibrary driver;
    try {
      driver = NativeLibrary.getInstance(library);
    } catch (UnsatisfiedLinkError e) {
      return Libtorch.Check.broken("no NVIDIA driver: cannot load " + library, INSTALL);
    }
    if (!gpu) {
      return Libtorch.Check.fine(library + "; device=cpu does not use it");
    }
    try {
      int code = driver.getFunction("cuInit").invokeInt(new Object[] {0});
      if (code != 0) {
        return Libtorch.Check.broken(
            library + " finds no GPU: cuInit returns " + code + meaning(code),
            "run nvidia-smi; check that a GPU is there and that this process may use it"
                + " (CUDA_VISIBLE_DEVICES, docker run --gpus all)");
      }
      int cuda = number(driver, "cuDriverGetVersion");
      String found = library + " for CUDA " + cuda / 1000 + "." + cuda % 1000 / 10;
      return cuda < OLDEST
          ? Libtorch.Check.broken(found + ", expected 12.0 or newer", INSTALL)
          : Libtorch.Check.fine(found + ", " + number(driver, "cuDeviceGetCount") + " GPUs");
    } catch (UnsatisfiedLinkError e) {
      return Libtorch.Check.broken(library + " is no driver: " + e.getMessage(), INSTALL);
    }
  }

  private static int number(NativeLibrary driver, String function) {
    IntByReference value = new IntByReference();
    int code = driver.getFunction(function).invokeInt(new Object[] {value});
    if (code != 0) {
      throw new UnsatisfiedLinkError(function + " returns " + code + meaning(code));
    }
    return value.getValue();
  }

  /** The meaning of the most common values of {@code CUresult}. */
  private static String meaning(int code) {
    return switch (code) {
      case 100 -> " (no device)";
      case 101 -> " (invalid device)";
      case 803 -> " (driver and its library have different versions)";
      case 999 -> " (unknown; often the kernel module is not loaded)";
      default -> "";
    };
  }

  /** The CUDA runtime with which DJL counts GPUs, for messages. */
  static String runtime() {
    try {
      return "CUDA runtime " + CudaUtils.getCudaVersionString();
    } catch (IllegalStateException | IllegalArgumentException e) {
      return "no CUDA runtime (libcudart)";
    }
  }

  /**
   * Lets DJL count GPUs. It loads {@code libcudart} through JNA, which searches the system's
   * folders and not those of a wheel; without it, DJL counts 0.
   */
  static void findRuntime(Libtorch libtorch) {
    List<String> folders = new ArrayList<>();
    Optional.ofNullable(System.getProperty("jna.library.path")).ifPresent(folders::add);
    libtorch
        .folder()
        .ifPresent(
            torch -> {
              Path packages = torch.resolve("../..").normalize();
              folders.add(packages.resolve("nvidia/cuda_runtime/lib").toString());
              folders.add(torch.toString());
              Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")).ifPresent(folders::add);
            });
    if (!folders.isEmpty()) {
      System.setProperty("jna.library.path", String.join(File.pathSeparator, folders));
    }
  }
}
