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
 * Modifies the engine's TorchScript module to simulate a hanging device: libtorch does not return
 * from a call with an image of a certain width, forever or until it is released. A process loads
 * the modified module if its folder comes first on the class path. The engine itself is not
 * modified.
 */
public final class HeldOperations {
  private static final String MODULE = "tensor-operations.pt";

  /** In the method {@code run}, the image is in x0 and no step has run yet. */
  private static final String BEFORE_THE_STEPS = "    x0 = x\n    for i in range(";

  /**
   * Reads the byte of the gate file repeatedly while it is 0. The image does not change, but it
   * must be used in the loop, because libtorch would otherwise remove the loop.
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

  /** Fails like a kernel with an illegal memory access. */
  private static final String BROKEN =
      """
          x0 = x
          if torch.eq(torch.size(x0, 3), %d):
            ops.prim.RaiseException("CUDA error: an illegal memory access was encountered", "builtins.RuntimeError")
          else:
            pass
      """;

  /**
   * Allocates a petabyte. The result must be used, because libtorch would otherwise remove the
   * allocation.
   */
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
   * Blocks images forever. The gate is a pipe without a writer, so libtorch blocks when it opens
   * the pipe for reading.
   *
   * @param folder new or empty
   * @param width the width of the blocked images in pixels
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

  /** Blocks images until {@link #letGo}. */
  public static HeldOperations untilLetGo(Path folder, int width) throws IOException {
    HeldOperations held = new HeldOperations(Files.createDirectories(folder));
    held.write(HELD.formatted(width, held.gate()));
    Files.write(held.gate(), new byte[] {0});
    return held;
  }

  /**
   * Simulates a broken device: the call fails with CUDA's message for an illegal memory access.
   *
   * @param folder new or empty
   * @param width the width of the images in pixels
   */
  public static HeldOperations breaking(Path folder, int width) throws IOException {
    HeldOperations broken = new HeldOperations(Files.createDirectories(folder));
    broken.write(BROKEN.formatted(width));
    return broken;
  }

  /**
   * Simulates a lack of device memory.
   *
   * @param folder new or empty
   * @param width the width of the images in pixels
   */
  public static HeldOperations exhausting(Path folder, int width) throws IOException {
    HeldOperations exhausting = new HeldOperations(Files.createDirectories(folder));
    exhausting.write(EXHAUSTING.formatted(width));
    return exhausting;
  }

  /** The folder of the module, for the class path. */
  public Path folder() {
    return folder;
  }

  /** Releases all blocked images. */
  public void letGo() throws IOException {
    Files.write(gate(), new byte[] {1}, StandardOpenOption.WRITE); // the file is never empty
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
      Files.delete(code.resolveSibling("__torch__.py.debug_pkl")); // positions in the original code
    }
  }

  private static String changed(String code, String instead) {
    if (code.split(Pattern.quote(BEFORE_THE_STEPS), -1).length != 2) {
      throw new IllegalStateException("expected once in " + MODULE + ":\n" + BEFORE_THE_STEPS);
    }
    return code.replace(BEFORE_THE_STEPS, instead + BEFORE_THE_STEPS.split("\n", 2)[1]);
  }
}
