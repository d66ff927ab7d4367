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

/** A template of a page. It escapes all text. */
final class PageTemplate {
  private static final Configuration CONFIGURATION = configuration();

  private final Template template;

  private PageTemplate(Template template) {
    this.template = template;
  }

  /** The template of this name among the resources of the package. */
  static PageTemplate of(String name) {
    try {
      return new PageTemplate(CONFIGURATION.getTemplate(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the template " + name, e);
    }
  }

  /**
   * Writes a page with the style sheet and the script that all pages have.
   *
   * @param page what the template shows as {@code page}
   * @param writer receives the text; it is not closed
   * @throws IOException if the text cannot be written
   */
  void write(Object page, Writer writer) throws IOException {
    PageAssets assets = PageAssets.load();
    try {
      template.process(
          Map.of(
              "page", page,
              "style", assets.style(),
              "script", assets.script(),
              "policy", assets.policy()),
          writer);
    } catch (TemplateException e) {
      throw new IllegalStateException("Cannot render " + template.getName(), e);
    }
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(PageTemplate.class, "");
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
    return configuration;
  }
}
