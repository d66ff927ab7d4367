package nst.engine.optimizer;

/** Why an optimisation ended. */
public enum StopReason {
  /** It made as many steps as it was asked for. */
  ITERATIONS,
  /** The clamped loss hardly fell any more. */
  CONVERGED,
  /** max_seconds were over. */
  TIME,
  /** No lower point could be found along any direction. */
  STALLED
}
