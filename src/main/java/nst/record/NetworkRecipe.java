package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.model.TransferRequest;
import nst.model.text.Sha256;
import nst.record.NetworkLooks.Look;

/**
 * How a style network was made: everything that determines it, and what the training measured. The
 * file of the network contains it as JSON.
 *
 * @param looks the paintings of each look
 * @param objective the knobs of the objective, as text by key
 * @param computation the knobs that change how the objective is computed, as text by key
 * @param features the network whose features are compared: its weights and conventions
 * @param photos what it was trained on
 * @param result what the training measured
 */
public record NetworkRecipe(
    List<Look> looks,
    Map<String, String> objective,
    Map<String, String> computation,
    String features,
    Architecture architecture,
    Training training,
    Photos photos,
    Result result)
    implements Serializable {
  private static final String WHAT = "the recipe of a style network";

  /** Increase this when the same recipe gives a different network. */
  private static final int TRAINING_VERSION = 3;

  /** As many as the key of an image has. */
  private static final int KEY_DIGITS = 32;

  /** The size of the network; see the options of {@code train}. */
  public record Architecture(int width, int residualBlocks, String convolution)
      implements Serializable {}

  /**
   * How long it was trained and how fast.
   *
   * @param crop the side of the squares that are cut from photos, in pixels
   * @param batch the squares of each step
   * @param from the SHA-256 of the network's file that the training began with; empty: none
   */
  public record Training(
      long steps,
      double learningRate,
      int crop,
      int batch,
      long seed,
      @JsonInclude(Include.NON_EMPTY) String from)
      implements Serializable {
    public Training {
      from = from == null ? "" : from; // in recipes of earlier versions
    }
  }

  /**
   * The photos.
   *
   * @param digest of the URIs and versions of those that were chosen
   * @param found how many there are
   * @param training how many were chosen for training
   * @param heldOut how many were chosen to measure, and never trained on
   */
  public record Photos(String digest, long found, int training, int heldOut)
      implements Serializable {}

  /**
   * A photo that was never trained on.
   *
   * @param name the last part of its URI
   * @param look the number of the look, from 0
   */
  public record HeldOutPhoto(String name, int look, TrainingLoss first, TrainingLoss last)
      implements Serializable {

    HeldOutPhoto since(TrainingLoss begin) {
      return new HeldOutPhoto(name, look, begin, last);
    }
  }

  /**
   * What the training measured.
   *
   * @param heldOut the mean losses of the held-out photos, from the start to the end
   * @param photos the losses of each held-out photo
   * @param leftOut how many photos could not be used
   * @param learningRateHalvings how often the learning rate was halved because the loss diverged
   * @param version of this program
   */
  public record Result(
      List<TrainingLoss> heldOut,
      List<HeldOutPhoto> photos,
      int leftOut,
      int learningRateHalvings,
      String version)
      implements Serializable {
    /** Before the training. */
    public static final Result NONE = new Result(List.of(), List.of(), 0, 0, "");

    public Result {
      heldOut = List.copyOf(heldOut);
      photos = List.copyOf(photos);
    }
  }

  public NetworkRecipe {
    looks = List.copyOf(looks);
    objective = new TreeMap<>(objective);
    computation = new TreeMap<>(computation);
  }

  /** The same recipe after the training. */
  public NetworkRecipe with(Result measured) {
    return new NetworkRecipe(
        looks, objective, computation, features, architecture, training, photos, measured);
  }

  /**
   * The key of the network. It is the same for equal recipes in every JVM, and differs if anything
   * that affects the network differs. The names of the paintings and the result are not part of it.
   */
  public String key() {
    StringBuilder canonical = new StringBuilder("nst-network-key-1\n");
    line(canonical, "algorithm", TransferRequest.ALGORITHM_VERSION);
    line(canonical, "training", TRAINING_VERSION);
    line(canonical, "weights", features);
    for (Look look : looks) {
      canonical.append("look of ").append(look.imageSize()).append(" px\n");
      for (NetworkLooks.Style style : look.styles()) {
        canonical.append(style.weight()).append(' ').append(style.sha256()).append('\n');
      }
    }
    line(canonical, "width", architecture.width());
    line(canonical, "residual_blocks", architecture.residualBlocks());
    line(canonical, "convolution", architecture.convolution());
    line(canonical, "steps", training.steps());
    line(canonical, "learning_rate", training.learningRate());
    line(canonical, "crop", training.crop());
    line(canonical, "batch", training.batch());
    line(canonical, "seed", training.seed());
    line(canonical, "from", training.from());
    line(canonical, "photos", photos.digest());
    objective.forEach((knob, text) -> line(canonical, knob, text));
    computation.forEach((knob, text) -> line(canonical, knob, text));
    return Sha256.hex(canonical.toString().getBytes(StandardCharsets.UTF_8))
        .substring(0, KEY_DIGITS);
  }

  private static void line(StringBuilder canonical, String name, Object value) {
    canonical.append(name).append('=').append(value).append('\n');
  }

  /** One line. */
  public String json() {
    return Json.line(this);
  }

  /**
   * Reads the output of {@link #json}.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public static NetworkRecipe read(String json) {
    return Json.read(Json.read(json, WHAT), NetworkRecipe.class, WHAT);
  }
}
