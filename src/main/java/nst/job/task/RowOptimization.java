package nst.job.task;

import java.time.Duration;
import java.time.Instant;
import nst.engine.StylizedImage;
import nst.job.executor.ExecutorEngine;
import nst.job.input.RowTimes;

/**
 * The second stage of a row: stylises the image on the device.
 *
 * @param deadline the longest time that a row may compute
 */
record RowOptimization(ExecutorEngine engine, Duration deadline) implements RowStages.Optimize {
  @Override
  public StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
    var h = row.request().hyperparameters();
    return times.time(
        RowTimes.Part.OPTIMIZE,
        () ->
            engine
                .network(h.backbone())
                .stylize(
                    inputs.images(),
                    inputs.network(),
                    h,
                    sample -> {},
                    Instant.now().plus(deadline)));
  }
}
