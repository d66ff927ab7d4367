package nst.job.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.NetworkStart;
import nst.image.RgbImage;
import nst.job.input.NetworkSource;
import nst.job.input.PhotoSource;
import nst.job.input.RowTimes;
import nst.job.input.Source;
import nst.job.input.Sources;
import nst.job.manifest.ManifestColumns;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferRequest;
import nst.model.knob.OptimizerChoices.Init;

/** The first stage of a row: looks for an existing image, or else reads the inputs. */
final class RowFetch implements RowStages.Fetch {
  private final Function<PlannedRow, Optional<RowInputs>> before;
  private final Sources sources;
  private final NetworkSource networks;
  private final boolean wholePhotos;

  /**
   * @param before returns what is known of a row without its inputs, such as its existing image
   * @param wholePhotos whether photos are also kept in their own size
   */
  RowFetch(
      Function<PlannedRow, Optional<RowInputs>> before,
      Sources sources,
      NetworkSource networks,
      boolean wholePhotos) {
    this.before = before;
    this.sources = sources;
    this.networks = networks;
    this.wholePhotos = wholePhotos;
  }

  @Override
  public RowInputs fetch(PlannedRow row, RowTimes times) {
    return before.apply(row).orElseGet(() -> inputs(row.request(), times));
  }

  private RowInputs inputs(TransferRequest request, RowTimes times) {
    Hyperparameters h = request.hyperparameters();
    PhotoSource content = sources.photo(request.content(), h, wholePhotos, times);
    List<StyleImage> styles = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    List<String> warnings = new ArrayList<>(content.warnings());
    if (content.photo().hasAlpha() && !h.outputFormat().hasAlpha()) {
      warnings.add(
          ManifestColumns.CONTENT
              + ": transparent parts were laid on white, because output_format="
              + h.text(Knob.OUTPUT_FORMAT)
              + " has no transparency");
    }
    for (TransferRequest.Style style : request.styles()) {
      Source painting = sources.style(style.uri(), times);
      digests.add(painting.sha256());
      warnings.addAll(painting.warnings());
      styles.add(styleImage(style, painting, warnings, times));
    }
    Optional<RgbImage> init =
        h.init() == Init.IMAGE
            ? image(sources.optional(h.initImage(), Knob.INIT_IMAGE.key(), times), warnings)
            : Optional.empty();
    Optional<NetworkStart> network =
        h.init() == Init.NETWORK
            ? Optional.of(networks.start(request, digests, warnings, times))
            : Optional.empty();
    return new RowInputs.Inputs(
        new SourceImages(content.photo(), styles, init),
        network,
        new RowInputs.Provenance(
            content.sha256(),
            digests,
            network.map(NetworkStart::sha256).orElse(""),
            warnings,
            content.credits()));
  }

  private StyleImage styleImage(
      TransferRequest.Style style, Source painting, List<String> warnings, RowTimes times) {
    Optional<Source> mask = sources.optional(style.mask(), ManifestColumns.MASK, times);
    Optional<Source> styleMask =
        sources.optional(style.styleMask(), ManifestColumns.STYLE_MASK, times);
    return new StyleImage(
        painting.image(),
        style.weight(),
        image(mask, warnings),
        image(styleMask, warnings),
        painting.sha256() + styleMask.map(Source::sha256).orElse(""));
  }

  private static Optional<RgbImage> image(Optional<Source> source, List<String> warnings) {
    source.ifPresent(read -> warnings.addAll(read.warnings()));
    return source.map(Source::image);
  }
}
