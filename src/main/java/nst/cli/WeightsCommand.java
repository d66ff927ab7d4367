package nst.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import nst.cli.terminal.Console;
import nst.cli.terminal.ProgressLine;
import nst.model.Problems;
import nst.model.text.ShellWords;
import nst.record.ExitCode;
import nst.storage.StandardStreams;
import nst.storage.UserUri;
import nst.weights.PublishedNetwork;
import nst.weights.WeightsFetch;
import nst.weights.WeightsFetch.Fetched;
import nst.weights.WeightsFetch.Range;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weights fetch}: downloads a trained network and converts it. */
@Command(
    name = "weights",
    description =
        "Downloads torchvision's VGG19 and writes its convolutions as a safetensors file for --weights. An interrupted"
            + " download continues when the command is run again.",
    sortOptions = false)
final class WeightsCommand extends CliCommand {
  private static final String ACTION = "fetch";
  private static final String EXTENSION = ".safetensors";

  PublishedNetwork published = PublishedNetwork.vgg19(); // a test has a smaller one

  @Parameters(index = "0", paramLabel = ACTION, description = "downloads and converts")
  String action;

  @Parameters(index = "1", paramLabel = "vgg19", description = "the network")
  String network;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "the safetensors file to write, or a folder (default: vgg19.safetensors)")
  Optional<String> output = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "a copy of torchvision's file on another HTTPS server")
  Optional<String> from = Optional.empty();

  @Option(
      names = "--features-only",
      description =
          "read only the convolutions, 80 of 575 MB. The server must support range requests, and the known digest of"
              + " the whole file cannot be checked: give --sha256 or --unverified")
  boolean featuresOnly;

  @Option(
      names = "--sha256",
      paramLabel = "DIGEST",
      description =
          "the digest of the safetensors file, as printed by an earlier download; another result is not written")
  Optional<String> sha256 = Optional.empty();

  @Option(names = "--unverified", description = "with --features-only: accept any digest")
  boolean unverified;

  @Option(names = "--overwrite", description = "replace the safetensors file if it exists")
  boolean overwrite;

  /** A download has no picture and no device. */
  @Override
  Set<String> frequent() {
    return Set.of();
  }

  @Override
  String afterFailure() {
    return "Run the same command again: what has arrived is kept. Behind a proxy, set NST_JAVA_OPTS to"
        + " '-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'.";
  }

  @Override
  public Integer call() {
    WeightsFetch fetch = checked();
    console().say(published.licence());
    console().say("Downloading " + fetch.from() + " ...");
    AtomicLong bytesRead = new AtomicLong();
    ProgressLine progress =
        new ProgressLine(
            () -> progress(bytesRead.get(), fetch.expectedBytes()), ProgressLine.Place.here());
    try {
      StandardStreams files = new StandardStreams(overwrite, System.in, System.out);
      Fetched fetched = fetch.run(files, console()::say, bytesRead);
      progress.close(); // clears its line on a terminal
      return reported(fetched);
    } finally {
      progress.close();
    }
  }

  private static String progress(long done, long all) {
    return String.format(Locale.ROOT, "%,.1f of %,.1f MB", done / 1e6, all / 1e6);
  }

  private int reported(Fetched fetched) {
    List<String> options =
        List.of("--weights", fetched.file().toString(), "--weights-sha256", fetched.sha256());
    if (json) {
      console()
          .json(
              Console.object()
                  .put("file", fetched.file().toString())
                  .put("bytes", fetched.bytes())
                  .put("sha256", fetched.sha256())
                  .put("licence", fetched.licence().toString())
                  .put("verified", isVerified()));
    }
    console()
        .say(
            String.format(
                Locale.ROOT,
                "Wrote %s (%,d bytes) and %s.%nUse it with these options:%n  %s",
                fetched.file(),
                fetched.bytes(),
                fetched.licence(),
                ShellWords.line(options)));
    if (!isVerified()) {
      console().say("Its digest was not compared with a known one.");
    }
    return ExitCode.OK.code();
  }

  private boolean isVerified() {
    return !featuresOnly || sha256.isPresent();
  }

  /**
   * Checks everything that can be checked without a connection.
   *
   * @throws nst.model.InvalidInputException with every fault found
   */
  private WeightsFetch checked() {
    Problems problems = new Problems();
    configuration.resolve(problems);
    expect(ACTION, action, problems);
    expect(published.name(), network, problems);
    URI uri = from.map(typed -> uri(typed, problems)).orElse(published.uri());
    if (featuresOnly && sha256.isEmpty() && !unverified) {
      problems.add(
          "--features-only",
          "",
          "expected --sha256 with the digest that a download of the whole file prints, or --unverified: the known"
              + " digest is that of the whole file");
    }
    if (unverified && (!featuresOnly || sha256.isPresent())) {
      problems.add("--unverified", "", "expected with --features-only and without --sha256");
    }
    String digest = sha256.map(typed -> typed.strip().toLowerCase(Locale.ROOT)).orElse("");
    if (sha256.isPresent() && !digest.matches("[0-9a-f]{64}")) {
      problems.add("--sha256", "", "expected 64 hex digits, was " + sha256.get());
    }
    Path file = file(published.name() + EXTENSION, problems);
    problems.throwIfAny();
    return new WeightsFetch(
        published, uri, file, featuresOnly ? Range.FEATURES : Range.WHOLE, digest);
  }

  private static void expect(String expected, String typed, Problems problems) {
    if (!typed.equals(expected)) {
      problems.add("command line", "", "expected " + expected + ", was " + typed);
    }
  }

  private static URI uri(String typed, Problems problems) {
    try {
      return WeightsFetch.checked(typed);
    } catch (IllegalArgumentException e) {
      problems.add("--from", "", e.getMessage());
      return URI.create("");
    }
  }

  /** The safetensors file, which must not exist unless it may be replaced. */
  private Path file(String name, Problems problems) {
    String typed = output.orElse(name);
    try {
      String uri = UserUri.absolute(typed);
      if (!uri.startsWith("file:")) {
        problems.add("--output", "", "expected a local file, was " + uri);
        return Path.of(name);
      }
      Path path = Path.of(uri.substring("file:".length()));
      Path file = typed.endsWith("/") || Files.isDirectory(path) ? path.resolve(name) : path;
      if (!file.toString().endsWith(EXTENSION)) {
        problems.add(
            "--output",
            "",
            "expected a folder or a name that ends in " + EXTENSION + ", was " + typed);
      } else if (Files.exists(file) && !overwrite) {
        problems.add(
            "--output",
            "",
            "the file exists: " + file + ". Add --overwrite, or name another output");
      }
      return file;
    } catch (IllegalArgumentException e) {
      problems.add("--output", "", e.getMessage());
      return Path.of(name);
    }
  }
}
