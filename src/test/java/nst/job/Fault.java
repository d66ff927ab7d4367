package nst.job;

import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a store may do to a request instead of answering it. */
enum Fault {
  /** None: the server answers. */
  NONE(0, ""),
  SLOW_DOWN(503, "SlowDown"),
  INTERNAL_ERROR(500, "InternalError"),
  ACCESS_DENIED(403, "AccessDenied"),
  NO_SUCH_BUCKET(404, "NoSuchBucket"),
  /** The connection is reset before a word was said. */
  RESET(0, ""),
  /** The connection is reset in the middle of the answer's body. */
  CUT(0, ""),
  /** The server did what was asked, and the connection is reset before it says so. */
  LOST(0, ""),
  /** The answer comes byte by byte, and would take minutes. */
  DRIP(0, "");

  private final int status;
  private final String code;

  Fault(int status, String code) {
    this.status = status;
    this.code = code;
  }

  /** The answer's status, where there is an answer. */
  int status() {
    return status;
  }

  /** S3's word for it. */
  String code() {
    return code;
  }

  /** Whoever asks for this gets the fault, all others the answer. */
  static Function<S3Request, Fault> to(Predicate<S3Request> requests, Fault fault) {
    return request -> requests.test(request) ? fault : NONE;
  }

  /** So many of a hundred requests get one of the faults, by the seed. */
  static Function<S3Request, Fault> now(int percent, long seed, Fault... faults) {
    Random random = new Random(seed);
    return request -> {
      synchronized (random) {
        return random.nextInt(100) < percent ? faults[random.nextInt(faults.length)] : NONE;
      }
    };
  }
}
