package nst.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import nst.model.text.Sha256;

/**
 * The style sheet and the script of the page, and the policy that allows only these.
 *
 * @param style CSS
 * @param script JavaScript
 */
record PageAssets(String style, String script) {

  static PageAssets load() {
    return new PageAssets(resource("report.css"), resource("report.js"));
  }

  /**
   * The content security policy: no network access, pictures only from the page itself, and only
   * this style sheet and this script, identified by their digests. So text from users could not run
   * as a script even if it were not escaped.
   */
  String policy() {
    return "default-src 'none'; img-src data:; style-src '"
        + digest(style)
        + "'; script-src '"
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
