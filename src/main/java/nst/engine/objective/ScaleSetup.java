package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nst.engine.factor.LayerSchedule;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.sizing.Sizing;
import nst.engine.sizing.StyleFrame;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.tile.TileSweep;
import nst.image.ColorTransfer;
import nst.image.Mask;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.Effect;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.LossNormalization;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.OutputChoices.ColorPreservation;

/**
 * Prepares the images of one row at one scale: the targets of the objective's terms. All tensors
 * belong to the given manager.
 */
public final class ScaleSetup {
  private final FeatureExtractor features;
  private final NDManager manager;
  private final Arithmetic arithmetic;
  private final SharedTargets sharedTargets;
  private final SourceImages images;
  private final Hyperparameters hyperparameters;
  private final Size full;
  private final Size size;
  private final RgbImage content; // at this scale
  private final GramMatrix gramMatrix;

  /**
   * Prepares images.
   *
   * @param full the size of the picture
   * @param size its size at this scale
   */
  public ScaleSetup(
      FeatureExtractor features,
      SharedTargets sharedTargets,
      SourceImages images,
      Hyperparameters hyperparameters,
      Size full,
      Size size) {
    this(features, sharedTargets, images, hyperparameters, full, size, images.content().at(size));
  }

  /**
   * Prepares a part of a photo, as it is. The styles are those of the whole photo.
   *
   * @param whole the photo's size
   */
  public static ScaleSetup ofCrop(
      FeatureExtractor features,
      SharedTargets sharedTargets,
      SourceImages images,
      Hyperparameters hyperparameters,
      Size whole) {
    return new ScaleSetup(
        features, sharedTargets, images, hyperparameters, whole, whole, images.content().whole());
  }

  private ScaleSetup(
      FeatureExtractor features,
      SharedTargets sharedTargets,
      SourceImages images,
      Hyperparameters hyperparameters,
      Size full,
      Size size,
      RgbImage content) {
    this.features = features;
    this.manager = features.manager();
    this.arithmetic = features.arithmetic();
    this.sharedTargets = sharedTargets;
    this.images = images;
    this.hyperparameters = hyperparameters;
    this.full = full;
    this.size = size;
    this.content = content;
    this.gramMatrix = new GramMatrix(hyperparameters.gram());
  }

  /** The photo at this scale. */
  public RgbImage content() {
    return content;
  }

  /** The objective for this scale. */
  public Objective objective(Parametrization coordinates) {
    // The styles first, so that their maps are closed before those of the photo are computed.
    List<SharedTargets.Grams> grams = images.styles().stream().map(this::grams).toList();
    Targets targets;
    try (ImageMaps maps = photoMaps()) {
      targets =
          new Targets(
              contentTargets(maps), regions(grams, maps), totalVariationReference(coordinates));
    }
    FeatureNetwork network = features.network();
    Optional<TileSweep> sweep = features.sweep(size, hyperparameters);
    if (sweep.isPresent()) {
      return new TiledObjective(
          network, arithmetic, coordinates, hyperparameters, targets, sweep.get());
    }
    return FusedObjective.isPossible(network, arithmetic, targets)
        ? new FusedObjective(
            manager,
            network,
            arithmetic,
            coordinates,
            hyperparameters,
            targets,
            new Size(content.width(), content.height()))
        : new Objective(network, arithmetic, coordinates, hyperparameters, targets);
  }

  private boolean isNormalized() {
    return hyperparameters.lossNormalization() == LossNormalization.INITIAL;
  }

  private Map<Layer, Targets.Content> contentTargets(ImageMaps maps) {
    LossReferences references = new LossReferences(hyperparameters);
    Map<Layer, Targets.Content> targets = new EnumMap<>(Layer.class);
    for (Layer layer : hyperparameters.contentLayers().keySet()) {
      NDArray map = maps.exact(layer);
      double reference = isNormalized() ? references.content(map, maps.parts(layer, map)) : 1;
      targets.put(layer, new Targets.Content(map, reference));
    }
    return targets;
  }

  private double totalVariationReference(Parametrization coordinates) {
    if (!isNormalized()) {
      return 1;
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray pixels = arithmetic.pixels(manager, content);
      NDArray variable = coordinates.fromPixels(pixels);
      return new LossReferences(hyperparameters)
          .totalVariation(coordinates.smoothed(variable, pixels));
    }
  }

  private ImageMaps maps(RgbImage image, Set<Layer> layers) {
    return features.maps(image, layers, hyperparameters);
  }

  /** The maps of the photo, from the cache or computed. */
  private ImageMaps photoMaps() {
    Optional<ImageMaps> shared =
        canSharePhoto()
            ? sharedTargets
                .photo(photoKey(), this::sharedPhotoMaps)
                .map(values -> new ImageMaps.Shared(manager, arithmetic, values))
            : Optional.empty();
    return shared.orElseGet(() -> maps(content, hyperparameters.layers()));
  }

  /**
   * Whether the photo's maps can be kept without a loss of precision: the regions of masks have
   * Gram matrices of their own, tiles have no maps of the whole photo, and the cache is in single
   * precision.
   */
  private boolean canSharePhoto() {
    return images.styles().stream().allMatch(style -> style.mask().isEmpty())
        && features.sweep(size, hyperparameters).isEmpty()
        && arithmetic.precision() != Precision.FLOAT64;
  }

  /** All that the photo's maps at this scale depend on. */
  SharedTargets.PhotoKey photoKey() {
    return new SharedTargets.PhotoKey(
        content,
        hyperparameters.contentLayers().keySet(),
        isNormalized() ? LayerSchedule.layers(hyperparameters) : Set.of(),
        hyperparameters.gram(),
        hyperparameters.values(Effect.FEATURES));
  }

  SharedTargets.PhotoMaps sharedPhotoMaps() {
    SharedTargets.PhotoKey key = photoKey();
    Set<Layer> layers = new TreeSet<>(key.contentLayers());
    layers.addAll(key.gramLayers());
    try (ImageMaps maps = maps(content, layers)) {
      Map<Layer, Shape> shapes = new EnumMap<>(Layer.class);
      layers.forEach(layer -> shapes.put(layer, maps.shape(layer)));
      Map<Layer, float[]> exact = new EnumMap<>(Layer.class);
      key.contentLayers()
          .forEach(layer -> exact.put(layer, SharedTargets.values(maps.exact(layer))));
      return new SharedTargets.PhotoMaps(
          shapes,
          exact,
          SharedTargets.Grams.of(maps.grams(gramMatrix, key.gramLayers(), Optional.empty())));
    }
  }

  /** Styles without a mask share one region; each style with a mask has its own. */
  private List<Targets.Region> regions(
      List<SharedTargets.Grams> styleGrams, ImageMaps contentMaps) {
    double sum = images.styles().stream().mapToDouble(StyleImage::weight).sum();
    List<Targets.Style> everywhere = new ArrayList<>();
    List<Targets.Region> regions = new ArrayList<>();
    for (int i = 0; i < styleGrams.size(); i++) {
      StyleImage image = images.styles().get(i);
      Targets.Style style = new Targets.Style(image.weight() / sum, targets(styleGrams.get(i)));
      if (image.mask().isEmpty()) {
        everywhere.add(style);
      } else {
        Map<Layer, NDArray> shares =
            shares(
                feathered(image.mask().get()), LayerSchedule.layers(hyperparameters), contentMaps);
        regions.add(new Targets.Region(Optional.of(shares), List.of(style)));
      }
    }
    if (!everywhere.isEmpty()) {
      regions.add(0, new Targets.Region(Optional.empty(), blended(everywhere)));
    }
    return isNormalized()
        ? regions.stream().map(region -> normalized(region, contentMaps)).toList()
        : regions;
  }

  private Targets.Region normalized(Targets.Region region, ImageMaps contentMaps) {
    LossReferences references = new LossReferences(hyperparameters);
    Map<Layer, NDArray> contentGrams =
        contentMaps.grams(gramMatrix, LayerSchedule.layers(hyperparameters), region.shares());
    List<Targets.Style> styles = new ArrayList<>();
    for (Targets.Style style : region.styles()) {
      Map<Layer, Targets.Gram> grams = new EnumMap<>(Layer.class);
      style
          .grams()
          .forEach(
              (layer, gram) -> {
                double reference =
                    references.style(
                        contentGrams.get(layer),
                        contentMaps.shape(layer),
                        region.sharesAt(layer),
                        gram.matrix());
                grams.put(layer, new Targets.Gram(gram.matrix(), reference));
              });
      styles.add(new Targets.Style(style.weight(), grams));
    }
    contentGrams.values().forEach(NDArray::close);
    return region.with(styles);
  }

  private List<Targets.Style> blended(List<Targets.Style> styles) {
    return switch (hyperparameters.styleBlend()) {
      case LOSSES -> styles;
      case GRAMS -> styles.size() == 1 ? styles : List.of(Targets.Style.mean(styles));
    };
  }

  private Mask feathered(RgbImage mask) {
    double feather =
        hyperparameters.maskFeather() * size.longest() / full.longest(); // pixels of this scale
    return Mask.of(mask).resized(size.width(), size.height()).feathered(feather);
  }

  /** The mean of a mask over the area of each position of each map, (M, 1). */
  private Map<Layer, NDArray> shares(Mask mask, Set<Layer> layers, ImageMaps maps) {
    Map<Layer, NDArray> shares = new EnumMap<>(Layer.class);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Shape shape = new Shape(1, 1, mask.height(), mask.width());
      NDArray plane = arithmetic.exact(manager.create(mask.values(), shape));
      for (Layer layer : layers) {
        Shape map = maps.shape(layer);
        NDArray means =
            JniUtils.adaptiveAvgPool((PtNDArray) plane, new Shape(map.get(2), map.get(3)));
        NDArray column = means.reshape(-1, 1).duplicate();
        NDScope.unregister(column);
        shares.put(layer, column);
      }
    }
    return shares;
  }

  private Map<Layer, Targets.Gram> targets(SharedTargets.Grams grams) {
    Map<Layer, Targets.Gram> targets = new EnumMap<>(Layer.class);
    grams
        .tensors(manager)
        .forEach((layer, gram) -> targets.put(layer, new Targets.Gram(arithmetic.exact(gram), 1)));
    return targets;
  }

  /** The Gram matrices of a style at this scale, from the cache or computed. */
  SharedTargets.Grams grams(StyleImage style) {
    StyleFrame frame = frame(style);
    Sizing.requireLargeEnough("style", frame.size(), hyperparameters);
    return sharedTargets.style(
        key(style),
        () -> {
          RgbImage image =
              takesContentColors()
                  ? ColorTransfer.recolored(style.image(), images.content().palette())
                  : style.image();
          Optional<Mask> mask =
              style.styleMask().map(grey -> frame.framedMask(grey, style.image()));
          return computed(frame.framed(image), mask);
        });
  }

  /** All that a style's Gram matrices at this scale depend on. */
  SharedTargets.StyleKey key(StyleImage style) {
    StyleFrame frame = frame(style);
    return new SharedTargets.StyleKey(
        style.identity()
            + (takesContentColors() ? " in the colours " + images.content().palette() : ""),
        hyperparameters.styleFit(),
        frame.full(),
        frame.size(),
        LayerSchedule.layers(hyperparameters),
        hyperparameters.gram(),
        hyperparameters.values(Effect.FEATURES));
  }

  private StyleFrame frame(StyleImage style) {
    return StyleFrame.of(
        new Size(style.image().width(), style.image().height()), full, size, hyperparameters);
  }

  private boolean takesContentColors() {
    return hyperparameters.originalColors() == ColorPreservation.MATCH;
  }

  private SharedTargets.Grams computed(RgbImage image, Optional<Mask> mask) {
    Set<Layer> layers = LayerSchedule.layers(hyperparameters);
    try (ImageMaps maps = maps(image, layers)) {
      Optional<Map<Layer, NDArray>> shares = mask.map(grey -> shares(grey, layers, maps));
      SharedTargets.Grams grams = SharedTargets.Grams.of(maps.grams(gramMatrix, layers, shares));
      shares.ifPresent(byLayer -> byLayer.values().forEach(NDArray::close));
      return grams;
    }
  }
}
