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

/** The result of one stage of a row: a value for the next stage, or a failure. */
sealed interface StageResult<T> {
  Logger LOG = LoggerFactory.getLogger(StageResult.class);

  /** The stage succeeded. */
  record Done<T>(T value) implements StageResult<T> {
    @Override
    public <R> R fold(Function<T, R> done, Function<Failure, R> failed) {
      return done.apply(value);
    }
  }

  /** The stage failed, which ends the row. */
  record Failed<T>(Failure failure) implements StageResult<T> {
    @Override
    public <R> R fold(Function<T, R> done, Function<Failure, R> failed) {
      return failed.apply(failure);
    }
  }

  /** Applies one of two functions, to the value or to the failure. */
  <R> R fold(Function<T, R> done, Function<Failure, R> failed);

  /**
   * Runs a stage and converts its exceptions to failures. This is the only place that does so. A
   * {@link CancellationException} is rethrown, because the task is being ended and the row will be
   * computed again. A Java {@code Error} is not caught, because the process may be in an undefined
   * state.
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
          "Row id={} key={} failed because of a bug: {}",
          row.request().id(),
          row.key(),
          Redactor.stackTrace(e));
      return new Failed<>(new Failure(ErrorCode.INTERNAL, "Unexpected " + e));
    }
  }
}
