package nst.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.manifest.ManifestTest;
import nst.job.sweep.SweepPoints.Sampling;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class SweepMakerTest {
  @TempDir Path folder;
  private final Problems problems = new Problems();

  @Test
  void aFolderStandsForTheImagesInAndBelowIt() {
    new TestCatalogue(folder)
        .picture("photos/b.jpg", 40, 40, 1)
        .picture("photos/deep/a.png", 40, 40, 2)
        .file("photos/notes.txt", new byte[] {1})
        .picture("photos/.hidden.png", 40, 40, 1)
        .picture("photos/.cache/c.png", 40, 40, 1)
        .picture("styles/s.jpg", 40, 40, 3)
        .picture("styles/t.jpg", 40, 40, 4);

    Sweep sweep = made("photos", "styles", List.of("content_weight=0.5,1"), List.of());

    assertThat(ids(sweep))
        .containsExactly(
            "b-s-content_weight=0.5",
            "b-s-content_weight=1",
            "b-t-content_weight=0.5",
            "b-t-content_weight=1",
            "a-s-content_weight=0.5",
            "a-s-content_weight=1",
            "a-t-content_weight=0.5",
            "a-t-content_weight=1");
    assertThat(sweep.folders())
        .containsExactly("file:" + folder + "/photos", "file:" + folder + "/styles");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "content_weight < style_weight | 0.5/balanced 0.5/gatys 2/gatys",
        "preset != gatys or content_weight >= 2 | 0.5/balanced 2/balanced 2/gatys",
        "PRESET = 'balanced' AND optimizer = lbfgs | 0.5/balanced 2/balanced",
        "num_iterations > 500 | 0.5/gatys 2/gatys",
        "abs(content_weight - 2) < 0.1 and style like '%s.jpg' | 2/balanced 2/gatys",
        "blend is null and content_weight = 0.5 | 0.5/balanced 0.5/gatys",
      })
  void aConditionSeesTheValuesThatTakeEffect(String condition, String expected) {
    Sweep sweep = made(List.of("content_weight=0.5,2", "preset=balanced,gatys"), condition);
    assertThat(
            sweep.rows().stream()
                .map(
                    row ->
                        SweepLabels.number((Double) row.point().knobs().get(Knob.CONTENT_WEIGHT))
                            + "/"
                            + row.point().preset().orElseThrow().label())
                .sorted())
        .containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "content_weigth < 1 | Did you mean `content_weight`?",
        "style = starry_night | Unknown column `starry_night`",
        "content_weight < | expected a condition",
        "content_weight | expected a condition, was content_weight",
        "reflect('java.lang.System', 'exit', 3) | expected one of the functions abs, ceil",
        "content_weight in (select 1) | without a query",
        "content_weight > 100 | met by none",
      })
  void saysWhatIsWrongWithACondition(String condition, String message) {
    pictures();
    assertThat(maker(config(Map.of())).make(asked(List.of(), condition))).isEmpty();
    assertThat(problems.list()).hasSize(1);
    assertThat(problems.list().get(0).where()).isEqualTo("--where");
    assertThat(problems.list().get(0).message()).contains(message);
  }

  @Test
  void combinationsThatAreInvalidAreReportedWithTheirRows() {
    pictures();
    assertThat(
            maker(config(Map.of()))
                .make(asked(List.of("style_term=mean_squares,gatys", "gram=raw,centered"), "true")))
        .isEmpty();
    assertThat(problems.list())
        .singleElement()
        .hasToString(
            "row p-s-style_term=gatys-gram=centered: style_term: expected gram=raw with style_term=gatys, was centered;"
                + " --where can exclude such rows");
  }

  @Test
  void aConditionCanExcludeCombinationsThatAreInvalid() {
    List<String> axes = List.of("style_term=mean_squares,gatys", "gram=raw,centered");
    assertThat(made(axes, "not (style_term = gatys and gram = centered)").rows()).hasSize(3);
  }

  @Test
  void whatTheConfigurationStatesIsSetInEveryRow() {
    pictures();
    RunConfig config = config(Map.of("image_size", "--image-size", "preset", "--preset"));
    Sweep sweep = maker(config).make(asked(List.of("content_weight=1,2"), "true")).orElseThrow();
    assertThat(sweep.rows())
        .allSatisfy(
            row -> {
              assertThat(row.point().knobs()).containsEntry(Knob.IMAGE_SIZE, 64L);
              assertThat(row.point().preset()).contains(Preset.D2L);
            });
    assertThat(ids(sweep)).containsExactly("p-s-content_weight=1", "p-s-content_weight=2");
  }

  @Test
  void anAxisReplacesTheEnvironmentButNotAnOption() {
    pictures();
    Sweep sweep =
        maker(config(Map.of("image_size", "NST_IMAGE_SIZE")))
            .make(asked(List.of("image_size=32,48"), "true"))
            .orElseThrow();
    assertThat(sweep.fixed().knobs()).isEmpty();

    maker(config(Map.of("image_size", "--image-size")))
        .make(asked(List.of("image_size=32,48"), "true"));
    assertThat(problems.list())
        .singleElement()
        .hasToString("--image-size: image_size: expected a value or an axis of --grid, was both");
  }

  @Test
  void everyFaultIsInOneList() {
    pictures().file("text.jpg", new byte[] {1, 2, 3});
    SweepDefinition asked =
        new SweepDefinition(
            texts("p.jpg", "absent.jpg", "text.jpg", "foo://x/y"),
            texts("s.jpg"),
            texts("s.jpg"),
            texts("s.jpg:.=0.5"),
            texts(
                "content_weigth=1",
                "seed=1,2",
                "seed=3",
                "tv_weight=lin:0..1",
                "init_image=no.png"),
            List.of("a <"),
            0,
            Sampling.SOBOL,
            0);
    assertThat(maker(config(Map.of())).make(asked)).isEmpty();
    assertThat(
            problems.list().stream()
                .map(problem -> problem.where() + " " + problem.message())
                .collect(Collectors.joining("\n")))
        .contains("--content expected an image file, found no such file: " + folder + "/absent.jpg")
        .contains("text.jpg")
        .contains("--content expected a local path or a URI of storage")
        .contains("--style-set expected at least two paintings")
        .contains("--blend expected an image file, was a folder: " + folder)
        .contains("--grid Unknown knob `content_weigth`")
        .contains("--grid seed: expected one axis, was given twice")
        .contains("only --samples takes a range without a count")
        .contains("init_image expected an image file, found no such file")
        .contains("--where expected a condition");
  }

  @Test
  void aSweepThatIsTooLargeIsRefusedBeforeItIsMade() {
    pictures();
    maker(config(Map.of()))
        .make(asked(List.of("seed=lin:1..10000:10000", "jpeg_quality=lin:1..100:100"), "true"));
    assertThat(problems.list())
        .singleElement()
        .hasToString(
            "--grid: expected at most 100000 rows, was 1 pairs of content and style times 1000000 points");
  }

  private TestCatalogue pictures() {
    return new TestCatalogue(folder).picture("p.jpg", 40, 40, 1).picture("s.jpg", 40, 40, 2);
  }

  private Sweep made(List<String> axes, String condition) {
    pictures();
    return made("p.jpg", "s.jpg", axes, List.of(condition));
  }

  private Sweep made(String content, String style, List<String> axes, List<String> conditions) {
    Optional<Sweep> sweep = maker(config(Map.of())).make(asked(content, style, axes, conditions));
    assertThat(problems.list()).isEmpty();
    return sweep.orElseThrow();
  }

  private SweepDefinition asked(List<String> axes, String condition) {
    return asked("p.jpg", "s.jpg", axes, List.of(condition));
  }

  private SweepDefinition asked(
      String content, String style, List<String> axes, List<String> conditions) {
    return new SweepDefinition(
        texts(content),
        texts(style),
        List.of(),
        List.of(),
        texts(axes.toArray(String[]::new)),
        conditions,
        0,
        Sampling.SOBOL,
        0);
  }

  private List<SweepText> texts(String... texts) {
    return List.of(texts).stream().map(text -> new SweepText(text, "file:" + folder)).toList();
  }

  private SweepMaker maker(RunConfig config) {
    return new SweepMaker(TestSpark.session(), config, problems);
  }

  private static List<String> ids(Sweep sweep) {
    return sweep.rows().stream().map(SweepRow::id).toList();
  }

  /** A configuration with an image size of 64, and the preset d2l if it has a source. */
  private static RunConfig config(Map<String, String> sources) {
    Map<Setting, Object> settings = new TreeMap<>();
    for (Setting setting : Setting.values()) {
      settings.put(setting, setting.domain().parse(setting.defaultText()));
    }
    return new RunConfig(
        settings,
        sources.containsKey("preset") ? Preset.D2L : ManifestTest.config().preset(),
        sources.containsKey("image_size") ? Map.of(Knob.IMAGE_SIZE, 64L) : Map.of(),
        sources);
  }
}
