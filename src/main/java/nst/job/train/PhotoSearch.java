package nst.job.train;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.job.executor.Session;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Finds the photos of a training in a manifest or a folder. The choice depends on the hashes of
 * their URIs only, so it does not change if others are added, as long as there are not very many.
 */
public final class PhotoSearch {
  /** More photos than this would not be seen in a training of usual length. */
  private static final int MOST_PHOTOS = 20_000;

  /** One photo in so many is held out. */
  private static final long HELD_OUT = 8;

  /** The fewest photos that a training needs. */
  static final int FEWEST_PHOTOS = TrainingSchedule.FEWEST_PHOTOS;

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");

  private final Session session;
  private final RunConfig config;
  private final Networks networks;

  PhotoSearch(Session session, RunConfig config, Networks networks) {
    this.session = session;
    this.config = config;
    this.networks = networks;
  }

  /** A photo with what orders it; text, because Spark orders text. */
  private static String entry(String uri, String version) {
    return sha256(uri) + " " + sha256(version) + " " + uri;
  }

  private static String sha256(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String uri(String entry) {
    return entry.split(" ", 3)[2];
  }

  /**
   * The photos of a manifest, if the URI is a file or a folder without pictures; otherwise those of
   * the folder.
   *
   * @param photos absolute URI
   * @throws InvalidInputException if there are too few
   */
  PhotoSet find(String photos) {
    PhotoSet found = session.store().exists(photos) ? ofManifest(photos) : ofFolder(photos);
    if (found.size() < FEWEST_PHOTOS) {
      throw new InvalidInputException(
          "--photos",
          "",
          "expected at least "
              + FEWEST_PHOTOS
              + " photos, found "
              + found.size()
              + " in "
              + Uris.display(photos)
              + (found.refused() == 0
                  ? ""
                  : "; " + found.refused() + " rows name no photo that may be read"));
    }
    return found;
  }

  private PhotoSet ofFolder(String folder) {
    ObjectStore store = session.store();
    PriorityQueue<String> smallest = new PriorityQueue<>(Comparator.reverseOrder());
    long pictures = 0;
    boolean tables = false;
    for (Iterator<String> objects = store.list(folder); objects.hasNext(); ) {
      String uri = objects.next();
      tables |= extension(uri).equals("parquet");
      if (isPicture(uri)) {
        pictures++;
        smallest.add(entry(uri, ""));
        if (smallest.size() > MOST_PHOTOS) {
          smallest.remove();
        }
      }
    }
    if (pictures == 0 && tables) {
      return ofManifest(folder);
    }
    List<String> sorted = new ArrayList<>(smallest);
    sorted.sort(Comparator.naturalOrder());
    UriPolicy policy = UriPolicy.of(folder + "/photos", config.text(Setting.ALLOWED_PREFIXES));
    return split(sorted, pictures, 0, policy);
  }

  /** Whether the name of an object is that of a picture which can be read. */
  public static boolean isPicture(String uri) {
    return EXTENSIONS.contains(extension(uri));
  }

  private static String extension(String uri) {
    String name = Uris.fileName(uri);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private PhotoSet ofManifest(String manifest) {
    ManifestTable table = ManifestTable.open(session.spark(), manifest, config, networks);
    var rules = table.rules();
    JavaRDD<String> named =
        table
            .rows()
            .map(
                (row, number) -> {
                  try {
                    return photo(rules.content(row, number));
                  } catch (TransferException e) {
                    return photo(new String[0]);
                  }
                })
            .map(row -> row.getString(0))
            .cache();
    try {
      long refused = named.filter(String::isEmpty).count();
      JavaRDD<String> distinct = named.filter(entry -> !entry.isEmpty()).distinct();
      return split(distinct.takeOrdered(MOST_PHOTOS), distinct.count(), refused, table.policy());
    } finally {
      named.unpersist();
    }
  }

  private static Row photo(String... uriAndVersion) {
    return RowFactory.create(
        uriAndVersion.length == 0 ? "" : entry(uriAndVersion[0], uriAndVersion[1]));
  }

  private static PhotoSet split(List<String> entries, long found, long refused, UriPolicy policy) {
    List<String> training = new ArrayList<>();
    List<String> heldOut = new ArrayList<>();
    for (String entry : entries) {
      boolean held = Long.parseLong(entry.substring(0, 8), 16) % HELD_OUT == 0;
      (held ? heldOut : training).add(uri(entry));
    }
    if (heldOut.isEmpty() && !training.isEmpty()) {
      heldOut.add(training.remove(0));
    }
    return new PhotoSet(
        training, heldOut, sha256(String.join("\n", entries)), found, refused, policy);
  }
}
