package nst.model;

import nst.model.knob.Layer;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.LossChoices.StyleLoss;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.OptimizerChoices.Bounds;
import nst.model.knob.OptimizerChoices.Init;
import nst.model.knob.OptimizerChoices.OptimizeIn;
import nst.model.knob.SizeChoices.SizeRule;

/**
 * The rules that concern several knobs. Each single value has already been checked by its domain.
 *
 * @param h the values to check
 * @param where the row or the source of the values, for messages
 * @param problems receives the faults
 */
public record CombinationCheck(Hyperparameters h, String where, Problems problems) {

  /** Checks all rules. */
  public void check() {
    Knob.ofLayers().forEach(this::checkLayers);
    if (h.contentWeight() == 0 && h.styleWeight() == 0) {
      add(Knob.STYLE_WEIGHT, "expected a positive content_weight or style_weight, both were 0");
    }
    if (h.padding() == Padding.REPLICATE && h.backbone() == Backbone.MOBILENET_V2) {
      add(Knob.PADDING, "expected zeros with backbone=mobilenet_v2, was replicate");
    }
    if (h.styleTerm() == StyleLoss.GATYS && h.gram() != GramNormalization.RAW) {
      add(Knob.STYLE_TERM, "expected gram=raw with style_term=gatys, was " + h.text(Knob.GRAM));
    }
    if (h.sizeRule() == SizeRule.EXACT && (h.imageWidth() < 1 || h.imageHeight() < 1)) {
      add(
          Knob.SIZE_RULE,
          "expected image_width and image_height with size_rule=exact, were "
              + h.imageWidth()
              + " and "
              + h.imageHeight());
    }
    if (h.init() == Init.IMAGE && h.initImage().isEmpty()) {
      add(Knob.INIT_IMAGE, "expected a URI with init=image, was none");
    }
    if (h.init() != Init.NETWORK && h.numIterations() == 0) {
      add(
          Knob.NUM_ITERATIONS,
          "expected at least 1 with init=" + h.text(Knob.INIT) + ", was 0; init=network allows 0");
    }
    if (h.bounds() == Bounds.SIGMOID && h.optimizeIn() != OptimizeIn.PIXELS) {
      add(
          Knob.OPTIMIZE_IN,
          "expected optimize_in=pixels with bounds=sigmoid, was " + h.text(Knob.OPTIMIZE_IN));
    }
  }

  private void checkLayers(Knob knob) {
    for (Layer layer : h.layers(knob).keySet()) {
      if (h.backbone() != Backbone.AUTO && !layer.isIn(h.backbone())) {
        add(
            knob,
            "expected layers of backbone="
                + h.text(Knob.BACKBONE)
                + ", was "
                + layer.label()
                + layer
                    .standIn(h.backbone())
                    .map(near -> ". Use " + near.label() + ", the last of its block")
                    .orElse(""));
      }
    }
  }

  private void add(Knob knob, String message) {
    problems.add(where, knob.key(), message);
  }
}
