package nst.engine.network;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import nst.engine.network.Architecture.Convolution;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.FeatureScale;
import nst.model.text.Sha256;

/**
 * The filters of a backbone: the embedded ones, those of a safetensors file with torchvision's
 * tensor names, or seeded and untrained ones. Names, shapes and the digest are checked at creation.
 * The values are read when a network needs them, so that the heap does not contain two copies.
 *
 * <p>The input of every network is RGB, standardised by ImageNet's mean and deviation. If a file
 * expects another input, its first filters are converted so that the maps stay the same.
 */
public final class NetworkWeights {
  /** Orthogonal filters with gain sqrt 2 preserve the length of standardised input. */
  private static final NetworkFacts SEEDED_FACTS =
      new NetworkFacts(
          NetworkFacts.Input.RGB_STANDARDIZED,
          FeatureScale.TORCHVISION.activationScale(),
          NetworkFacts.Basis.RECOGNIZED);

  private final Backbone backbone;
  private final NetworkFacts facts;
  private final Function<Convolution, FilterValues> filters;
  private String sha256; // for a seeded network, computed at the first call

  private NetworkWeights(
      Backbone backbone,
      NetworkFacts facts,
      Function<Convolution, FilterValues> filters,
      String sha256) {
    this.backbone = backbone;
    this.facts = facts;
    this.filters = filters;
    this.sha256 = sha256;
  }

  /**
   * The untrained network: random orthogonal filters with gain sqrt 2 and no bias. They have the
   * same bits on every machine and need no download. See {@link SeededOrthogonal}.
   */
  public static NetworkWeights seeded(Backbone backbone) {
    List<Convolution> convolutions = Architecture.of(backbone).convolutions();
    return new NetworkWeights(
        backbone,
        SEEDED_FACTS,
        convolution ->
            new FilterValues(
                SeededOrthogonal.filters(convolution, convolutions.indexOf(convolution)),
                new float[convolution.outChannels()]),
        "");
  }

  /** The network in this program's jar. */
  public static NetworkWeights embedded() {
    SafetensorsFile tensors = SafetensorsFile.of(EmbeddedNetwork.NAME, EmbeddedNetwork.bytes());
    return new NetworkWeights(
        EmbeddedNetwork.BACKBONE,
        EmbeddedNetwork.FACTS,
        convolution -> FilterValues.read(tensors, convolution),
        EmbeddedNetwork.SHA256);
  }

  /** The metadata with which a safetensors file says that its values are torchvision's. */
  public static SortedMap<String, String> torchvisionMetadata() {
    return new TreeMap<>(
        Map.of(
            NetworkIdentification.INPUT_KEY,
            NetworkFacts.Input.RGB_STANDARDIZED.label(),
            NetworkIdentification.SCALE_KEY,
            "torchvision"));
  }

  /** {@link #load(Path, String, ConfiguredFacts)} without configured facts. */
  public static NetworkWeights load(Path file, String expectedSha256) {
    return load(file, expectedSha256, ConfiguredFacts.NONE);
  }

  /**
   * Loads weights from a file. The names of the tensors determine the backbone.
   *
   * @param file safetensors with torchvision's names: {@code features.0.weight} ...
   * @param expectedSha256 the digest of the file, in hex; empty if it is not checked
   * @throws IllegalArgumentException if the file is a pickle, has another digest, lacks a tensor,
   *     or has a tensor of another shape or a value that is not finite. The message says which
   */
  public static NetworkWeights load(Path file, String expectedSha256, ConfiguredFacts declared) {
    refusePickle(file);
    try {
      String digest = digest(file);
      if (!expectedSha256.isEmpty() && !digest.equalsIgnoreCase(expectedSha256.strip())) {
        throw new IllegalArgumentException(
            "Invalid weights "
                + file
                + ": expected sha256 "
                + expectedSha256.strip().toLowerCase(Locale.ROOT)
                + ", was "
                + digest);
      }
      SafetensorsFile tensors = SafetensorsFile.open(file);
      Backbone backbone = NetworkIdentification.backbone(tensors);
      List<Convolution> convolutions = Architecture.of(backbone).convolutions();
      convolutions.forEach(convolution -> requireTensors(file, tensors, convolution));
      Convolution first = convolutions.get(0);
      NetworkFacts facts =
          NetworkIdentification.facts(
              file.toString(), tensors, FilterValues.read(tensors, first), declared);
      Function<Convolution, FilterValues> filters =
          convolution ->
              convolution.equals(first)
                  ? FilterValues.read(tensors, convolution).standardized(facts.input())
                  : FilterValues.read(tensors, convolution);
      convolutions.forEach(
          convolution -> requireFinite(file, convolution, filters.apply(convolution)));
      return new NetworkWeights(backbone, facts, filters, digest);
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read weights " + file + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    return e instanceof AccessDeniedException ? "access denied" : e.getMessage();
  }

  private static void refusePickle(Path file) {
    String lower = file.toString().toLowerCase(Locale.ROOT);
    if (lower.endsWith(".pth") || lower.endsWith(".pt") || lower.endsWith(".pkl")) {
      throw new IllegalArgumentException(
          "Invalid weights "
              + file
              + ": a pickle is a program, and is not run. `weights fetch vgg19` downloads and converts"
              + " torchvision's VGG19. Convert another once: python -c \"import torch,"
              + " safetensors.torch as s; s.save_file({k: v.contiguous() for k, v in torch.load('"
              + file
              + "', weights_only=True).items()}, '"
              + file.toString().replaceFirst("\\.[^.]*$", "")
              + ".safetensors')\"");
    }
  }

  private static void requireTensors(Path file, SafetensorsFile tensors, Convolution convolution) {
    requireTensor(file, tensors, convolution.weight(), convolution.shape());
    long[] channels = {convolution.outChannels()};
    if (convolution.batchNorm().isEmpty()) {
      requireTensor(file, tensors, convolution.bias(), channels);
    } else {
      for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
        requireTensor(file, tensors, convolution.batchNorm() + "." + part, channels);
      }
    }
  }

  private static void requireTensor(
      Path file, SafetensorsFile tensors, String tensor, long[] shape) {
    String expected =
        "Invalid weights "
            + file
            + ": expected tensor "
            + tensor
            + " of shape "
            + Arrays.toString(shape);
    long[] found =
        tensors
            .shape(tensor)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        expected
                            + ", found none; the file has "
                            + StreamSupport.stream(tensors.names().spliterator(), false)
                                .limit(5)
                                .toList()
                            + " ..."));
    if (!Arrays.equals(found, shape)) {
      throw new IllegalArgumentException(expected + ", was " + Arrays.toString(found));
    }
  }

  /**
   * The values of the file are finite, but a batch normalisation or a conversion can make them
   * infinite.
   */
  private static void requireFinite(Path file, Convolution convolution, FilterValues filters) {
    for (float[] values : List.of(filters.weight(), filters.bias())) {
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new IllegalArgumentException(
              "Invalid weights "
                  + file
                  + ": expected finite filters from tensor "
                  + convolution.weight()
                  + " and those that are applied to it, value "
                  + i
                  + " becomes "
                  + values[i]
                  + (convolution.batchNorm().isEmpty()
                      ? ""
                      : "; see " + convolution.batchNorm() + ".running_var"));
        }
      }
    }
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 20];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The input and the scale of the filters. */
  public NetworkFacts facts() {
    return facts;
  }

  public Backbone backbone() {
    return backbone;
  }

  /**
   * SHA-256 of the file. For a seeded network, that of its filters, in order, as little-endian
   * floats.
   */
  public synchronized String sha256() {
    if (sha256.isEmpty()) {
      MessageDigest digest = Sha256.digest();
      for (Convolution convolution : Architecture.of(backbone).convolutions()) {
        float[] weight = filters(convolution).weight();
        ByteBuffer bytes =
            ByteBuffer.allocate(weight.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weight);
        digest.update(bytes);
      }
      sha256 = HexFormat.of().formatHex(digest.digest());
    }
    return sha256;
  }

  FilterValues filters(Convolution convolution) {
    return filters.apply(convolution);
  }
}
