package nst.job;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests of runs on an S3 server, with an empty bucket for each test. */
abstract class S3Fixture {
  @RegisterExtension final FaultyS3 server = new FaultyS3();

  @TempDir Path scratch;
  S3Run catalogue;

  @BeforeEach
  void connect() {
    catalogue = new S3Run(server);
  }

  @AfterEach
  void disconnect() {
    server.removeFaults();
    catalogue.close();
  }
}
