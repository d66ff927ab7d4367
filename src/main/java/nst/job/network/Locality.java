package nst.job.network;

/** Where executors live. */
public enum Locality {
  ONE_PROCESS,
  CLUSTER
}
