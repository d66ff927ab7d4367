package nst.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import nst.job.cost.Amortization;
import nst.job.executor.JobFailedException;
import nst.job.plan.GroupBill;
import nst.job.train.NetworkSize;
import nst.job.train.TrainingJob;
import nst.job.train.TrainingOptions;
import nst.job.train.TrainingOutcome;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.TransferRequest;
import nst.model.knob.Effect;
import nst.storage.UriPolicy;

/**
 * Trains the style networks that pay, before the rows are planned. A training that was interrupted
 * continues from its last checkpoint, and a network that exists is used again.
 */
final class AmortizedTraining {
  private final RunOptions run;
  private final RunObserver observer;
  private final Function<TrainingOptions, TrainingOutcome> trainer;

  /**
   * @param trainer trains a network, unless it exists
   */
  AmortizedTraining(
      RunOptions run, RunObserver observer, Function<TrainingOptions, TrainingOutcome> trainer) {
    this.run = run;
    this.observer = observer;
    this.trainer = trainer;
  }

  /** Trains on the devices of a session. */
  static AmortizedTraining in(RunContext context, RunObserver observer) {
    return new AmortizedTraining(
        context.options(),
        observer,
        options -> new TrainingJob(context.session(), options, observer::training).run());
  }

  /**
   * The network of each group that uses one, by the group's id. A group whose network cannot be
   * trained is optimised.
   *
   * @param styles the styles that rows may read
   * @throws JobFailedException if a training cannot continue now
   */
  Map<String, String> networks(List<GroupBill> bills, UriPolicy styles) {
    Map<String, String> networks = new TreeMap<>();
    for (GroupBill bill : bills) {
      observer.amortizing(bill);
      Optional<String> network =
          switch (bill.costs().choice()) {
            case OPTIMIZE -> Optional.empty();
            case APPLY -> bill.network();
            case TRAIN -> trained(bill.first(), styles);
          };
      network.ifPresent(uri -> networks.put(bill.id(), uri));
    }
    return networks;
  }

  private Optional<String> trained(TransferRequest row, UriPolicy policy) {
    try {
      TrainingOutcome outcome = trainer.apply(options(row, policy));
      return switch (outcome.end()) {
        case TRAINED, EXISTED -> Optional.of(outcome.uri());
        case DIVERGED, INVALID -> notTrained(outcome.words());
      };
    } catch (InvalidInputException e) {
      return notTrained(e.getMessage());
    } finally {
      observer.trained();
    }
  }

  private Optional<String> notTrained(String reason) {
    observer.notTrained(reason);
    return Optional.empty();
  }

  private TrainingOptions options(TransferRequest row, UriPolicy policy) {
    Hyperparameters h = row.hyperparameters();
    Map<Knob, Object> objective = h.values(Effect.OBJECTIVE, Effect.OBJECTIVE_COMPUTATION);
    List<String> styles = new ArrayList<>();
    row.styles().stream().map(TransferRequest.Style::uri).distinct().forEach(styles::add);
    return new TrainingOptions(
        styles,
        List.of(h.imageSize()),
        policy,
        run.manifest(),
        run.output(),
        "",
        NetworkSize.UNSET,
        Amortization.schedule(h),
        run.config().with(objective),
        Versions.all().get("nst"));
  }
}
