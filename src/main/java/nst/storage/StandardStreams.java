package nst.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Iterator;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Local files, and standard input and output under the name {@link #NAME}. A file that exists is
 * only replaced if that is allowed.
 */
public final class StandardStreams implements ObjectStore {
  /** Standard input where it is read, standard output where it is written. */
  public static final String NAME = "-";

  private final ObjectStore files = new LocalObjectStore();
  private final boolean overwrite;
  private final InputStream in;
  private final PrintStream out;

  /**
   * @param overwrite whether {@link #create} replaces a file
   */
  public StandardStreams(boolean overwrite, InputStream in, PrintStream out) {
    this.overwrite = overwrite;
    this.in = in;
    this.out = out;
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    if (!uri.equals(NAME)) {
      return files.read(local(uri), maxBytes);
    }
    try {
      byte[] bytes = in.readNBytes(Math.toIntExact(Math.min(maxBytes + 1, Integer.MAX_VALUE - 8)));
      ObjectStore.requireAtMost("standard input", bytes.length, maxBytes);
      return bytes;
    } catch (IOException e) {
      throw new TransferException(
          ErrorCode.IO_ERROR, "Cannot read standard input: " + e.getMessage(), e);
    }
  }

  @Override
  public void write(String uri, byte[] bytes) {
    if (!uri.equals(NAME)) {
      files.write(local(uri), bytes);
      return;
    }
    out.write(bytes, 0, bytes.length);
    if (out.checkError()) { // flushes
      throw new TransferException(ErrorCode.IO_ERROR, "Cannot write to standard output");
    }
  }

  @Override
  public void write(String uri, java.nio.file.Path file) {
    files.write(local(uri), file);
  }

  /**
   * Writes the object.
   *
   * @return true
   * @throws TransferException IO_ERROR if the file exists and must not be replaced
   */
  @Override
  public boolean create(String uri, byte[] bytes) {
    if (uri.equals(NAME) || overwrite) {
      write(uri, bytes);
    } else if (!createdOrWritten(uri, bytes)) {
      throw new TransferException(
          ErrorCode.IO_ERROR, "Cannot write " + Uris.display(uri) + ": the file exists");
    }
    return true;
  }

  /** Some file systems, such as FAT, have no hard links, which creating a file needs. */
  private boolean createdOrWritten(String uri, byte[] bytes) {
    try {
      return files.create(local(uri), bytes);
    } catch (TransferException e) {
      if (files.exists(uri)) {
        throw e;
      }
      files.write(uri, bytes);
      return true;
    }
  }

  @Override
  public boolean exists(String uri) {
    return !uri.equals(NAME) && files.exists(local(uri));
  }

  @Override
  public void delete(String uri) {
    files.delete(local(uri));
  }

  @Override
  public Iterator<String> list(String folder) {
    return files.list(local(folder));
  }

  @Override
  public Iterator<StoredObject> objects(String folder) {
    return files.objects(local(folder));
  }

  private static String local(String uri) {
    if (!Uris.scheme(uri).equals("file")) {
      throw new TransferException(ErrorCode.INVALID_PARAMETER, "expected a local file, was " + uri);
    }
    return uri;
  }
}
