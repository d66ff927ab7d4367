package nst.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest.Style;
import org.junit.jupiter.api.Test;

class SweepLineTest {

  private static NextGrid grid(SweptRows rows, long... picked) {
    return NextGrid.of(rows.sweep(), Arrays.stream(picked).boxed().toList());
  }

  private static String line(
      SweptRows rows, Map<String, RunConfig.Entry> settings, long... picked) {
    Sweep sweep = rows.sweep();
    NextGrid grid = NextGrid.of(sweep, Arrays.stream(picked).boxed().toList());
    return SweepLine.of(sweep, grid, "/out 1", settings).orElse("");
  }

  @Test
  void writesTheCommandThatRunsIt() {
    SweptRows rows = new SweptRows().photo("my lake.jpg");
    for (String weight : new String[] {"0.01", "0.1", "1"}) {
      rows.row(Preset.GATYS, 1.0, 1.0, "content_weight", weight, "image_size", "256");
    }
    Map<String, RunConfig.Entry> settings = new TreeMap<>();
    settings.put(Setting.DEVICE.key(), new RunConfig.Entry("cpu", "--device"));
    settings.put(
        Setting.ALLOWED_PREFIXES.key(), new RunConfig.Entry("/photos", "--uri-allowed-prefixes"));
    settings.put(Setting.MAX_BYTES.key(), new RunConfig.Entry("77", "NST_LIMITS_MAX_BYTES"));
    assertThat(line(rows, settings, 2))
        .isEqualTo(
            "./submit.sh sweep --content '/photos/my lake.jpg' --style /paintings/waves.jpg"
                + " --grid content_weight=0.1,1,10 --preset gatys --image-size 256 --device cpu"
                + " --run --output '/out 1'");
  }

  @Test
  void writesBlendsAndSetsOfPaintings() {
    Style first = new Style("file:/a.jpg", 1);
    Style second = new Style("file:/b.jpg", 1);
    SweptRows blend = new SweptRows();
    blend.own(Map.of("blend", "1.0")).styles(second).row(1, 1);
    blend.own(Map.of("blend", "0.0")).styles(first).row(1, 1);
    blend
        .own(Map.of("blend", "0.5"))
        .styles(new Style(first.uri(), 0.5), new Style(second.uri(), 0.5))
        .row(1, 1);
    assertThat(line(blend, Map.of(), 2)).contains(" --blend /a.jpg:/b.jpg=0,0.25,0.5,0.75,1 ");
    SweptRows set =
        new SweptRows().styles(new Style(first.uri(), 0.75), new Style(second.uri(), 0.25));
    for (String weight : new String[] {"1", "2", "3"}) {
      set.row(1, 1, "content_weight", weight);
    }
    assertThat(line(set, Map.of(), 1)).contains(" --style-set /a.jpg:/b.jpg=0.75:0.25 ");
  }

  @Test
  void writesNoCommandForRowsThatSweepCannotMake() {
    SweptRows rows = new SweptRows().styles(new Style("file:/a.jpg", 1, "file:/mask.png", ""));
    for (String weight : new String[] {"1", "2", "3"}) {
      rows.row(1, 1, "content_weight", weight);
    }
    assertThat(line(rows, Map.of(), 1)).isEmpty();
    assertThat(grid(rows, 1).sentences()).last().asString().contains("its rows have masks");
    SweptRows pairs = new SweptRows();
    for (String weight : new String[] {"1", "2", "3"}) {
      pairs.photo("a.jpg").painting("a.jpg").row(1, 1, "content_weight", weight);
      pairs.photo("b.jpg").painting("b.jpg").row(1, 1, "content_weight", weight);
    }
    assertThat(line(pairs, Map.of(), 1)).isEmpty();
    assertThat(grid(pairs, 2, 3).sentences()).last().asString().contains("not every photo");
  }
}
