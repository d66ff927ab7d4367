package nst.job;

/** Where executors live. */
enum Locality {
  ONE_PROCESS,
  CLUSTER
}
