package nst.engine;

import java.lang.management.ManagementFactory;

/** Which time is told. */
enum Clock {
  /** What a user waits. */
  WALL,

  /**
   * What this thread computed, which is an operation's whole work where it has one thread: others
   * on the machine do not count.
   */
  THREAD;

  /** Nanoseconds since some moment. */
  long nanos() {
    return switch (this) {
      case WALL -> System.nanoTime();
      case THREAD -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    };
  }
}
