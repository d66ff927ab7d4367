package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.image.ColorTransfer;
import nst.image.Mask;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.LossNormalization;
import nst.model.Hyperparameters.OriginalColors;
import nst.model.Hyperparameters.StyleFit;
import nst.model.Layer;
import nst.model.TransferRequest;

/**
 * The images of one row at one scale, and the objective that they make. Everything on the device
 * belongs to the given manager.
 */
final class Scene {
  private final NDManager manager;
  private final FeatureNetwork network;
  private final Arithmetic arithmetic;
  private final StyleTargets styleTargets;
  private final StyleTransfer.Images images;
  private final Hyperparameters hyperparameters;
  private final Sizing.Size full;
  private final Sizing.Size size;
  private final RgbImage content; // at this scale
  private final GramMatrix gramMatrix;

  Scene(
      NDManager manager,
      FeatureNetwork network,
      Arithmetic arithmetic,
      StyleTargets styleTargets,
      StyleTransfer.Images images,
      Hyperparameters hyperparameters,
      Sizing.Size full,
      Sizing.Size size) {
    this.manager = manager;
    this.network = network;
    this.arithmetic = arithmetic;
    this.styleTargets = styleTargets;
    this.images = images;
    this.hyperparameters = hyperparameters;
    this.full = full;
    this.size = size;
    this.content = Resampler.resize(images.content(), size.width(), size.height());
    this.gramMatrix = new GramMatrix(hyperparameters.gram());
  }

  /** The photo at this scale. */
  RgbImage content() {
    return content;
  }

  /** The image that the optimisation starts from. */
  RgbImage start() {
    RgbImage start =
        switch (hyperparameters.init()) {
          case CONTENT -> content;
          case STYLE -> fitted(images.styles().get(0).image());
          case RANDOM -> Pixels.noise(size, hyperparameters.seed());
          case IMAGE -> fitted(images.init().orElseThrow(Scene::noStart));
          case RECOLORED -> ColorTransfer.recolored(content, images.styles().get(0).image());
        };
    return hyperparameters.noiseRatio() == 0
        ? start
        : Pixels.mixed(
            start, Pixels.noise(size, hyperparameters.seed()), hyperparameters.noiseRatio());
  }

  private static IllegalArgumentException noStart() {
    return new IllegalArgumentException("expected a start image beside init=image, was none");
  }

  private RgbImage fitted(RgbImage image) {
    return Resampler.resize(image, size.width(), size.height());
  }

  /** Gatys' objective for this scale. */
  Objective objective(Coordinates coordinates) {
    Map<Layer, NDArray> maps = contentMaps();
    Map<Layer, Sizing.Size> sizes = new EnumMap<>(Layer.class);
    maps.forEach((layer, map) -> sizes.put(layer, sizeOf(map)));
    Targets targets = new Targets(contentTargets(maps), regions(sizes), Targets.References.NONE);
    if (hyperparameters.lossNormalization() == LossNormalization.INITIAL) {
      targets = targets.with(References.of(maps, content, targets, coordinates, hyperparameters));
    }
    Set<Layer> kept = targets.content().keySet();
    maps.forEach(
        (layer, map) -> {
          if (!kept.contains(layer)) {
            map.close();
          }
        });
    return new Objective(network, arithmetic, coordinates, hyperparameters, targets);
  }

  /** The photo's maps at every layer that a term reads, in single precision. */
  private Map<Layer, NDArray> contentMaps() {
    return maps(content, Sizing.layers(hyperparameters));
  }

  private Map<Layer, NDArray> contentTargets(Map<Layer, NDArray> maps) {
    Map<Layer, NDArray> targets = new EnumMap<>(Layer.class);
    hyperparameters.contentLayers().keySet().forEach(layer -> targets.put(layer, maps.get(layer)));
    return targets;
  }

  private Map<Layer, NDArray> maps(RgbImage image, Set<Layer> layers) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input =
          InputStandard.of(hyperparameters.inputSpace()).fromPixels(Pixels.of(manager, image));
      Map<Layer, NDArray> maps = new EnumMap<>(Layer.class);
      network
          .features(arithmetic.enter(input), layers)
          .forEach((layer, map) -> maps.put(layer, arithmetic.leave(map)));
      maps.values().forEach(NDScope::unregister);
      return maps;
    }
  }

  private static Sizing.Size sizeOf(NDArray map) {
    return new Sizing.Size(
        Math.toIntExact(map.getShape().get(3)), Math.toIntExact(map.getShape().get(2)));
  }

  /** Styles with no mask share one region; each masked style has its own. */
  private List<Targets.Region> regions(Map<Layer, Sizing.Size> sizes) {
    double sum = images.styles().stream().mapToDouble(StyleTransfer.StyleImage::weight).sum();
    List<Targets.Style> everywhere = new ArrayList<>();
    List<Targets.Region> regions = new ArrayList<>();
    for (StyleTransfer.StyleImage image : images.styles()) {
      Targets.Style style = new Targets.Style(image.weight() / sum, tensors(grams(image)));
      if (image.mask().isEmpty()) {
        everywhere.add(style);
      } else {
        regions.add(
            new Targets.Region(Optional.of(shares(image.mask().get(), sizes)), List.of(style)));
      }
    }
    if (!everywhere.isEmpty()) {
      regions.add(0, new Targets.Region(Optional.empty(), blended(everywhere)));
    }
    return regions;
  }

  private List<Targets.Style> blended(List<Targets.Style> styles) {
    return switch (hyperparameters.styleBlend()) {
      case LOSSES -> styles;
      case GRAMS -> styles.size() == 1 ? styles : List.of(sum(styles));
    };
  }

  /** One style whose Gram matrices are the weighted means of all. */
  private static Targets.Style sum(List<Targets.Style> styles) {
    double weight = styles.stream().mapToDouble(Targets.Style::weight).sum();
    Map<Layer, NDArray> grams = new EnumMap<>(Layer.class);
    for (Targets.Style style : styles) {
      style
          .grams()
          .forEach(
              (layer, gram) ->
                  grams.merge(layer, Scalars.times(style.weight() / weight, gram), NDArray::add));
    }
    return new Targets.Style(weight, grams);
  }

  /** How much each position of each layer counts under a mask over the content, (M, 1). */
  private Map<Layer, NDArray> shares(RgbImage mask, Map<Layer, Sizing.Size> sizes) {
    double feather =
        hyperparameters.maskFeather() * size.longest() / full.longest(); // pixels of this scale
    Mask feathered = Mask.of(mask).resized(size.width(), size.height()).feathered(feather);
    return sharesAt(feathered, sizes);
  }

  private Map<Layer, NDArray> sharesAt(Mask mask, Map<Layer, Sizing.Size> sizes) {
    Map<Layer, NDArray> shares = new EnumMap<>(Layer.class);
    sizes.forEach(
        (layer, at) -> {
          float[] values = mask.resized(at.width(), at.height()).values();
          try (NDArray borrowed = manager.create(values, new Shape(values.length, 1))) {
            shares.put(layer, borrowed.duplicate());
          }
        });
    return shares;
  }

  private Map<Layer, NDArray> tensors(StyleTargets.Grams grams) {
    Map<Layer, NDArray> tensors = new EnumMap<>(Layer.class);
    grams
        .byLayer()
        .forEach(
            (layer, values) -> {
              long channels = Math.round(Math.sqrt(values.length)); // N
              try (NDArray borrowed = manager.create(values, new Shape(channels, channels))) {
                tensors.put(layer, borrowed.duplicate());
              }
            });
    return tensors;
  }

  private StyleTargets.Grams grams(StyleTransfer.StyleImage style) {
    Sizing.Size ownFull =
        Sizing.style(
            new Sizing.Size(style.image().width(), style.image().height()), full, hyperparameters);
    Sizing.Size own = ownFull.times(size.longest() / (double) full.longest());
    Sizing.requireLargeEnough("style", own, hyperparameters);
    boolean matched = hyperparameters.originalColors() == OriginalColors.MATCH;
    StyleTargets.Key key =
        new StyleTargets.Key(
            style.identity() + (matched ? " in the colours of " + digest(images.content()) : ""),
            own.width(),
            own.height(),
            LayerSchedule.layers(hyperparameters),
            hyperparameters.gram(),
            hyperparameters.pooling(),
            hyperparameters.inputSpace(),
            arithmetic.precision());
    return styleTargets.of(
        key,
        () -> {
          RgbImage image =
              matched ? ColorTransfer.recolored(style.image(), images.content()) : style.image();
          return computed(sized(image, own), style.styleMask());
        });
  }

  private RgbImage sized(RgbImage image, Sizing.Size own) {
    if (hyperparameters.styleFit() == StyleFit.SCALE) {
      return Resampler.resize(image, own.width(), own.height());
    }
    // Large enough to cover, so that the crop needs no padding.
    Sizing.Size natural = new Sizing.Size(image.width(), image.height());
    double cover =
        Math.max(own.width() / (double) image.width(), own.height() / (double) image.height());
    Sizing.Size covering = natural.times(cover);
    RgbImage large =
        Resampler.resize(
            image,
            Math.max(own.width(), covering.width()),
            Math.max(own.height(), covering.height()));
    return Resampler.centerCrop(large, own.width(), own.height());
  }

  private StyleTargets.Grams computed(RgbImage image, Optional<RgbImage> mask) {
    Map<Layer, NDArray> maps = maps(image, LayerSchedule.layers(hyperparameters));
    Map<Layer, float[]> grams = new EnumMap<>(Layer.class);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Map<Layer, Sizing.Size> sizes = new EnumMap<>(Layer.class);
      maps.forEach((layer, map) -> sizes.put(layer, sizeOf(map)));
      Optional<Map<Layer, NDArray>> shares =
          mask.map(grey -> sharesAt(Mask.of(grey).resized(image.width(), image.height()), sizes));
      maps.forEach(
          (layer, map) ->
              grams.put(
                  layer,
                  gramMatrix.of(map, shares.map(byLayer -> byLayer.get(layer))).toFloatArray()));
    }
    maps.values().forEach(NDArray::close);
    return new StyleTargets.Grams(grams);
  }

  private static String digest(RgbImage image) {
    ByteBuffer bytes = ByteBuffer.allocate(image.planes().length * Float.BYTES);
    bytes.asFloatBuffer().put(image.planes());
    return TransferRequest.sha256(bytes.array());
  }
}
