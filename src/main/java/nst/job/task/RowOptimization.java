package nst.job.task;

import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import nst.engine.IterateListener;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.sizing.Pyramid;
import nst.job.input.RowTimes;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * The second stage of a row: stylises the image on the device.
 *
 * @param transfers the engine for a network
 * @param watching returns what receives the iterates of a row
 */
record RowOptimization(
    Function<Backbone, StyleTransfer> transfers,
    RunConfig config,
    BiFunction<PlannedRow, Pyramid, IterateListener> watching)
    implements RowStages.Optimize {
  @Override
  public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
    var h = row.request().hyperparameters();
    StyleTransfer transfer = transfers.apply(h.backbone());
    return times.time(
        RowTimes.Part.OPTIMIZE,
        () ->
            config.measuresLosses(h, row.key())
                ? transfer.stylize(
                    inputs.images(),
                    inputs.network(),
                    h,
                    watching.apply(row, inputs.scales(h)),
                    Instant.now().plus(config.seconds(Setting.IMAGE_SECONDS)))
                : transfer.picture(inputs.images(), inputs.network().orElseThrow(), h));
  }
}
