package nst.engine.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Modifies the engine's TorchScript module to simulate a hanging device: libtorch does not return
 * from a call with an image of a certain width, forever or until it is released. A process loads
 * the modified module if its folder comes first on the class path. The engine itself is not
 * modified.
 */
public final class HeldOperations {
  private static final String MODULE = "tensor-operations.pt";

  /**
   * In the method {@code run}, the image is in a variable that TorchScript names, and no step has
   * run yet.
   */
  private static final Pattern START = Pattern.compile(" {4}(x\\d+) = x\n(?= {4}for i in range)");

  /** The variable in the faults. */
  private static final String IMAGE = "IMAGE";

  /**
   * Opens the gate for writing. The gate is a pipe, so the kernel lets libtorch wait, without CPU
   * time, until the pipe has a reader. The written number does not matter.
   */
  private static final String HELD =
      """
          if torch.eq(torch.size(IMAGE, 3), %d):
            torch.save(0, "%s")
          else:
            pass
      """;

  /** Fails like a kernel with an illegal memory access. */
  private static final String BROKEN =
      """
          if torch.eq(torch.size(IMAGE, 3), %d):
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
          if torch.eq(torch.size(IMAGE, 3), %d):
            IMAGE = torch.neg(torch.zeros([281474976710656]))
          else:
            pass
      """;

  /** The readers of pipes. They stay open, because an image may be about to open its pipe. */
  private static final List<RandomAccessFile> READERS =
      Collections.synchronizedList(new ArrayList<>());

  private final Path folder;
  private String faults = "";

  private HeldOperations(Path folder) {
    this.folder = folder;
  }

  /**
   * Blocks images until {@link #letGo}.
   *
   * @param folder new or empty
   * @param width the width of the blocked images in pixels
   */
  public static HeldOperations hanging(Path folder, int width) throws IOException {
    HeldOperations held = new HeldOperations(Files.createDirectories(folder));
    held.add(HELD.formatted(width, held.gate()));
    Process mkfifo = new ProcessBuilder("mkfifo", held.gate().toString()).inheritIO().start();
    if (mkfifo.onExit().join().exitValue() != 0) {
      throw new IOException("cannot make a pipe: " + held.gate());
    }
    return held;
  }

  /**
   * Simulates a broken device: the call fails with CUDA's message for an illegal memory access.
   *
   * @param folder new or empty
   * @param width the width of the images in pixels
   */
  public static HeldOperations breaking(Path folder, int width) throws IOException {
    return new HeldOperations(Files.createDirectories(folder)).alsoBreaking(width);
  }

  /** Adds this fault for images of another width. */
  public HeldOperations alsoBreaking(int width) throws IOException {
    return add(BROKEN.formatted(width));
  }

  /** Adds a lack of device memory for images of another width. */
  public HeldOperations alsoExhausting(int width) throws IOException {
    return add(EXHAUSTING.formatted(width));
  }

  /** The folder of the module, for the class path. */
  public Path folder() {
    return folder;
  }

  /** Releases all blocked images. Later ones write to a file in place of the pipe. */
  public void letGo() throws IOException {
    // Opening for reading alone would block.
    READERS.add(new RandomAccessFile(gate().toFile(), "rw"));
    Path file = Files.createFile(folder.resolve("open"));
    Files.move(file, gate(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path gate() {
    return folder.resolve("gate");
  }

  private HeldOperations add(String fault) throws IOException {
    faults += fault;
    String resources = TensorOperations.class.getPackageName().replace('.', '/');
    Path module = folder.resolve(resources).resolve(MODULE);
    Files.createDirectories(module.getParent());
    try (InputStream original = TensorOperations.class.getResourceAsStream(MODULE)) {
      Files.copy(original, module, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileSystem zip = FileSystems.newFileSystem(module)) {
      Path code = zip.getPath("tensor-operations", "code", "__torch__.py");
      Files.writeString(code, changed(Files.readString(code)));
      Files.delete(code.resolveSibling("__torch__.py.debug_pkl")); // positions in the original code
    }
    return this;
  }

  private String changed(String code) {
    List<MatchResult> starts = START.matcher(code).results().toList();
    if (starts.size() != 1) {
      throw new IllegalStateException(
          "expected once in " + MODULE + ": " + START + ", was " + starts.size() + " times");
    }
    MatchResult start = starts.get(0);
    return code.substring(0, start.end())
        + faults.replace(IMAGE, start.group(1))
        + code.substring(start.end());
  }
}
