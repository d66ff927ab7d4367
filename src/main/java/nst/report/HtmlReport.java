package nst.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

/**
 * The report of a run as one HTML page: contact sheet, sweep grids, loss curves, timings, failures
 * and configuration. It is one file that needs no network and opens from disk.
 */
public final class HtmlReport {
  private static final Template TEMPLATE = template();

  private HtmlReport() {}

  /**
   * Writes the page part by part. Each picture is read when it is written. All text from users is
   * escaped.
   *
   * @param page receives the text, which must be encoded as UTF-8; it is not closed
   * @throws IOException if the text cannot be written
   */
  public static void write(RunReport report, Writer page) throws IOException {
    try {
      PageAssets assets = PageAssets.load();
      TEMPLATE.process(
          Map.of(
              "page", PageLayout.lay(report),
              "style", assets.style(),
              "script", assets.script(),
              "policy", assets.policy()),
          page);
    } catch (TemplateException e) {
      throw new IllegalStateException(
          "Cannot render the report of " + report.identity().runId(), e);
    }
  }

  private static Template template() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(HtmlReport.class, "");
    configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setLocale(Locale.ROOT);
    configuration.setTimeZone(TimeZone.getTimeZone("UTC"));
    configuration.setNumberFormat("computer");
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setWrapUncheckedExceptions(true);
    configuration.setFallbackOnNullLoopVariable(false);
    try {
      return configuration.getTemplate("report.ftlh");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the page's template", e);
    }
  }
}
