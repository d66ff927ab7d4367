package nst.job.source;

import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import nst.files.InputFiles;
import nst.storage.ObjectStore;
import nst.storage.StoredObject;
import nst.storage.Uris;

/**
 * What a folder, or a prefix of a bucket, contains at any depth. Files and folders whose names
 * begin with a dot are not seen.
 *
 * @param photos the number of photos that were chosen
 * @param leftOut the number of photos that were not
 * @param tables the number of files that may belong to a manifest
 */
public record PhotoFolder(long photos, long leftOut, long tables) {

  /**
   * Lists a folder. Photos are recognised by the extension of their name.
   *
   * @param folder absolute URI
   * @param filter chooses photos by their path in the folder
   * @param each receives every chosen photo, in no particular order
   */
  public static PhotoFolder list(
      ObjectStore store, String folder, PhotoFilter filter, Consumer<StoredObject> each) {
    return list(store, folder, filter.compiled(), each);
  }

  /** Lists a folder; chooses the photos with these extensions, in lower case. */
  public static PhotoFolder list(
      ObjectStore store, String folder, Set<String> extensions, Consumer<StoredObject> each) {
    return list(store, folder, path -> extensions.contains(extension(path)), each);
  }

  private static PhotoFolder list(
      ObjectStore store, String folder, Predicate<String> filter, Consumer<StoredObject> each) {
    long photos = 0;
    long leftOut = 0;
    long tables = 0;
    for (Iterator<StoredObject> objects = store.objects(folder); objects.hasNext(); ) {
      StoredObject object = objects.next();
      String path = path(folder, object.uri());
      if (path.startsWith(".") || path.contains("/.")) {
        continue;
      }
      if (!isPhoto(path)) {
        tables += TableFormat.named(Uris.fileName(path)).isPresent() ? 1 : 0;
      } else if (filter.test(path)) {
        photos++;
        each.accept(object);
      } else {
        leftOut++;
      }
    }
    return new PhotoFolder(photos, leftOut, tables);
  }

  /** The path of an object in a folder. */
  public static String path(String folder, String uri) {
    return uri.substring(folder.endsWith("/") ? folder.length() : folder.length() + 1);
  }

  /** Whether the extension of a name is that of an image. */
  public static boolean isPhoto(String name) {
    return InputFiles.EXTENSIONS.contains(extension(name));
  }

  private static String extension(String path) {
    String name = Uris.fileName(path);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
