package nst.engine.network;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * The engine's TorchScript module, changed so that libtorch does not come back from a call with a
 * picture of a certain width, as it does not from a device that hangs: for ever, or until it is let
 * go. A process gets the module by its class path, where it is found before the engine's own: the
 * engine is not changed, and knows nothing of it.
 */
public final class HeldOperations {
  private static final String MODULE = "tensor-operations.pt";

  /** In the method {@code run}: the picture is in x0, and no step was made yet. */
  private static final String BEFORE_THE_STEPS = "    x0 = x\n    for i in range(";

  /**
   * Reads the gate's byte again and again while it is 0. The picture is what it was; were it not
   * touched, libtorch would leave the loop out.
   */
  private static final String HELD =
      """
          x0 = x
          held = torch.eq(torch.size(x0, 3), %d)
          while held:
            x0 = torch.neg(torch.neg(x0))
            gate = torch.from_file("%s", False, 1, dtype=0)
            held = torch.eq(int(torch.select(gate, 0, 0)), 0)
      """;

  /** Fails as a kernel does that reads where it may not. */
  private static final String BROKEN =
      """
          x0 = x
          if torch.eq(torch.size(x0, 3), %d):
            ops.prim.RaiseException("CUDA error: an illegal memory access was encountered", "builtins.RuntimeError")
          else:
            pass
      """;

  /** Asks for a petabyte. Were its result not used, libtorch would leave it out. */
  private static final String EXHAUSTING =
      """
          x0 = x
          if torch.eq(torch.size(x0, 3), %d):
            x0 = torch.neg(torch.zeros([281474976710656]))
          else:
            pass
      """;

  private final Path folder;

  private HeldOperations(Path folder) {
    this.folder = folder;
  }

  /**
   * Holds them for ever: the gate is a pipe that nobody opens at its other end, and libtorch, which
   * opens it to read, sleeps in the kernel.
   *
   * @param folder new or empty
   * @param width in pixels, of the pictures that are held
   */
  public static HeldOperations forEver(Path folder, int width) throws IOException {
    HeldOperations held = new HeldOperations(Files.createDirectories(folder));
    held.write(HELD.formatted(width, held.gate()));
    Process mkfifo = new ProcessBuilder("mkfifo", held.gate().toString()).inheritIO().start();
    if (mkfifo.onExit().join().exitValue() != 0) {
      throw new IOException("cannot make a pipe: " + held.gate());
    }
    return held;
  }

  /** Holds them until {@link #letGo}. */
  public static HeldOperations untilLetGo(Path folder, int width) throws IOException {
    HeldOperations held = new HeldOperations(Files.createDirectories(folder));
    held.write(HELD.formatted(width, held.gate()));
    Files.write(held.gate(), new byte[] {0});
    return held;
  }

  /**
   * Breaks the device instead: the call fails with the words of CUDA after an illegal memory
   * access.
   *
   * @param folder new or empty
   * @param width in pixels, of the pictures that break it
   */
  public static HeldOperations breaking(Path folder, int width) throws IOException {
    HeldOperations broken = new HeldOperations(Files.createDirectories(folder));
    broken.write(BROKEN.formatted(width));
    return broken;
  }

  /**
   * Takes more memory than the device has.
   *
   * @param folder new or empty
   * @param width in pixels, of the pictures that take it
   */
  public static HeldOperations exhausting(Path folder, int width) throws IOException {
    HeldOperations exhausting = new HeldOperations(Files.createDirectories(folder));
    exhausting.write(EXHAUSTING.formatted(width));
    return exhausting;
  }

  /** The JVM's option that makes a process use the module. */
  public String javaOption() {
    return "-Xbootclasspath/a:" + folder; // every class loader asks the JVM's own first
  }

  /** From now on no picture is held. */
  public void letGo() throws IOException {
    Files.write(gate(), new byte[] {1}, StandardOpenOption.WRITE); // at no time is it empty
  }

  private Path gate() {
    return folder.resolve("gate");
  }

  private void write(String instead) throws IOException {
    String resources = TensorOperations.class.getPackageName().replace('.', '/');
    Path module = folder.resolve(resources).resolve(MODULE);
    Files.createDirectories(module.getParent());
    try (InputStream original = TensorOperations.class.getResourceAsStream(MODULE)) {
      Files.copy(original, module);
    }
    try (FileSystem zip = FileSystems.newFileSystem(module)) {
      Path code = zip.getPath("tensor-operations", "code", "__torch__.py");
      Files.writeString(code, changed(Files.readString(code), instead));
      Files.delete(code.resolveSibling("__torch__.py.debug_pkl")); // places in the code as it was
    }
  }

  private static String changed(String code, String instead) {
    if (code.split(Pattern.quote(BEFORE_THE_STEPS), -1).length != 2) {
      throw new IllegalStateException("expected once in " + MODULE + ":\n" + BEFORE_THE_STEPS);
    }
    return code.replace(BEFORE_THE_STEPS, instead + BEFORE_THE_STEPS.split("\n", 2)[1]);
  }
}
