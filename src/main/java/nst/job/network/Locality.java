package nst.job.network;

/** Where executors run: in the driver's process, or in processes of a cluster. */
public enum Locality {
  ONE_PROCESS,
  CLUSTER
}
