package nst.job;

import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/** The faults that a simulated store can produce for a request. */
enum Fault {
  /** No fault: the server answers. */
  NONE(0, ""),
  SLOW_DOWN(503, "SlowDown"),
  INTERNAL_ERROR(500, "InternalError"),
  ACCESS_DENIED(403, "AccessDenied"),
  NO_SUCH_BUCKET(404, "NoSuchBucket"),
  /** The connection is reset before the answer. */
  RESET(0, ""),
  /** The connection is reset in the middle of the body of the answer. */
  CUT(0, ""),
  /** The server executes the request, and the connection is reset before the answer. */
  LOST(0, ""),
  /** The answer arrives byte by byte and would take minutes. */
  DRIP(0, "");

  private final int status;
  private final String code;

  Fault(int status, String code) {
    this.status = status;
    this.code = code;
  }

  /** The HTTP status of the answer, if there is one. */
  int status() {
    return status;
  }

  /** S3's error code. */
  String code() {
    return code;
  }

  /** Produces a fault for matching requests; all others are answered. */
  static Function<S3Request, Fault> to(Predicate<S3Request> requests, Fault fault) {
    return request -> requests.test(request) ? fault : NONE;
  }

  /** Produces one of the faults for this percentage of requests, chosen by the seed. */
  static Function<S3Request, Fault> now(int percent, long seed, Fault... faults) {
    Random random = new Random(seed);
    return request -> {
      synchronized (random) {
        return random.nextInt(100) < percent ? faults[random.nextInt(faults.length)] : NONE;
      }
    };
  }
}
