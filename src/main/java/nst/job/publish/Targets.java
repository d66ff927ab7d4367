package nst.job.publish;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import nst.model.TransferException;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * The files of published pictures, on an executor.
 *
 * @param folder absolute URI of the folder that gets the pictures
 * @param version of this program, for content credentials; empty to write none
 */
record Targets(ObjectStore store, Rendition rendition, String folder, String version) {
  /** What is at the place of a picture. */
  TargetState state(PublishedPicture picture, String name) {
    String target = folder + "/" + name;
    if (!store.exists(picture.uri())) {
      return TargetState.NO_SOURCE;
    }
    if (!store.exists(target)) {
      return TargetState.ABSENT;
    }
    return rendition.matches(picture, store.read(target, Integer.MAX_VALUE))
        ? TargetState.SAME
        : TargetState.OTHER;
  }

  /**
   * Writes a picture, unless it is there, and the definition of its content credentials.
   *
   * @return why the picture could not be made; empty if it is there
   */
  Optional<String> publish(PublishedPicture picture, String name, TargetState state) {
    if (state != TargetState.SAME) {
      byte[] bytes;
      try {
        bytes = rendition.bytes(picture);
      } catch (TransferException e) {
        return Optional.of(name + ": " + e.getMessage());
      }
      store.write(folder + "/" + name, bytes); // an error of the folder ends the command
    }
    if (!version.isEmpty()) {
      writeCredentials(picture, name);
    }
    return Optional.empty();
  }

  private void writeCredentials(PublishedPicture picture, String name) {
    byte[] original = store.read(picture.uri(), Integer.MAX_VALUE);
    String definition = ContentCredentials.of(original, Uris.fileName(name), version);
    store.write(folder + "/" + name + ".c2pa.json", definition.getBytes(StandardCharsets.UTF_8));
  }
}
