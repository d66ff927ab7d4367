package nst.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * {@link ObjectStore} on Hadoop's file systems (s3a, hdfs). Local files are handled by {@link
 * LocalObjectStore}.
 */
public final class HadoopObjectStore implements ObjectStore {
  private static final Pattern STATUS = Pattern.compile("Status Code: (\\d+)");

  private final Configuration configuration;
  private final LocalObjectStore local = new LocalObjectStore();
  private final Optional<UriPolicy> policy;

  /** A store without restrictions on what it reads. */
  public HadoopObjectStore(Configuration configuration) {
    this(configuration, Optional.empty());
  }

  private HadoopObjectStore(Configuration configuration, Optional<UriPolicy> policy) {
    this.configuration = configuration;
    this.policy = policy;
  }

  /**
   * A store for URIs from a manifest. It checks the policy at each read; {@link #read} throws
   * URI_NOT_ALLOWED for any other URI.
   */
  public static HadoopObjectStore within(UriPolicy policy, Configuration configuration) {
    return new HadoopObjectStore(configuration, Optional.of(policy));
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    if (isLocal(uri)) {
      return policy.isPresent()
          ? local.read(uri, maxBytes, policy.get())
          : local.read(uri, maxBytes);
    }
    policy.ifPresent(each -> each.require(uri));
    return RetryPolicy.DEFAULT.of(() -> readOnce(uri, maxBytes));
  }

  private byte[] readOnce(String uri, long maxBytes) {
    try {
      FileStatus status = fileSystem(uri).getFileStatus(new Path(uri));
      if (status.isDirectory()) {
        throw new FileNotFoundException(uri);
      }
      ObjectStore.requireAtMost(uri, status.getLen(), maxBytes);
      try (InputStream in = open(uri, status)) {
        byte[] bytes = in.readNBytes(Math.toIntExact(status.getLen()));
        if (bytes.length != status.getLen()) {
          throw new TransferException(
              ErrorCode.SOURCE_CHANGED,
              "Cannot read "
                  + uri
                  + ": expected "
                  + status.getLen()
                  + " bytes, read "
                  + bytes.length);
        }
        return bytes;
      }
    } catch (IOException e) {
      throw failure("read", uri, e);
    }
  }

  @Override
  public void write(String uri, byte[] bytes) {
    if (isLocal(uri)) {
      local.write(uri, bytes);
      return;
    }
    try (FSDataOutputStream out = created(uri)) {
      out.write(bytes); // S3A sends up to one block as a single PUT, on close
    } catch (IOException e) {
      throw failure("write", uri, e);
    }
  }

  @Override
  public void write(String uri, java.nio.file.Path file) {
    if (isLocal(uri)) {
      local.write(uri, file);
      return;
    }
    // Open the file first, so that a missing file does not create an empty object.
    try (InputStream in = java.nio.file.Files.newInputStream(file);
        FSDataOutputStream out = created(uri)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw failure("write", uri, e);
    }
  }

  private FSDataOutputStream created(String uri) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = fileSystem(uri).createFile(new Path(uri));
    return (FSDataOutputStream)
        builder
            .overwrite(true)
            .recursive()
            .opt("fs.s3a.create.performance", "true") // skips the listing: a key is never a folder
            .build();
  }

  @Override
  public boolean create(String uri, byte[] bytes) {
    if (isLocal(uri)) {
      return local.create(uri, bytes);
    }
    try {
      return ConditionalCreate.create(fileSystem(uri), new Path(uri), bytes);
    } catch (IOException e) {
      throw failure("write", uri, e);
    }
  }

  @Override
  public boolean exists(String uri) {
    if (isLocal(uri)) {
      return local.exists(uri);
    }
    try {
      return fileSystem(uri).getFileStatus(new Path(uri)).isFile();
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw failure("look up", uri, e);
    }
  }

  @Override
  public void delete(String uri) {
    if (isLocal(uri)) {
      local.delete(uri);
      return;
    }
    try {
      fileSystem(uri).delete(new Path(uri), false);
    } catch (IOException e) {
      throw failure("delete", uri, e);
    }
  }

  @Override
  public Iterator<String> list(String folder) {
    return isLocal(folder)
        ? local.list(folder)
        : listed(folder, entry -> entry.getPath().toString());
  }

  @Override
  public Iterator<StoredObject> objects(String folder) {
    return isLocal(folder) ? local.objects(folder) : listed(folder, HadoopObjectStore::stored);
  }

  private static StoredObject stored(FileStatus entry) {
    String uri = entry.getPath().toString();
    if (entry instanceof EtagSource tagged && tagged.getEtag() != null) {
      return StoredObject.tagged(uri, tagged.getEtag());
    }
    return StoredObject.modified(
        uri, Instant.ofEpochMilli(entry.getModificationTime()), entry.getLen());
  }

  private <T> Iterator<T> listed(String folder, Function<FileStatus, T> each) {
    try {
      return new Files<>(fileSystem(folder).listFiles(new Path(folder), true), folder, each);
    } catch (FileNotFoundException e) {
      return List.<T>of().iterator();
    } catch (IOException e) {
      throw failure("list", folder, e);
    }
  }

  private static boolean isLocal(String uri) {
    return Uris.scheme(uri).equals("file");
  }

  private FileSystem fileSystem(String uri) throws IOException {
    FileSystem fileSystem = new Path(uri).getFileSystem(configuration);
    RetryCounters.countedBy(fileSystem);
    return fileSystem;
  }

  /** Passes the status on. This saves a second HEAD request and detects a changed object. */
  private InputStream open(String uri, FileStatus status) throws IOException {
    try {
      return fileSystem(uri)
          .openFile(new Path(uri))
          .withFileStatus(status)
          .opt("fs.option.openfile.read.policy", "whole-file")
          .build()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening " + uri, e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  /** Reads a listing page by page, because it may have millions of entries. */
  private static final class Files<T> implements Iterator<T> {
    private final RemoteIterator<LocatedFileStatus> entries;
    private final String folder;
    private final Function<FileStatus, T> each;

    Files(RemoteIterator<LocatedFileStatus> entries, String folder, Function<FileStatus, T> each) {
      this.entries = entries;
      this.folder = folder;
      this.each = each;
    }

    @Override
    public boolean hasNext() {
      try {
        return entries.hasNext();
      } catch (FileNotFoundException e) {
        return false; // the folder does not exist
      } catch (IOException e) {
        throw failure("list", folder, e);
      }
    }

    @Override
    public T next() {
      try {
        return each.apply(entries.next());
      } catch (NoSuchElementException e) {
        throw e;
      } catch (IOException e) {
        throw failure("list", folder, e);
      }
    }
  }

  /**
   * Maps a store's exception to an error code. It compares class names and messages, because the
   * classes of hadoop-aws change between releases and may not be on the class path.
   */
  static TransferException failure(String verb, String uri, IOException e) {
    ErrorCode code = codeOf(e);
    String message =
        "Cannot "
            + verb
            + " "
            + uri
            + ": "
            + firstLine(e)
            + (code == ErrorCode.NOT_FOUND ? Uris.hint(uri) : "");
    return new TransferException(code, message, e);
  }

  private static ErrorCode codeOf(IOException e) {
    String type = e.getClass().getSimpleName();
    if (type.equals("UnknownStoreException")) { // a FileNotFoundException on Hadoop 3.3
      return ErrorCode.BUCKET_NOT_FOUND;
    }
    if (e instanceof FileNotFoundException) {
      return ErrorCode.NOT_FOUND;
    }
    if (e instanceof java.nio.file.AccessDeniedException
        || e instanceof org.apache.hadoop.security.AccessControlException) {
      return ErrorCode.ACCESS_DENIED;
    }
    if (type.equals("RemoteFileChangedException")) {
      return ErrorCode.SOURCE_CHANGED;
    }
    if (type.equals("AWSServiceThrottledException")) {
      return ErrorCode.THROTTLED;
    }
    return codeOf(STATUS.matcher(firstLine(e)));
  }

  /** Streams other than S3A's own only carry the SDK's message, without a specific class. */
  private static ErrorCode codeOf(Matcher status) {
    if (!status.find()) {
      return ErrorCode.IO_ERROR;
    }
    return switch (status.group(1)) {
      case "403" -> ErrorCode.ACCESS_DENIED;
      case "404" -> ErrorCode.NOT_FOUND;
      case "412" -> ErrorCode.SOURCE_CHANGED;
      case "503" -> ErrorCode.THROTTLED;
      default -> ErrorCode.IO_ERROR;
    };
  }

  private static String firstLine(Exception e) {
    return e.toString().lines().findFirst().orElse("");
  }

  /**
   * Creates an object only if it does not exist, with the strongest guarantee that the store
   * offers.
   */
  private static final class ConditionalCreate {
    private static final String OPTION = "fs.option.create.conditional.overwrite";

    static boolean create(FileSystem fileSystem, Path path, byte[] bytes) throws IOException {
      if (fileSystem.exists(path)) {
        return false;
      }
      boolean objectStore = fileSystem.getScheme().startsWith("s3");
      try {
        FSDataOutputStreamBuilder<?, ?> builder = fileSystem.createFile(path).recursive();
        if (objectStore && fileSystem.hasPathCapability(path, OPTION)) {
          builder = builder.overwrite(true).must(OPTION, true);
        } else {
          // HDFS refuses the second writer. Hadoop 3.3's S3A checks and then writes, so two writers
          // may both succeed at the same time; the lease detects that with its second read.
          builder = builder.overwrite(false);
        }
        try (FSDataOutputStream out = (FSDataOutputStream) builder.build()) {
          out.write(bytes);
        }
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (IOException e) {
        if (e.getClass().getSimpleName().equals("RemoteFileChangedException")) {
          return false;
        }
        throw e;
      }
    }
  }
}
