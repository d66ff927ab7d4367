package nst.engine;

import java.lang.management.ManagementFactory;

/** The clock of a measurement. */
enum Clock {
  /** The elapsed time. */
  WALL,

  /**
   * The CPU time of this thread. With one thread for each operation, it is the whole work of an
   * operation. Other processes on the machine do not affect it.
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
