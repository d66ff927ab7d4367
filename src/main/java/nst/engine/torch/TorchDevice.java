package nst.engine.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * The device that all tensors live on, and the one place that touches what DJL and libtorch keep
 * global: offline mode, threads, gradient mode.
 *
 * <p>DJL's own {@code GradientCollector} may exist once per JVM; here any number of threads record
 * gradients at once, because libtorch's gradient mode belongs to the thread.
 */
public final class TorchDevice implements AutoCloseable {
  /**
   * One thread for each operation: two tasks with one thread each beat one task with two threads,
   * and the order of additions never changes.
   */
  private static final int DEFAULT_INTRA_OP_THREADS = 1;

  private final DeviceName name;
  private final int intraOpThreads;
  private final NDManager manager;

  private TorchDevice(DeviceName name, int intraOpThreads, NDManager manager) {
    this.name = name;
    this.intraOpThreads = intraOpThreads;
    this.manager = manager;
  }

  /** A device with one thread for each operation. */
  public static TorchDevice open(DeviceName name) {
    return open(name, DEFAULT_INTRA_OP_THREADS);
  }

  /**
   * A device.
   *
   * @param intraOpThreads threads that one operation may use on the CPU
   * @throws IllegalStateException if the device is not there, or the native library cannot be
   *     loaded: never another device in silence
   */
  public static TorchDevice open(DeviceName name, int intraOpThreads) {
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 intra-op thread, was " + intraOpThreads);
    }
    // Before the engine class loads: it reads them once.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    Engine engine = engine();
    Device device =
        switch (name.kind()) {
          case CPU -> Device.cpu();
          case GPU -> gpu(engine, name);
        };
    return new TorchDevice(name, intraOpThreads, NDManager.newBaseManager(device));
  }

  private static Engine engine() {
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalStateException(
          "Cannot load libtorch: is pytorch-native-cpu on the class path, or PYTORCH_LIBRARY_PATH"
              + " set? "
              + e.getMessage(),
          e);
    }
  }

  private static Device gpu(Engine engine, DeviceName name) {
    int count = engine.getGpuCount();
    if (name.index() >= count) {
      throw new IllegalStateException(
          "Cannot open device "
              + name
              + ": this JVM sees "
              + count
              + " GPUs. Set device=cpu, or give the process a GPU and a CUDA libtorch"
              + " (PYTORCH_LIBRARY_PATH)");
    }
    Device device = Device.gpu(name.index());
    // The shapes of one image repeat for its whole run: let cuDNN find its fastest algorithm once.
    JniUtils.setBenchmarkCuDNN(true);
    return device;
  }

  /** {@code cpu} or {@code gpu:0}. */
  public DeviceName name() {
    return name;
  }

  /** What owns everything that lives as long as the device. */
  public NDManager manager() {
    return manager;
  }

  /**
   * Readies the calling thread: libtorch keeps the number of threads and the gradient mode for each
   * thread.
   */
  public void enter() {
    if (JniUtils.getNumThreads() != intraOpThreads) {
      JniUtils.setNumThreads(intraOpThreads);
    }
    JniUtils.setGradMode(false);
    // Profiling the tiny TorchScript methods costs more than it could ever win. A thread's own too.
    JniUtils.setGraphExecutorOptimize(false);
  }

  /**
   * Gives back what libtorch keeps of a GPU's memory for tensors to come. Its blocks fit the last
   * image's shapes; without this, images of many sizes leave it full of blocks that fit none.
   */
  public void release() {
    if (name.kind() == DeviceName.Kind.GPU) {
      JniUtils.emptyCudaCache();
    }
  }

  /**
   * What {@code forward} computes, recorded so that {@link #backward} can go back through it; all
   * within the caller's {@link NDScope}.
   */
  public static <T> T recorded(Supplier<T> forward) {
    JniUtils.setGradMode(true);
    try {
      return forward.get();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /** Fills the gradients of all leaves that a recorded scalar depends on. */
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
