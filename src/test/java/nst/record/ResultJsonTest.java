package nst.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nst.job.TestResults;
import nst.model.ErrorCode;
import nst.model.Preset;
import nst.model.TransferResult;
import org.junit.jupiter.api.Test;

class ResultJsonTest {

  @Test
  void aPictureReadsBackWhole() {
    TransferResult result = TestResults.ok("ab12");
    assertThat(ResultJson.read(ResultJson.write(result))).isEqualTo(result);
  }

  @Test
  void aPictureWithoutLossesReadsBackWhole() {
    TransferResult result = TestResults.unmeasured("ab12");
    String json = ResultJson.write(result);
    assertThat(ResultJson.read(json)).isEqualTo(result);
    assertThat(json).doesNotContain("_loss\"").contains("\"losses\":[]");
  }

  @Test
  void aFailureReadsBackWhole() {
    TransferResult result = TestResults.failed("ab12", ErrorCode.NOT_FOUND);
    assertThat(ResultJson.read(ResultJson.write(result))).isEqualTo(result);
  }

  @Test
  void aRecordSaysWhichPixelsItBelongsTo() {
    TransferResult result = TestResults.ok("ab12");
    String json = ResultJson.write(result, "00ff");
    assertThat(ResultJson.read(json)).isEqualTo(result);
    assertThat(ResultJson.pixelsSha256(json)).contains("00ff");
    assertThat(ResultJson.pixelsSha256(ResultJson.write(result))).isEmpty();
  }

  @Test
  void aRecordIsOneLine() {
    assertThat(ResultJson.write(TestResults.ok("k"))).doesNotContain("\n");
  }

  @Test
  void refusesWhatIsNoRecord() {
    assertThatThrownBy(() -> ResultJson.read("{\"key\":1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the record of an image");
  }

  @Test
  void aPlannedRequestStatesOnlyWhatDiffersAndReadsBackWhole() {
    String json = RequestJson.write(TestResults.REQUEST, Preset.KERAS.hyperparameters());
    assertThat(json).doesNotContain("content_weight");
    assertThat(RequestJson.read(json, Preset.KERAS.hyperparameters()))
        .isEqualTo(TestResults.REQUEST);
    String other = RequestJson.write(TestResults.REQUEST, Preset.BALANCED.hyperparameters());
    assertThat(RequestJson.read(other, Preset.BALANCED.hyperparameters()))
        .isEqualTo(TestResults.REQUEST);
  }
}
