package nst.report;

import java.io.IOException;
import java.io.Writer;

/**
 * The report of a run as one HTML page: contact sheet, sweep grids, loss curves, timings, failures
 * and configuration. It is one file that needs no network and opens from disk.
 */
public final class HtmlReport {
  private static final PageTemplate TEMPLATE = PageTemplate.of("report.ftlh");

  private HtmlReport() {}

  /**
   * Writes the page part by part. Each picture is read when it is written. All text from users is
   * escaped.
   *
   * @param page receives the text, which must be encoded as UTF-8; it is not closed
   * @throws IOException if the text cannot be written
   */
  public static void write(RunReport report, Writer page) throws IOException {
    TEMPLATE.write(PageLayout.lay(report), page);
  }
}
