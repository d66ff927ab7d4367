package nst.job.publish;

import nst.model.text.Sha256;
import nst.storage.ObjectStore;

/** The picture's file as it is. */
record ExactCopy(ObjectStore store) implements Rendition {
  @Override
  public boolean matches(PublishedPicture picture, byte[] file) {
    String sha256 = picture.sha256() == null ? Sha256.hex(bytes(picture)) : picture.sha256();
    return sha256.equals(Sha256.hex(file));
  }

  @Override
  public byte[] bytes(PublishedPicture picture) {
    return store.read(picture.uri(), Integer.MAX_VALUE);
  }
}
