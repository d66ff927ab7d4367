package nst.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import nst.image.format.FormatSniffer;
import nst.model.Problems;
import nst.model.TransferException;
import nst.storage.LocalTree;
import nst.storage.StandardStreams;
import nst.storage.Uris;
import nst.storage.UserUri;

/**
 * The image files that a command line names.
 *
 * @param uris absolute URIs of local files, or {@link StandardStreams#NAME}
 * @param several whether there may be more than one: several arguments, a folder or a glob
 * @param leftOut for each named folder with subfolders that contain images: how many those are
 */
public record InputFiles(List<String> uris, boolean several, Map<String, Integer> leftOut) {
  /** What a folder is searched for. Formats that are not read are included, to be named. */
  public static final Set<String> EXTENSIONS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif",
          "avif", "jxl");

  /** The first bytes of a file, which tell its format. */
  private static final int HEAD = 1024;

  public InputFiles {
    uris = List.copyOf(uris);
    leftOut = Map.copyOf(leftOut);
  }

  /** Files that were named one by one. */
  public InputFiles(List<String> uris, boolean several) {
    this(uris, several, Map.of());
  }

  /**
   * Finds the photos of a command line. A file that does not exist is kept, see {@link #fault}.
   *
   * @param typed files, folders, globs and {@code -}
   * @param problems receives a fault for each argument that names nothing
   */
  public static InputFiles photos(List<String> typed, Problems problems) {
    Set<String> uris = new LinkedHashSet<>();
    Map<String, Integer> leftOut = new HashMap<>();
    boolean several = typed.size() > 1;
    for (String argument : typed) {
      Optional<String> uri = uri("PHOTO", argument, problems);
      if (uri.isEmpty() || uri.get().equals(StandardStreams.NAME)) {
        uri.ifPresent(uris::add);
        continue;
      }
      Path path = Path.of(uri.get().substring("file:".length()));
      if (Files.isDirectory(path)) {
        several = true;
        List<Path> images = imagesIn(path, problems);
        int below = imagesBelow(path).size();
        if (below > 0) {
          leftOut.put(argument, below);
        }
        String none = "expected photos in the folder, found none";
        add(
            uris,
            images,
            below == 0 ? none : none + " (" + below + " below it)",
            argument,
            problems);
      } else if (!Files.exists(path) && isGlob(argument)) {
        several = true;
        add(
            uris,
            matching(path, problems),
            "expected photos, found no such file",
            argument,
            problems);
      } else {
        uris.add(uri.get());
      }
    }
    return new InputFiles(List.copyOf(uris), several, leftOut);
  }

  private static void add(
      Set<String> uris, List<Path> found, String none, String argument, Problems problems) {
    found.forEach(file -> uris.add("file:" + file));
    if (found.isEmpty()) {
      problems.add("PHOTO", "", none + ": " + argument);
    }
  }

  /**
   * The absolute URI of a file that a command line names; empty if it is not a local file.
   *
   * @param where the option or argument, for messages
   */
  public static Optional<String> uri(String where, String typed, Problems problems) {
    if (typed.equals(StandardStreams.NAME)) {
      return Optional.of(typed);
    }
    try {
      if (!typed.isBlank() && Files.exists(Path.of(typed))) { // a name with a colon is no URI
        return Optional.of("file:" + Path.of(typed).toAbsolutePath().normalize());
      }
      String uri = UserUri.absolute(typed);
      if (Uris.scheme(uri).equals("file")) {
        return Optional.of(uri);
      }
      problems.add(
          where, "", "expected a local file, was " + uri + ". The command run reads buckets");
    } catch (InvalidPathException e) {
      problems.add(where, "", "expected a file name of this locale, was " + typed);
    } catch (IllegalArgumentException e) {
      problems.add(where, "", e.getMessage());
    }
    return Optional.empty();
  }

  /** The images directly in a folder, in the order of their names. */
  private static List<Path> imagesIn(Path folder, Problems problems) {
    return sorted(folder, 1, file -> isImage(folder, file), problems);
  }

  /** The images in the subfolders of a folder; those that cannot be listed count as empty. */
  private static List<Path> imagesBelow(Path folder) {
    return sorted(
        folder,
        Integer.MAX_VALUE,
        file -> !file.getParent().equals(folder) && isImage(folder, file),
        new Problems());
  }

  private static boolean isImage(Path folder, Path file) {
    return EXTENSIONS.contains(extension(file)) && !isHidden(folder, file);
  }

  private static boolean isHidden(Path folder, Path file) {
    String path = folder.relativize(file).toString();
    return path.startsWith(".") || path.contains("/.");
  }

  /** The extension of a file's name in lower case; empty if there is none. */
  static String extension(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /** The files that match a glob; {@code **} crosses folders. */
  private static List<Path> matching(Path glob, Problems problems) {
    Path base = glob.getRoot();
    int first = 0;
    while (!isGlob(glob.getName(first).toString())) {
      base = base.resolve(glob.getName(first));
      first++;
    }
    int depth = glob.toString().contains("**") ? Integer.MAX_VALUE : glob.getNameCount() - first;
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      return Files.isDirectory(base) ? sorted(base, depth, matcher::matches, problems) : List.of();
    } catch (PatternSyntaxException e) {
      return List.of();
    }
  }

  /** The chosen files; folders that cannot be listed are problems. */
  private static List<Path> sorted(
      Path folder, int depth, Predicate<Path> chosen, Problems problems) {
    return LocalTree.files(
        folder,
        depth,
        chosen,
        (file, fault) ->
            problems.add("PHOTO", "", "expected a folder that this user may list, was " + file));
  }

  /** The first bytes of a file; empty if it is not a file that can be read. */
  public static Optional<byte[]> head(String typed) {
    try (InputStream in = Files.newInputStream(Path.of(typed))) {
      return Optional.of(in.readNBytes(HEAD));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Why a file cannot be an image, from its size and its first bytes; empty if it may be one.
   *
   * @param maxBytes larger files are not read
   */
  public static Optional<String> fault(String uri, long maxBytes) {
    if (uri.equals(StandardStreams.NAME)) {
      return Optional.empty();
    }
    Path path = Path.of(uri.substring("file:".length()));
    if (Files.isDirectory(path)) {
      return Optional.of("expected an image file, was a folder: " + path);
    }
    if (!Files.exists(path)) {
      return Optional.of("expected an image file, found no such file: " + path);
    }
    if (!Files.isRegularFile(path)) {
      return Optional.of("expected an image file or - for standard input, was a device: " + path);
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(HEAD);
      if (FormatSniffer.find(head).isPresent() || Files.size(path) > maxBytes) {
        return Optional.empty();
      }
      FormatSniffer.sniff(Files.readAllBytes(path)); // says how long the file is
      return Optional.empty();
    } catch (TransferException e) {
      return Optional.of(e.getMessage() + ": " + path);
    } catch (IOException e) {
      return Optional.of("expected an image file that this user may read, was " + path);
    }
  }
}
