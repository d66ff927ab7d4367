package nst.engine;

import java.util.EnumMap;
import nst.engine.sizing.Sizing;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.Effect;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Padding;

/** The recipe of the few pixels that a new engine stylises before its first image. */
final class WarmUpRecipe {
  /** The shortest side in pixels. */
  private static final int SIDE = 32;

  private WarmUpRecipe() {}

  /**
   * A recipe that uses what rows use.
   *
   * @param rows typical rows; if they do not suit the network, a few layers of it are used
   */
  static Hyperparameters of(Hyperparameters rows, Backbone backbone) {
    Hyperparameters recipe =
        Preset.BALANCED.hyperparameters().with(Knob.NUM_ITERATIONS, 2).on(backbone);
    if (rows.layers().stream().allMatch(layer -> layer.isIn(backbone))) {
      EnumMap<Knob, Object> used = new EnumMap<>(rows.values(Effect.FEATURES));
      Knob.ofLayers().forEach(knob -> used.put(knob, rows.values().get(knob)));
      recipe = recipe.with(used);
    } else if (backbone == Backbone.MOBILENET_V2) {
      recipe =
          recipe
              .with(Knob.PADDING, Padding.ZEROS)
              .with(Knob.CONTENT_LAYERS, "features7:1")
              .with(Knob.STYLE_LAYERS, "features1:1,features4:1");
    }
    // A Gram matrix needs more than one position.
    int stride = 2 * Sizing.leastSide(recipe);
    return recipe.with(Knob.IMAGE_SIZE, Math.max(SIDE, stride));
  }
}
