package nst.job.network;

/** Where rows are computed: in the driver's process, or in the processes of a cluster. */
public enum ExecutionMode {
  LOCAL,
  CLUSTER;

  /** The mode of a Spark master: {@code local} and {@code local[...]} are local. */
  public static ExecutionMode of(String master) {
    return master.equals("local") || master.startsWith("local[") ? LOCAL : CLUSTER;
  }
}
