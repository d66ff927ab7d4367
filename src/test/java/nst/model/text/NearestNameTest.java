package nst.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import nst.model.Knob;
import nst.model.RunConfig;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  @Test
  void findsTheNameThatWasMeant() {
    assertThat(NearestName.of("contentweight", Knob.keys())).contains("content_weight");
    assertThat(NearestName.of("Content_Weight", Knob.keys())).contains("content_weight");
    assertThat(NearestName.of("num_iteration", Knob.keys())).contains("num_iterations");
    assertThat(NearestName.of("weights.sha265", RunConfig.keys())).contains("weights.sha256");
  }

  @Test
  void leavesOtherNamesAlone() {
    assertThat(NearestName.of("album", Knob.keys())).isEmpty();
    assertThat(NearestName.of("taken_at", Knob.keys())).isEmpty();
    assertThat(NearestName.of("content_weight", Knob.keys())).isEmpty();
  }
}
