package nst.job.publish;

import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;
import nst.storage.Uris;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Compares and copies single pictures, on an executor.
 *
 * @param folder absolute URI of the folder that gets the pictures
 */
record TargetFiles(ObjectStore store, String folder) {
  static final StructType CHECKED =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("target", DataTypes.StringType)
          .add("state", DataTypes.StringType);

  /**
   * Finds out what is at the place of a picture.
   *
   * @param sha256 of the picture; null if it is not known
   */
  Row checked(String name, String source, String sha256) {
    String target = folder + "/" + name;
    return RowFactory.create(source, target, state(source, sha256, target).name());
  }

  private TargetState state(String source, String sha256, String target) {
    if (!store.exists(source)) {
      return TargetState.NO_SOURCE;
    }
    if (!store.exists(target)) {
      return TargetState.ABSENT;
    }
    String picture = sha256 == null ? Sha256.hex(read(source)) : sha256;
    return picture.equals(Sha256.hex(read(target))) ? TargetState.SAME : TargetState.OTHER;
  }

  void copy(String source, String target) {
    store.write(target, read(source));
  }

  /** Writes the definition of content credentials of a picture beside its copy. */
  void writeCredentials(String source, String target, String version) {
    byte[] definition = ContentCredentials.of(read(source), Uris.fileName(target), version);
    store.write(target + ".c2pa.json", definition);
  }

  private byte[] read(String uri) {
    try {
      return store.read(uri, Integer.MAX_VALUE);
    } catch (TransferException e) {
      throw e.code() == ErrorCode.NOT_FOUND
          ? new TransferException(
              ErrorCode.IO_ERROR, "The file was removed while it was published: " + uri, e)
          : e;
    }
  }
}
