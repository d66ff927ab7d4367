package nst.job.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nst.files.InputFiles;
import nst.job.executor.Session;
import nst.job.source.PhotoFolder;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.TransferException;
import nst.storage.Uris;

/** Finds the images that a sweep names, and checks that they exist. */
final class SweepInputs {
  private static final String FILE = "file";

  private final Session session;
  private final long maxBytes;
  private final Problems problems;

  /** The folders with all images that were found. */
  private final Set<String> folders = new LinkedHashSet<>();

  /**
   * Creates a search.
   *
   * @param maxBytes larger files are not read
   * @param problems receives a fault for each text that names no image
   */
  SweepInputs(Session session, long maxBytes, Problems problems) {
    this.session = session;
    this.maxBytes = maxBytes;
    this.problems = problems;
  }

  /** The folders with all images that were found. */
  Set<String> folders() {
    return folders;
  }

  /**
   * The images that a list names, without repetitions. A folder stands for all images in and below
   * it, in the order of their names.
   *
   * @param option the option that has the list, for messages
   */
  List<String> images(String option, List<SweepText> list) {
    Set<String> found = new LinkedHashSet<>();
    for (SweepText typed : list) {
      resolved(option, typed)
          .ifPresent(
              uri -> {
                if (isFolder(option, uri)) {
                  addFolder(option, uri, found);
                } else {
                  check(option, uri);
                  found.add(uri);
                }
              });
    }
    return new ArrayList<>(found);
  }

  private Optional<String> resolved(String option, SweepText typed) {
    try {
      return Optional.of(typed.uri(typed.text()));
    } catch (IllegalArgumentException e) {
      problems.add(option, "", e.getMessage());
      return Optional.empty();
    }
  }

  private boolean isFolder(String option, String uri) {
    if (Uris.scheme(uri).equals(FILE)) {
      return Files.isDirectory(path(uri));
    }
    return read(option, uri, () -> !session.store().exists(uri) && hasObjects(uri), false);
  }

  private boolean hasObjects(String uri) {
    return session.store().list(uri).hasNext();
  }

  private void addFolder(String option, String folder, Set<String> found) {
    List<String> images = new ArrayList<>();
    read(
        option,
        folder,
        () -> {
          PhotoFolder.list(
              session.store(), folder, InputFiles.EXTENSIONS, photo -> images.add(photo.uri()));
          return true;
        },
        false);
    if (images.isEmpty()) {
      problems.add(option, "", "expected images in the folder, found none: " + shown(folder));
    }
    images.stream().sorted().forEach(found::add);
    folders.add(folder);
  }

  /** Checks one image, and reports a fault if it is missing, a folder or not an image. */
  void check(String option, String uri) {
    folders.add(Uris.folder(uri));
    if (Uris.scheme(uri).equals(FILE)) {
      InputFiles.fault(uri, maxBytes).ifPresent(fault -> problems.add(option, "", fault));
      return;
    }
    checkExists(option, uri);
  }

  /** Checks that an object exists, whatever it contains. */
  void checkExists(String option, String uri) {
    folders.add(Uris.folder(uri));
    boolean exists = read(option, uri, () -> session.store().exists(uri), true);
    if (!exists) {
      problems.add(option, "", "expected a file, found no such object: " + shown(uri));
    }
  }

  /** Something that asks storage. */
  private interface Question {
    boolean answer();
  }

  private boolean read(String option, String uri, Question question, boolean otherwise) {
    try {
      session.requireStorage(option, uri);
      return question.answer();
    } catch (InvalidInputException e) {
      e.problems().forEach(fault -> problems.add(fault.where(), fault.column(), fault.message()));
      return otherwise;
    } catch (TransferException e) {
      problems.add(option, "", e.getMessage());
      return otherwise;
    }
  }

  private static Path path(String uri) {
    return Path.of(shown(uri));
  }

  private static String shown(String uri) {
    return Uris.display(uri);
  }
}
