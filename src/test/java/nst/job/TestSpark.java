package nst.job;

import nst.job.executor.Session;
import nst.job.manifest.ManifestTest;
import org.apache.spark.sql.SparkSession;

/** The Spark session of all tests of a JVM, because starting one is slow. */
public final class TestSpark {
  private static Session session;

  private TestSpark() {}

  public static synchronized Session session() {
    if (session == null
        || session.spark().sparkContext().isStopped()) { // a command closes the session
      System.setProperty("spark.master", "local[2]");
      session = Session.withDevices("tests", ManifestTest.config());
      // The tables of tests are small, and compiling a query takes longer than the query. A run
      // sets this for its own tables.
      session.spark().conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    }
    return session;
  }

  /** Stops the session, because a command in this JVM opens its own and Spark allows only one. */
  static synchronized void stop() {
    if (session != null) {
      session.close();
    }
  }

  public static SparkSession spark() {
    return session().spark();
  }
}
