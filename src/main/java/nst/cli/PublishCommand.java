package nst.cli;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.cli.option.DeliveredSize;
import nst.cli.terminal.Console;
import nst.job.publish.Publication;
import nst.job.publish.PublishOptions;
import nst.job.publish.Publisher;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.text.Counts;
import nst.record.ExitCode;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code publish}: copies the pictures of a run to readable names. */
@Command(
    name = "publish",
    description =
        "Copies the pictures of a finished run to another folder or bucket, under names of your choice. Writes nothing"
            + " if two pictures would get the same name. Exits with code 3 if a picture could not be published.",
    sortOptions = false)
final class PublishCommand extends CliCommand {
  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "the output folder of the run")
  String output;

  @Option(
      names = "--to",
      paramLabel = "URI",
      required = true,
      description = "the folder that gets the pictures")
  String to;

  @Option(
      names = "--names",
      paramLabel = "PATTERN",
      defaultValue = "{stem}-{style}.{ext}",
      description =
          "the names of the pictures: {stem} and {folder} of the photo, {style}, {ext} or any column of metrics"
              + " (default: ${DEFAULT-VALUE})")
  String names;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description =
          "the longest side, or original: enlarges the pictures towards the size of their photos and adds the photo's fine detail (default: as they are)")
  Optional<String> size = Optional.empty();

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "the run to publish (default: the latest)")
  Optional<String> runId = Optional.empty();

  @Option(names = "--overwrite", description = "replace other files with the same names")
  boolean overwrite;

  @Option(
      names = "--content-credentials",
      description =
          "also write NAME.c2pa.json beside each picture: a C2PA manifest that can be signed")
  boolean credentials;

  @Override
  public Integer call() {
    RunConfig config = config();
    Problems problems = new Problems();
    OptionalInt longest = DeliveredSize.longest(size, problems);
    problems.throwIfAny();
    PublishOptions options =
        new PublishOptions(
            UserUri.absolute("--output", output),
            runId,
            UserUri.absolute("--to", to),
            names,
            longest,
            overwrite,
            credentials);
    Publication done = inSpark("publish", session -> Publisher.publish(session, options, config));
    Publication.Failed failed = done.failed();
    if (json) {
      var node =
          Console.object()
              .put("to", options.to())
              .put("written", done.written())
              .put("replaced", done.replaced())
              .put("unchanged", done.unchanged())
              .put("rows_without_picture", done.withoutPicture())
              .put("failed", failed.count());
      failed.first().forEach(node.putArray("first_failures")::add);
      console().json(node);
    }
    console()
        .say(
            Stream.of(
                    Counts.of(done.written(), "picture")
                        + " written to "
                        + Uris.display(options.to()),
                    done.replaced() + " replaced",
                    done.unchanged() + " unchanged")
                .collect(Collectors.joining(", ")));
    if (done.withoutPicture() > 0) {
      console().say(Counts.of(done.withoutPicture(), "row") + " without a picture, see metrics");
    }
    if (failed.count() > 0) {
      console().say(Counts.of(failed.count(), "picture") + " could not be published:");
      failed.first().forEach(fault -> console().say("  " + fault));
    }
    return failed.count() == 0 ? ExitCode.OK.code() : ExitCode.TOO_MANY_FAILED.code();
  }
}
