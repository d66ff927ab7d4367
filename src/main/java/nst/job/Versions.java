package nst.job;

import java.util.Map;
import java.util.TreeMap;
import nst.model.TransferRequest;
import org.apache.hadoop.util.VersionInfo;

/** The versions of the programs of a run, for {@code _PLAN.json} and {@code _RUN.json}. */
public final class Versions {
  private Versions() {}

  public static Map<String, String> all() {
    Map<String, String> versions = new TreeMap<>();
    String own = Versions.class.getPackage().getImplementationVersion();
    versions.put("nst", own == null ? "development" : own);
    versions.put("algorithm", Integer.toString(TransferRequest.ALGORITHM_VERSION));
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }
}
