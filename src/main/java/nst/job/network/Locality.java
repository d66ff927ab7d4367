package nst.job.network;

/** Where executors run: in the driver's process, or in processes of a cluster. */
public enum Locality {
  ONE_PROCESS,
  CLUSTER;

  /** The locality of a Spark master: {@code local} and {@code local[...]} are one process. */
  public static Locality of(String master) {
    return master.equals("local") || master.startsWith("local[") ? ONE_PROCESS : CLUSTER;
  }
}
