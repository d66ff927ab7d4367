package nst.storage;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;

/**
 * Hadoop's local file system without the hidden {@code .crc} files. Configured as {@code
 * fs.file.impl} in {@code conf/spark-local.conf}. It extends {@link LocalFileSystem} because S3A
 * casts the local file system to that class.
 */
public final class ChecksumFreeLocalFileSystem extends LocalFileSystem {

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    setWriteChecksum(false);
    setVerifyChecksum(false);
  }
}
