package nst.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nst.model.Problems;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.storage.StandardStreams;
import nst.storage.Uris;

/**
 * Where the images of a command line are written.
 *
 * @param typed the option {@code --output}; empty for readable names in the working directory
 * @param styles URIs of the styles, which are part of readable names
 */
public record OutputFiles(Optional<String> typed, List<String> styles, boolean overwrite) {
  private static final String OPTION = "--output";

  /** The format that the name of a single output asks for; empty if it does not. */
  public Optional<OutputFormat> format() {
    String extension = typed.map(name -> InputFiles.extension(Path.of("x" + name))).orElse("");
    return switch (extension) {
      case "png" -> Optional.of(OutputFormat.PNG);
      case "jpg", "jpeg" -> Optional.of(OutputFormat.JPG);
      default -> Optional.empty();
    };
  }

  /**
   * The absolute URI of the output of each photo, in their order.
   *
   * @param problems receives every fault; use the result only if there are none
   */
  public List<String> of(InputFiles photos, OutputFormat format, Problems problems) {
    if (typed.isPresent() && typed.get().equals(StandardStreams.NAME)) {
      if (photos.several()) {
        problems.add(OPTION, "", "expected a folder for several photos, was -");
      }
      return photos.uris().stream().map(photo -> StandardStreams.NAME).toList();
    }
    Optional<String> uri = typed.flatMap(name -> InputFiles.uri(OPTION, name, problems));
    if (typed.isPresent() && uri.isEmpty()) {
      return List.of();
    }
    Path output = Path.of(uri.orElse(Uris.absolute(".")).substring("file:".length()));
    boolean folder =
        Files.isDirectory(output) || typed.filter(name -> name.endsWith("/")).isPresent();
    if (photos.several() && !folder) {
      if (Files.exists(output) || format().isPresent()) {
        problems.add(OPTION, "", "expected a folder for several photos, was " + typed.orElse(""));
        return List.of();
      }
      folder = true;
    }
    if (!folder && format().isEmpty()) {
      problems.add(
          OPTION,
          "",
          "expected a name that ends in .png, .jpg or .jpeg, a folder that ends in /, or -, was "
              + typed.orElse(""));
      return List.of();
    }
    Path parent = folder ? output : output.getParent();
    List<Path> files = new ArrayList<>();
    for (String photo : photos.uris()) {
      files.add(folder ? parent.resolve(name(photo, format)) : output);
    }
    checkFolder(parent, problems);
    checkFiles(photos.uris(), files, problems);
    return files.stream().map(file -> "file:" + file).toList();
  }

  /** {@code photo-painting.png}. */
  private String name(String photo, OutputFormat format) {
    return stem(photo)
        + styles.stream().map(style -> "-" + stem(style)).collect(Collectors.joining())
        + "."
        + format.extension();
  }

  private static String stem(String uri) {
    return uri.equals(StandardStreams.NAME) ? "stdin" : Uris.stem(uri);
  }

  /** Finds out before the optimisation whether its result can be written. */
  private static void checkFolder(Path folder, Problems problems) {
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      problems.add(OPTION, "", "expected a folder, was a file: " + existing);
    } else if (!Files.isWritable(existing)) {
      problems.add(OPTION, "", "expected a folder that this user may write to, was " + existing);
    }
  }

  private void checkFiles(List<String> photos, List<Path> files, Problems problems) {
    Map<Path, String> photoOf = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      String photo = Uris.display(photos.get(i));
      String other = photoOf.putIfAbsent(file, photo);
      if (other != null) {
        problems.add(
            OPTION,
            "",
            "expected photos with different names, but "
                + other
                + " and "
                + photo
                + " would both be written to "
                + file);
      } else if (photos.contains("file:" + file) || styles.contains("file:" + file)) {
        problems.add(OPTION, "", "expected another file than the inputs, was " + file);
      } else if (Files.isDirectory(file)) {
        problems.add(OPTION, "", "expected a file, was a folder: " + file);
      } else if (Files.exists(file) && !overwrite) {
        problems.add(
            OPTION, "", "the file exists: " + file + ". Add --overwrite, or name another output");
      }
    }
  }
}
