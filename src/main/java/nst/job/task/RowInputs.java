package nst.job.task;

import java.util.List;
import java.util.Optional;
import nst.engine.sizing.Pyramid;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.NetworkStart;
import nst.image.RgbImage;
import nst.image.record.Credits;
import nst.model.Hyperparameters;
import nst.model.TransferResult;

/** The result of a row's first stage. */
sealed interface RowInputs {

  /**
   * The inputs of the optimisation.
   *
   * @param network the style network that the row starts from
   * @param madeFrom their provenance
   */
  record Inputs(SourceImages images, Optional<NetworkStart> network, Provenance madeFrom)
      implements RowInputs {

    /** Bytes of heap for the decoded images, including shared ones. */
    long bytes() {
      long bytes = images.content().bytes();
      for (StyleImage style : images.styles()) {
        bytes += style.image().bytes();
        bytes += style.mask().map(RgbImage::bytes).orElse(0L);
        bytes += style.styleMask().map(RgbImage::bytes).orElse(0L);
      }
      return bytes + images.init().map(RgbImage::bytes).orElse(0L);
    }

    /** The scales that the optimisation goes through. */
    Pyramid scales(Hyperparameters hyperparameters) {
      return Sizing.scales(
          Sizing.working(images.content().size(), hyperparameters), hyperparameters);
    }
  }

  /** The image already exists: its record, and the digest and length of its bytes. */
  record Made(TransferResult record, String sha256, long bytes) implements RowInputs {}

  /** An earlier attempt of the task got stuck on the row: the recorded result. */
  record Stuck(TransferResult record) implements RowInputs {}

  /**
   * The properties of a row's inputs that are kept after its optimisation.
   *
   * @param contentSha256 the digest of the photo's bytes
   * @param styleSha256 the digests of the paintings' bytes, in the order of the request's styles
   * @param networkSha256 the digest of the style network's file; empty if there is none
   * @param warnings what was repaired, ignored or left out when the inputs were decoded
   * @param credits the credits of the photo
   */
  record Provenance(
      String contentSha256,
      List<String> styleSha256,
      String networkSha256,
      List<String> warnings,
      Credits credits) {
    public Provenance {
      styleSha256 = List.copyOf(styleSha256);
      warnings = List.copyOf(warnings);
    }
  }
}
