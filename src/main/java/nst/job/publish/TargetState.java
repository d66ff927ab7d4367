package nst.job.publish;

/** What is at the place where a picture is to be published. */
enum TargetState {
  /** Nothing. */
  ABSENT,
  /** The same bytes. */
  SAME,
  /** Other bytes. */
  OTHER,
  /** The picture itself does not exist. */
  NO_SOURCE
}
