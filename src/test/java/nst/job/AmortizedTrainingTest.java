package nst.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.cost.Amortization;
import nst.job.cost.Amortization.Network;
import nst.job.executor.JobFailedException;
import nst.job.manifest.ManifestTest;
import nst.job.plan.GroupBill;
import nst.job.train.TrainingOptions;
import nst.job.train.TrainingOutcome;
import nst.job.train.TrainingOutcome.End;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.knob.Effect;
import nst.model.knob.NetworkChoices.Backbone;
import nst.storage.UriPolicy;
import org.junit.jupiter.api.Test;

class AmortizedTrainingTest {
  private static final UriPolicy POLICY = new UriPolicy(List.of("file:/photos"));

  private final List<TrainingOptions> trainings = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  @Test
  void trainsOnlyWhereThatIsCheaperAndUsesTheNetworkThatExists() {
    assertThat(
            networks(
                List.of(
                    bill("train", 9, Optional.empty()),
                    bill("optimise", 1, Optional.empty()),
                    bill("exists", 1, Optional.of("file:/mine"))),
                End.TRAINED))
        .isEqualTo(Map.of("train", "file:/trained", "exists", "file:/mine"));
    assertThat(said).containsExactly("train TRAIN", "over", "optimise OPTIMIZE", "exists APPLY");
    assertThat(trainings).hasSize(1);
  }

  @Test
  void trainsForTheRowsStylesAndObjectiveOnTheManifestsPhotos() {
    networks(List.of(bill("train", 9, Optional.empty())), End.EXISTED);

    TrainingOptions options = trainings.get(0);
    Hyperparameters row = bill("train", 9, Optional.empty()).first().hyperparameters();
    assertThat(options.styles()).containsExactly("file:/photos/a.jpg", "file:/photos/b.jpg");
    assertThat(options.policy()).isSameAs(POLICY);
    assertThat(options.photos()).isEqualTo("file:/photos/m.parquet");
    assertThat(options.output()).isEqualTo("file:/out");
    assertThat(options.schedule().side()).as("the size of the pictures").isEqualTo(128);
    Hyperparameters trained = options.config().defaults();
    assertThat(trained.texts(Effect.OBJECTIVE)).isEqualTo(row.texts(Effect.OBJECTIVE));
    assertThat(trained.precision()).isEqualTo(row.precision());
    assertThat(trained.optimizer()).as("no knob of the objective").isNotEqualTo(row.optimizer());
  }

  @Test
  void aNetworkThatCannotBeTrainedLeavesItsRowsAsTheyAre() {
    List<GroupBill> bills = List.of(bill("train", 9, Optional.empty()));
    assertThat(networks(bills, End.DIVERGED)).isEmpty();
    assertThat(networks(bills, End.INVALID)).isEmpty();
    assertThat(said).contains("not trained: no luck", "over");
    said.clear();
    assertThat(
            training(
                    options -> {
                      throw new InvalidInputException("--photos", "", "too small");
                    })
                .networks(bills, POLICY))
        .isEmpty();
    assertThat(said.get(1)).contains("not trained: ", "too small");
  }

  @Test
  void aTrainingThatCannotContinueEndsTheRunSoThatItIsResumed() {
    AmortizedTraining training =
        training(
            options -> {
              throw new JobFailedException("device lost", new IllegalStateException());
            });
    assertThatThrownBy(() -> training.networks(List.of(bill("train", 9, Optional.empty())), POLICY))
        .isInstanceOf(JobFailedException.class);
  }

  private Map<String, String> networks(List<GroupBill> bills, End end) {
    return training(options -> new TrainingOutcome(end, "file:/trained", "", Map.of(), "no luck"))
        .networks(bills, POLICY);
  }

  private AmortizedTraining training(
      java.util.function.Function<TrainingOptions, TrainingOutcome> trainer) {
    RunOptions run =
        new RunOptions(
            "file:/photos/m.parquet", "file:/out", "run", LocalDate.EPOCH, ManifestTest.config());
    RunObserver observer =
        new RunObserver() {
          @Override
          public void amortizing(GroupBill bill) {
            said.add(bill.id() + " " + bill.costs().choice());
          }

          @Override
          public void trained() {
            said.add("over");
          }

          @Override
          public void notTrained(String reason) {
            said.add("not trained: " + reason);
          }
        };
    return new AmortizedTraining(
        run,
        observer,
        options -> {
          trainings.add(options);
          return trainer.apply(options);
        });
  }

  private static GroupBill bill(String id, double optimizeSeconds, Optional<String> network) {
    Hyperparameters h =
        Preset.KERAS.hyperparameters().on(Backbone.VGG16).with(Knob.IMAGE_SIZE, 128);
    TransferRequest first =
        new TransferRequest(
            "r",
            "file:/photos/c.jpg",
            "",
            List.of(
                new TransferRequest.Style("file:/photos/a.jpg", 0.25),
                new TransferRequest.Style("file:/photos/b.jpg", 0.5),
                new TransferRequest.Style("file:/photos/a.jpg", 0.25)),
            h);
    return new GroupBill(
        id,
        first,
        new Amortization(
            10, 10, network.isPresent() ? Network.EXISTS : Network.NONE, optimizeSeconds, 3, 0.5),
        network);
  }
}
