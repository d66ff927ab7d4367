package nst.engine.optimizer;

/** Why an optimisation ended. */
public enum StopReason {
  /** The number of requested steps is reached. */
  ITERATIONS,
  /** The clamped loss has almost stopped decreasing. */
  CONVERGED,
  /** max_seconds have passed. */
  TIME,
  /** No lower point was found along any direction. */
  STALLED
}
