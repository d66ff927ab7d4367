package nst.engine.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.engine.MemoryCommand;
import nst.engine.TestEngine;
import nst.engine.sizing.Pyramid.Scale;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.tile.TileSize;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Test;

class SizingTest {
  private static final Size PHOTO = new Size(4000, 3000);

  private static Hyperparameters with(String lines) {
    return TestEngine.with(Preset.GATYS.hyperparameters().on(Backbone.VGG19), lines);
  }

  @Test
  void followsEverySizeRule() {
    assertThat(Sizing.working(PHOTO, with("image_size=512"))).isEqualTo(new Size(512, 384));
    assertThat(Sizing.working(PHOTO, with("size_rule=shortest\nimage_size=300")))
        .isEqualTo(new Size(400, 300));
    assertThat(Sizing.working(PHOTO, with("size_rule=exact\nimage_width=200\nimage_height=100")))
        .isEqualTo(new Size(200, 100));
    assertThat(Sizing.working(PHOTO, with("size_rule=content"))).isEqualTo(PHOTO);
  }

  @Test
  void sizesStylesByTheSameRuleTimesTheirScale() {
    Size painting = new Size(600, 1200);
    Size working = new Size(512, 384);

    assertThat(Sizing.style(painting, working, with("image_size=512")))
        .isEqualTo(new Size(256, 512));
    assertThat(Sizing.style(painting, working, with("image_size=512\nstyle_scale=0.5")))
        .isEqualTo(new Size(128, 256));
    assertThat(Sizing.style(painting, working, with("image_size=512\nstyle_fit=crop")))
        .isEqualTo(working);
  }

  @Test
  void growsThePyramidToTheWorkingSize() {
    Pyramid pyramid =
        Sizing.pyramid(
            PHOTO,
            with(
                "image_size=400\nsmallest_size=100\nscale_ratio=2\nnum_iterations=100\ncoarse_share=0.6"));

    assertThat(pyramid.scales())
        .containsExactly(
            new Scale(new Size(100, 75), 30),
            new Scale(new Size(200, 150), 30),
            new Scale(new Size(400, 300), 40));
  }

  @Test
  void leavesOutScalesThatTheNetworkCannotSeeAndThatGetNoStep() {
    assertThat(
            Sizing.pyramid(
                    PHOTO,
                    with("image_size=100\nsmallest_size=10\nscale_ratio=2\nnum_iterations=50"))
                .scales())
        .extracting(Scale::size)
        .containsExactly(new Size(40, 30), new Size(80, 60), new Size(100, 75));
    assertThat(
            Sizing.pyramid(PHOTO, with("image_size=100\nsmallest_size=40\nnum_iterations=1"))
                .scales())
        .containsExactly(new Scale(new Size(100, 75), 1));
    assertThat(Sizing.pyramid(PHOTO, with("image_size=100\nsmallest_size=0")).scales()).hasSize(1);
  }

  @Test
  void countsTheOperationsOfAnEvaluation() {
    // Measured independently: 101.5 GFLOP at 256 px and 406 at 512, for convolutions and Gram
    // matrices.
    assertThat(Sizing.flopsPerEvaluation(new Size(256, 256), with("")))
        .isCloseTo(101.5e9, withinPercentage(3));
    assertThat(Sizing.flopsPerEvaluation(new Size(512, 512), with("")))
        .isCloseTo(406e9, withinPercentage(3));
  }

  @Test
  void costsInProportionToIterationsAndPixels() {
    double one = Sizing.flops(Sizing.UNKNOWN_CONTENT, with("image_size=256\nnum_iterations=100"));

    assertThat(Sizing.flops(PHOTO, with("image_size=512\nnum_iterations=100")) / one)
        .isCloseTo(4, withinPercentage(2));
    assertThat(Sizing.flops(PHOTO, with("image_size=256\nnum_iterations=200")) / one)
        .isCloseTo(2, withinPercentage(3));
  }

  @Test
  void aStyleNetworksPictureHasOneScaleAndAnyNumberOfSteps() {
    String pyramid = "image_size=512\nsmallest_size=128\nnum_iterations=";
    Hyperparameters network = with(pyramid + "0\ninit=network\nnetwork=n.safetensors");

    assertThat(Sizing.pyramid(PHOTO, with(pyramid + "9")).scales()).hasSizeGreaterThan(1);
    assertThat(Sizing.pyramid(PHOTO, network).scales())
        .containsExactly(new Pyramid.Scale(Sizing.working(PHOTO, network), 0));
    assertThat(Sizing.pyramid(PHOTO, network.with(Knob.NUM_ITERATIONS, 9)).scales())
        .extracting(Pyramid.Scale::iterations)
        .containsExactly(9);
  }

  @Test
  void countsTheOperationsOfAStyleNetwork() {
    StyleNetworkArchitecture usual = new StyleNetworkArchitecture(32, 5, Convolution.FULL);
    Hyperparameters content = with("image_size=512\nsmallest_size=0\nnum_iterations=1");
    double pass =
        Sizing.flops(PHOTO, content.with(Knob.INIT, "network")) - Sizing.flops(PHOTO, content);

    assertThat(pass)
        .isCloseTo(
            usual.flops((double) Sizing.working(PHOTO, content).area()), withinPercentage(1));
  }

  @Test
  void needsLessMemoryInHalfTheBits() {
    Size size = new Size(512, 512);

    assertThat(Sizing.memoryBytes(size, Precision.BFLOAT16, with("")))
        .isLessThan(Sizing.memoryBytes(size, Precision.FLOAT32, with("")));
    assertThat(Sizing.memoryBytes(size, Precision.FLOAT32, with("")) >> 20).isBetween(300L, 1200L);
  }

  /** A GB has 10^9 bytes. The numbers are in docs/performance.md. */
  @Test
  void fitsFourThousandPixelsIntoEightGigabytesInTiles() {
    Size size = new Size(4096, 4096);
    Hyperparameters six =
        Preset.BALANCED.hyperparameters().on(Backbone.VGG16).with(Knob.LBFGS_HISTORY, 6);
    TileSize tiles = new TileSize(512);
    long process = MemoryCommand.PROCESS_BYTES;

    assertThat((process + Sizing.memoryBytes(size, Precision.FLOAT32, six, tiles)) / 1e9)
        .isBetween(7.8, 8.0);
    assertThat((process + Sizing.memoryBytes(size, Precision.FLOAT32, six)) / 1e9)
        .isBetween(24.0, 26.0);
    assertThat(Sizing.memoryBytes(size, Precision.FLOAT32, six.with(Knob.INIT, "network"), tiles))
        .as("the pass of a style network is not divided")
        .isEqualTo(Sizing.memoryBytes(size, Precision.FLOAT32, six.with(Knob.INIT, "network")));
    assertThat(Sizing.memoryBytes(new Size(512, 512), Precision.FLOAT32, six, tiles))
        .isEqualTo(Sizing.memoryBytes(new Size(512, 512), Precision.FLOAT32, six));
  }

  /** The table in the documentation is the output of {@code ./submit.sh benchmark memory}. */
  @Test
  void predictsTheMemoryThatWasMeasuredOnTheSafeSide() throws IOException {
    Pattern row =
        Pattern.compile("\\| (\\d+) \\| (float32|bfloat16) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|");
    List<Matcher> measured =
        Files.readAllLines(Path.of("docs/performance.md")).stream()
            .map(row::matcher)
            .filter(Matcher::matches)
            .toList();

    assertThat(measured).hasSizeGreaterThanOrEqualTo(5);
    for (Matcher match : measured) {
      long predicted =
          MemoryCommand.predicted(
              Integer.parseInt(match.group(1)), match.group(2), Integer.parseInt(match.group(3)));

      assertThat(predicted / (Double.parseDouble(match.group(4)) * (1 << 20)))
          .as("predicted over measured in %s", match.group())
          .isBetween(1.0, 1.13);
      assertThat(predicted >> 20).isEqualTo(Long.parseLong(match.group(5)));
    }
  }
}
