package nst.job;

import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.job.executor.EngineConfig;
import nst.job.executor.Session;
import nst.job.network.ExecutionMode;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.model.InvalidInputException;
import nst.model.NetworkFacts;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.storage.ObjectStore;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;

/** Checks the environment of a run. */
public final class Diagnostics {

  /** The result of a check. */
  public enum Health {
    OK,
    WARNING,
    BROKEN
  }

  /**
   * A finding of a check.
   *
   * @param advice what to do; empty if there is nothing to do
   */
  public record Finding(String what, Health health, String found, String advice) {}

  private final SparkSession spark;
  private final RunConfig config;
  private final ObjectStore store;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnostics(Session session, RunConfig config) {
    this.spark = session.spark();
    this.config = config;
    this.store = session.store();
  }

  /**
   * Runs all checks.
   *
   * @param output absolute URI of a folder for a test object
   */
  public static List<Finding> of(Session session, RunConfig config, Optional<String> output) {
    Diagnostics checkup = new Diagnostics(session, config);
    checkup.java();
    checkup.spark();
    checkup.hadoop();
    checkup.credentials();
    checkup.weightsAndDevice();
    output.ifPresent(checkup::storage);
    return checkup.findings;
  }

  private void add(String what, Health health, String found, String advice) {
    findings.add(new Finding(what, health, Redactor.of(found), Redactor.of(advice)));
  }

  private void java() {
    String version = System.getProperty("java.version");
    int feature = Runtime.version().feature();
    long memory = Runtime.getRuntime().maxMemory() >> 20;
    String found =
        version
            + ", "
            + memory
            + " MB heap, "
            + Runtime.getRuntime().availableProcessors()
            + " cores, "
            + ManagementFactory.getOperatingSystemMXBean().getArch();
    add(
        "java",
        feature >= 17 ? Health.OK : Health.BROKEN,
        found,
        feature >= 17 ? "" : "use a JDK 17");
  }

  private void spark() {
    add(
        "spark",
        Health.OK,
        spark.version()
            + " on "
            + spark.sparkContext().master()
            + ", "
            + Session.devices(spark, config)
            + " tasks at once",
        "");
  }

  /**
   * If the versions of hadoop-aws and Hadoop differ, the first access fails with
   * NoClassDefFoundError, often when the class is loaded. So this only looks for the class file.
   */
  private void hadoop() {
    String hadoop = VersionInfo.getVersion();
    URL s3a =
        Thread.currentThread()
            .getContextClassLoader()
            .getResource("org/apache/hadoop/fs/s3a/S3AFileSystem.class");
    if (s3a == null) {
      add(
          "hadoop",
          Health.WARNING,
          hadoop + ", without hadoop-aws",
          "for s3a:// add hadoop-aws " + hadoop);
      return;
    }
    String jar = s3a.getPath().replaceAll("!.*", "").replaceAll(".*/", "");
    boolean same = jar.contains(hadoop);
    add(
        "hadoop",
        same ? Health.OK : Health.BROKEN,
        hadoop + ", hadoop-aws in " + jar,
        same ? "" : "add hadoop-aws " + hadoop + ", the release of the cluster's Hadoop");
  }

  private void credentials() {
    boolean keys = spark.sparkContext().hadoopConfiguration().get("fs.s3a.secret.key") != null;
    add(
        "secrets",
        keys ? Health.WARNING : Health.OK,
        keys ? "fs.s3a.secret.key is in the configuration" : "none in the configuration",
        keys ? "use a role: the provider chain finds it, and it cannot appear in a log" : "");
  }

  private void weightsAndDevice() {
    try {
      Networks networks =
          Networks.of(config, store, ExecutionMode.of(spark.sparkContext().master()));
      networks.all().forEach(this::network);
      device(EngineConfig.of(config, networks));
    } catch (InvalidInputException e) {
      add(
          "weights",
          Health.BROKEN,
          e.getMessage(),
          "set weights.path to a file with the network, and weights.sha256");
    }
  }

  private void network(Network network) {
    String found =
        network.name() + " " + network.digest() + ", reads " + network.facts().canonicalText();
    if (!network.trained()) {
      add("weights", Health.WARNING, found, "for real images, do not set weights.path=seeded");
    } else if (network.facts().basis() == NetworkFacts.Basis.ASSUMED) {
      add("weights", Health.WARNING, found, NetworkFacts.ASSUMED_ADVICE);
    } else {
      add("weights", Health.OK, found, "");
    }
  }

  private void device(EngineConfig engine) {
    List<EngineProbe.Answer> answers = EngineProbe.ask(spark, engine, config);
    for (EngineProbe.Answer answer : answers) {
      add(
          answer.what(),
          answer.works() ? Health.OK : Health.BROKEN,
          answer.found(),
          answer.advice());
    }
  }

  private void storage(String output) {
    String probe = output + "/_nst_doctor_probe";
    try {
      store.write(probe, "probe".getBytes(StandardCharsets.UTF_8));
      store.read(probe, 1024);
      store.delete(probe);
      add("storage", Health.OK, output + " can be written, read and cleaned", "");
    } catch (TransferException e) {
      add("storage", Health.BROKEN, e.getMessage(), "give the job's role access to " + output);
    }
  }
}
