package nst.weights;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Tries again what an interrupted connection stopped, a few times in all.
 *
 * @param most the tries after the first one
 * @param pause before the first of them; it doubles each time
 */
record Attempts(int most, Duration pause) {
  static final Attempts DEFAULT = new Attempts(4, Duration.ofSeconds(1));

  /** A step that may be interrupted. */
  interface Step<T> {
    T run() throws IOException;
  }

  /**
   * Runs a step until it succeeds.
   *
   * @param notes receives the reason of each further try
   * @throws TransferException IO_ERROR if the last try fails
   */
  <T> T run(HttpFile file, Consumer<String> notes, Step<T> step) {
    for (int attempt = 0; ; attempt++) {
      try {
        return step.run();
      } catch (IOException e) {
        String why = HttpFile.reason(e);
        if (attempt == most || isPermanent(e)) {
          throw new TransferException(
              ErrorCode.IO_ERROR, "Cannot read " + file.uri() + ": " + why, e);
        }
        notes.accept("The download was interrupted (" + why + "). It goes on.");
        sleep(attempt);
      }
    }
  }

  /** Whether no connection was made, for a reason that seconds do not change. */
  private static boolean isPermanent(IOException e) {
    return e instanceof UnknownHostException
        || e instanceof ConnectException
        || e instanceof NoRouteToHostException
        || e instanceof SSLHandshakeException;
  }

  private void sleep(int attempt) {
    try {
      Thread.sleep(pause.multipliedBy(1L << attempt).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferException(ErrorCode.IO_ERROR, "The download was cancelled", e);
    }
  }
}
