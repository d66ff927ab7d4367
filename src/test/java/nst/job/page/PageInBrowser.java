package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import nst.report.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests of a page in a real browser, opened from disk before each test. */
abstract class PageInBrowser {
  @TempDir static Path folder;
  static Chromium browser;
  static URI page;

  /** Starts the browser for this page. */
  static void start(Path written) throws Exception {
    browser = Chromium.start(Files.createDirectory(folder.resolve("browser")));
    page = written.toUri();
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws InterruptedException {
    browser.window(1280, 900, false);
    browser.open(page);
  }

  /** Saved images are outside the page; this run has none, so Chromium does not find them. */
  @AfterEach
  void asksForNothingOutsideAndHasNoError() {
    assertThat(browser.requests()).allMatch(uri -> uri.matches("(file|data|blob):.*"));
    assertThat(browser.errors())
        .filteredOn(error -> !error.contains("ERR_FILE_NOT_FOUND"))
        .isEmpty();
  }
}
