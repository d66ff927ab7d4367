package nst.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import nst.model.text.Sha256;

/**
 * The style sheet and the script of the page, and the policy that allows only these.
 *
 * @param style CSS
 * @param script JavaScript
 */
record PageAssets(String style, String script) {
  /** The parts of the script in their order. They share one scope, so each can use the others. */
  private static final List<String> SCRIPTS =
      List.of(
          "rows.js",
          "filters.js",
          "sheet.js",
          "histograms.js",
          "selection.js",
          "curves.js",
          "large.js",
          "chart.js",
          "sweep.js",
          "grid.js",
          "scatter.js",
          "front.js",
          "terms.js",
          "compare.js",
          "start.js");

  static PageAssets load() {
    StringBuilder script = new StringBuilder("'use strict';\n(() => {\n");
    SCRIPTS.forEach(name -> script.append(resource(name)));
    return new PageAssets(
        resource("report.css") + resource("sheet.css") + resource("sweep.css"),
        script.append("})();\n").toString());
  }

  /**
   * The content security policy: pictures only from the page and its own place, the style sheet and
   * the script identified by their digests, and no other requests than for the data files beside
   * the page. A script in the page's text could not run, even if the text were not escaped.
   */
  String policy() {
    return "default-src 'none'; img-src 'self' data:; style-src '"
        + digest(style)
        + "'; script-src 'self' '"
        + digest(script)
        + "'; base-uri 'none'; form-action 'none'";
  }

  private static String digest(String text) {
    byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }

  private static String resource(String name) {
    try (InputStream stream = PageAssets.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the jar lacks its resource nst/report/" + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource nst/report/" + name, e);
    }
  }
}
