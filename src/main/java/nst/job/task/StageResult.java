package nst.job.task;

import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import nst.model.ErrorCode;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.model.TransferResult.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one stage of a row's way came to: a value for the next stage, or the reason why there is
 * none.
 */
sealed interface StageResult<T> {
  Logger LOG = LoggerFactory.getLogger(StageResult.class);

  /** The stage gave what it is there for. */
  record Done<T>(T value) implements StageResult<T> {
    @Override
    public <R> R fold(Function<T, R> done, Function<Failure, R> failed) {
      return done.apply(value);
    }
  }

  /** The row ends here. */
  record Failed<T>(Failure failure) implements StageResult<T> {
    @Override
    public <R> R fold(Function<T, R> done, Function<Failure, R> failed) {
      return failed.apply(failure);
    }
  }

  /** Goes on with the value, or with the failure. */
  <R> R fold(Function<T, R> done, Function<Failure, R> failed);

  /**
   * Runs a stage. The one place that turns what was thrown into what is recorded. A cancelled stage
   * throws on: its task is being ended, the row is nobody's failure and is computed again. So does
   * a Java {@code Error}, after which the process cannot be trusted.
   */
  static <T> StageResult<T> of(PlannedRow row, Supplier<T> stage) {
    try {
      return new Done<>(stage.get());
    } catch (TransferException e) {
      LOG.info(
          "Row id={} key={} failed: {}", row.request().id(), row.key(), Redactor.stackTrace(e));
      return new Failed<>(new Failure(e.code(), e.getMessage()));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error(
          "Row id={} key={} met a defect: {}",
          row.request().id(),
          row.key(),
          Redactor.stackTrace(e));
      return new Failed<>(new Failure(ErrorCode.INTERNAL, "Unexpected " + e));
    }
  }
}
