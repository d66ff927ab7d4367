package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nst.job.PlannedManifest;
import nst.job.TestSpark;
import nst.job.source.ManifestSource;
import nst.job.source.PhotoFilter;
import nst.model.Problems;
import nst.model.TransferRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests a folder of photos in place of a manifest. */
@Tag("slow")
class PhotoRowsTest {
  private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

  @TempDir Path scratch;
  private Path photos;

  @BeforeEach
  void addPhotos() throws IOException {
    photos = Files.createDirectories(scratch.resolve("photos"));
    for (String name :
        List.of("b.jpg", "2024/a b#1%.JPG", "2024/_DSC1.heic", ".thumbs/b.jpg", "notes.txt")) {
      add(photos.resolve(name));
    }
    add(scratch.resolve("styles/night.jpg"));
    add(scratch.resolve("styles/wave.png"));
  }

  private static void add(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.setLastModifiedTime(Files.writeString(file, "pixels"), THEN);
  }

  @Test
  void eachPhotoIsMadeInEachStyle() {
    List<TransferRequest> requests = requests(source("night.jpg", "wave.png", "night.jpg"));

    assertThat(requests)
        .extracting(TransferRequest::id)
        .containsExactly(
            "2024/_DSC1.heic + night",
            "2024/_DSC1.heic + wave",
            "2024/a b#1%.JPG + night",
            "2024/a b#1%.JPG + wave",
            "b.jpg + night",
            "b.jpg + wave");
    TransferRequest request = requests.get(5);
    assertThat(request.content()).isEqualTo("file:" + photos + "/b.jpg");
    assertThat(request.contentVersion()).isEqualTo("modified=2026-01-02T03:04:05Z,bytes=6");
    assertThat(request.styles())
        .containsExactly(new TransferRequest.Style("file:" + scratch + "/styles/wave.png", 1));
  }

  @Test
  void onlyAReplacedPhotoHasAnotherKey() throws IOException {
    Map<String, String> before = keys();
    assertThat(keys()).isEqualTo(before);
    String digest = open(source("night.jpg")).digest();
    Files.writeString(photos.resolve("b.jpg"), "other pixels");
    Files.setLastModifiedTime(photos.resolve("b.jpg"), THEN); // the size tells

    Map<String, String> after = keys();

    assertThat(after.remove("b.jpg")).isNotEqualTo(before.remove("b.jpg"));
    assertThat(after).isEqualTo(before).hasSize(2);
    assertThat(open(source("night.jpg")).digest()).isNotEqualTo(digest);
  }

  /** The keys by id. */
  private Map<String, String> keys() {
    Map<String, String> keys = new java.util.TreeMap<>();
    requests(source("night.jpg")).forEach(each -> keys.put(each.id(), each.key("weights")));
    return keys;
  }

  /** The key is that of a manifest with the same values. */
  @Test
  void aManifestRowIsTheSameRequest() throws IOException {
    Path manifest =
        Files.writeString(
            photos.resolve("rows.csv"),
            """
            content,content_version,style
            b.jpg,"modified=2026-01-02T03:04:05Z,bytes=6",night.jpg
            """);
    add(photos.resolve("night.jpg"));
    ManifestSource source =
        new ManifestSource(
            "file:" + photos, List.of("file:" + photos + "/night.jpg"), PhotoFilter.ALL);

    TransferRequest row =
        (TransferRequest) ManifestTest.outcomes(PlannedManifest.open(manifest)).get(0);
    assertThat(requests(source))
        .extracting(request -> request.key("weights"))
        .contains(row.key("weights"))
        .as("the style is no photo")
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "*.jpg | - | b.jpg",
        "2024/* | - | 2024/_DSC1.heic,2024/a b#1%.JPG",
        "{b,c}.*,*1%.JPG | - | 2024/a b#1%.JPG,b.jpg",
        "- | 2024/* | b.jpg",
        "*a*,b* | *.jpg | 2024/a b#1%.JPG",
      })
  void globsChoosePhotosByTheirPaths(String include, String exclude, String chosen) {
    PhotoFilter filter = new PhotoFilter(globs(include), globs(exclude));
    ManifestSource source =
        new ManifestSource(
            "file:" + photos, List.of("file:" + scratch + "/styles/night.jpg"), filter);

    assertThat(requests(source))
        .extracting(TransferRequest::id)
        .containsExactly(chosen.split(",", -1));
  }

  private static List<String> globs(String globs) {
    return globs == null ? List.of() : List.of(globs.split(",(?![^{]*})", -1));
  }

  @Test
  void anInvalidGlobIsRefused() {
    Problems problems = new Problems();
    new PhotoFilter(List.of("[a"), List.of("*", "{a")).check(problems);
    assertThat(problems.list())
        .extracting(Problems.Problem::where)
        .containsExactly("--include", "--exclude");
  }

  private ManifestSource source(String... styles) {
    return new ManifestSource(
        "file:" + photos,
        java.util.Arrays.stream(styles).map(name -> "file:" + scratch + "/styles/" + name).toList(),
        PhotoFilter.ALL);
  }

  private static List<TransferRequest> requests(ManifestSource source) {
    return ManifestTest.outcomes(open(source)).stream().map(TransferRequest.class::cast).toList();
  }

  private static ManifestTable open(ManifestSource source) {
    return ManifestTable.open(
        TestSpark.spark(), source, ManifestTest.config(), ManifestTest.NETWORKS);
  }
}
