package nst.job.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nst.model.text.Sha256;
import nst.report.row.EmbeddedPart;
import nst.report.row.PageJson;
import nst.report.row.PageParts;
import nst.report.row.Picture;
import nst.storage.ObjectStore;

/**
 * The parts of a page as files beside it. Pictures are named by their content, so that a page that
 * is made again has the same files.
 */
final class PageFolder implements PageParts {
  /** The number of hex digits in the name of a picture. */
  private static final int NAME = 24;

  private final ObjectStore store;
  private final String folder;
  private final Map<String, Picture> pictures = new ConcurrentHashMap<>();
  private final List<String> scripts = new ArrayList<>();

  /**
   * @param folder URI of the folder of the page
   */
  PageFolder(ObjectStore store, String folder) {
    this.store = store;
    this.folder = folder;
  }

  @Override
  public Picture picture(byte[] jpeg, int width, int height) {
    String name = Sha256.hex(jpeg).substring(0, NAME);
    return pictures.computeIfAbsent(
        name,
        added -> {
          String path = "pictures/" + name.substring(0, 2) + "/" + name + ".jpg";
          store.write(folder + "/" + path, jpeg);
          return new Picture(path, width, height);
        });
  }

  @Override
  public void data(String name, Object value, boolean onOpening) {
    String path = "data/" + name + ".js";
    store.write(folder + "/" + path, PageJson.script(name, value).getBytes(StandardCharsets.UTF_8));
    if (onOpening) {
      scripts.add(path);
    }
  }

  @Override
  public List<String> scripts() {
    return List.copyOf(scripts);
  }

  @Override
  public List<EmbeddedPart> embedded() {
    return List.of();
  }
}
