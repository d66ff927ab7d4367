package nst.storage;

import java.io.Serializable;
import nst.model.knob.OutputChoices.OutputFormat;

/**
 * The paths that a run writes. User input never becomes part of a path: images are named by their
 * key, and a run by its date and its validated id.
 *
 * @param output absolute URI of the output folder
 * @param runDate {@code YYYY-MM-DD}
 * @param runId letters, digits, {@code . _ -}
 */
public record OutputLayout(String output, String runDate, String runId) implements Serializable {

  public OutputLayout {
    output = output.endsWith("/") ? output.substring(0, output.length() - 1) : output;
  }

  /** The folder of the images of all runs. */
  public static String images(String output) {
    return output + "/images/v1";
  }

  /** The folder of all runs. */
  public static String runs(String output) {
    return output + "/runs";
  }

  /** The folder where runs record the measured costs of their rows. */
  public static String costs(String output) {
    return output + "/costs/v2";
  }

  /** The folder of the manifests of sweeps that were run as they were made. */
  public static String sweeps(String output) {
    return output + "/sweeps/v1";
  }

  public String image(String key, OutputFormat format) {
    return images(output) + "/" + key.substring(0, 2) + "/" + key + "." + format.extension();
  }

  String run() {
    return runs(output) + "/run_date=" + runDate + "/run_id=" + runId;
  }

  public String planFile() {
    return run() + "/_PLAN.json";
  }

  public String leaseFile() {
    return run() + "/_LEASE.json";
  }

  public String runFile() {
    return run() + "/_RUN.json";
  }

  public String plan() {
    return run() + "/plan";
  }

  public String journal() {
    return run() + "/journal";
  }

  public String metrics() {
    return run() + "/metrics";
  }

  public String loss() {
    return run() + "/loss";
  }

  /** The folder of the page and its files. */
  public String report() {
    return run() + "/report";
  }

  public String page() {
    return report() + "/index.html";
  }
}
