package nst.engine.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import nst.concurrent.Threads;

/**
 * The device of all tensors. Only this class changes the global state of DJL and libtorch: offline
 * mode, threads, gradient mode.
 *
 * <p>Only one of DJL's {@code GradientCollector}s can exist in a JVM. With this class, any number
 * of threads can record gradients at the same time, because libtorch's gradient mode belongs to the
 * thread.
 */
public final class TorchDevice implements AutoCloseable {
  /**
   * One thread for each operation: two tasks with one thread each are faster than one task with two
   * threads, and the order of additions stays the same.
   */
  private static final int DEFAULT_INTRA_OP_THREADS = 1;

  private static Optional<FutureTask<Engine>> loading = Optional.empty();

  private final DeviceName name;
  private final int intraOpThreads;
  private final NDManager manager;

  private TorchDevice(DeviceName name, int intraOpThreads, NDManager manager) {
    this.name = name;
    this.intraOpThreads = intraOpThreads;
    this.manager = manager;
  }

  /** Opens a device with one thread for each operation. */
  public static TorchDevice open(DeviceName name) {
    return open(name, DEFAULT_INTRA_OP_THREADS);
  }

  /**
   * Opens a device.
   *
   * @param intraOpThreads the threads that one operation may use on the CPU
   * @throws IllegalStateException if the device does not exist or the native library cannot be
   *     loaded; another device is never used instead
   */
  public static TorchDevice open(DeviceName name, int intraOpThreads) {
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 intra-op thread, was " + intraOpThreads);
    }
    Engine engine = inBackground().map(TorchDevice::loaded).orElseGet(TorchDevice::engine);
    Device device =
        switch (name.kind()) {
          case CPU -> Device.cpu();
          case GPU -> gpu(engine, name);
        };
    return new TorchDevice(name, intraOpThreads, NDManager.newBaseManager(device));
  }

  /** Loads libtorch on a thread of its own, for a later {@link #open}, which reports failures. */
  public static synchronized void loadInBackground() {
    if (loading.isEmpty()) {
      FutureTask<Engine> task = new FutureTask<>(TorchDevice::engine);
      loading = Optional.of(task);
      Threads.daemon("libtorch").newThread(task).start();
    }
  }

  /**
   * Waits until {@link #loadInBackground} has ended, because the process may crash if it exits
   * meanwhile.
   *
   * @param fault why the process will exit; receives the fault of the loading
   */
  public static void awaitLoading(Throwable fault) {
    try {
      inBackground().ifPresent(TorchDevice::loaded);
    } catch (RuntimeException | LinkageError e) {
      fault.addSuppressed(e);
    }
  }

  private static synchronized Optional<FutureTask<Engine>> inBackground() {
    return loading;
  }

  private static Engine loaded(FutureTask<Engine> task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while libtorch was loaded", e);
    }
  }

  private static Engine engine() {
    // Before the engine class is loaded, which reads them once.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    Libtorch libtorch = Libtorch.here();
    Libtorch.Check check = libtorch.check(false);
    if (!check.works()) {
      throw new IllegalStateException("Cannot load libtorch: " + words(check));
    }
    CudaDriver.findRuntime(libtorch);
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "Cannot load libtorch: " + whyNotLoaded(libtorch) + e.getMessage(), e);
    }
  }

  private static String whyNotLoaded(Libtorch libtorch) {
    if (!libtorch.hasCuda()) {
      return "is pytorch-native-cpu on the class path, or PYTORCH_LIBRARY_PATH set? ";
    }
    Libtorch.Check driver = CudaDriver.check(false);
    return driver.works() ? "" : words(driver) + ". ";
  }

  private static String words(Libtorch.Check check) {
    return check.found() + "; " + check.advice();
  }

  private static Device gpu(Engine engine, DeviceName name) {
    int count = engine.getGpuCount();
    if (name.index() >= count) {
      throw new IllegalStateException(
          "Cannot open device "
              + name
              + ": this JVM sees "
              + count
              + " GPUs, "
              + CudaDriver.runtime()
              + ". "
              + whyNoGpu());
    }
    Device device = Device.gpu(name.index());
    // An image has the same shapes in every step, so cuDNN may search for the fastest algorithm
    // once.
    JniUtils.setBenchmarkCuDNN(true);
    return device;
  }

  private static String whyNoGpu() {
    Libtorch.Check libtorch = Libtorch.here().check(true);
    Libtorch.Check driver = libtorch.works() ? CudaDriver.check(true) : libtorch;
    return driver.works()
        ? "Found " + driver.found() + ". Set device=cpu, or give this process another GPU"
        : "Found " + words(driver);
  }

  /** {@code cpu} or {@code gpu:0}. */
  public DeviceName name() {
    return name;
  }

  /** The manager of the tensors that exist as long as the device. */
  public NDManager manager() {
    return manager;
  }

  /**
   * Prepares the calling thread, because libtorch's number of threads and gradient mode belong to
   * the thread.
   */
  public void enter() {
    if (JniUtils.getNumThreads() != intraOpThreads) {
      JniUtils.setNumThreads(intraOpThreads);
    }
    JniUtils.setGradMode(false);
    // Profiling the small TorchScript methods takes more time than it saves. Also set for each
    // thread.
    JniUtils.setGraphExecutorOptimize(false);
  }

  /**
   * Frees the GPU memory that libtorch caches for later tensors. The cached blocks fit the shapes
   * of the last image. With images of many sizes, the cache would fill with blocks that do not fit.
   */
  public void release() {
    if (name.kind() == DeviceName.Kind.GPU) {
      JniUtils.emptyCudaCache();
    }
  }

  /**
   * Runs {@code forward} and records it for {@link #backward}. All tensors belong to the caller's
   * {@link NDScope}.
   */
  public static <T> T recorded(Supplier<T> forward) {
    JniUtils.setGradMode(true);
    try {
      return forward.get();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /** Computes the gradients of all leaves on which a recorded scalar depends. */
  public static void backward(NDArray loss) {
    try (NDArray one = loss.getManager().ones(loss.getShape(), loss.getDataType())) {
      JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
