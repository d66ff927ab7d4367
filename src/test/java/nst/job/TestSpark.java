package nst.job;

import nst.job.executor.Session;
import nst.job.manifest.ManifestTest;
import org.apache.spark.sql.SparkSession;

/** One Spark for all tests of a JVM: starting it takes longer than most of them. */
public final class TestSpark {
  private static Session session;

  private TestSpark() {}

  public static synchronized Session session() {
    if (session == null || session.spark().sparkContext().isStopped()) { // a command closes it
      System.setProperty("spark.master", "local[2]");
      session = Session.withDevices("tests", ManifestTest.config());
    }
    return session;
  }

  /** A command that runs in this JVM opens a session of its own, and Spark allows one. */
  static synchronized void stop() {
    if (session != null) {
      session.close();
    }
  }

  public static SparkSession spark() {
    return session().spark();
  }
}
