package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UriPolicyTest {

  @Test
  void allowsTheManifestsOwnBucketAndNoOther() {
    UriPolicy policy = UriPolicy.of("s3a://bucket/day/manifest.parquet", "");
    assertThat(policy.allows("s3a://bucket/photos/1.jpg")).isTrue();
    assertThat(policy.allows("s3a://bucket-of-others/1.jpg")).isFalse();
    assertThat(policy.allows("file:/etc/passwd")).isFalse();
  }

  @Test
  void allowsTheManifestsFolderAndWhatIsConfigured(@TempDir Path folder) {
    UriPolicy policy = UriPolicy.of("file:" + folder + "/m.parquet", " s3://photos/public , ");
    assertThat(policy.allows("file:" + folder + "/content/1.jpg")).isTrue();
    assertThat(policy.allows("s3a://photos/public/1.jpg")).isTrue();
    assertThat(policy.allows("s3a://photos/private/1.jpg")).isFalse();
    assertThat(policy.allows("s3a://photos/publicity/1.jpg")).isFalse();
    assertThat(policy.allows("file:/etc/passwd")).isFalse();
  }

  @Test
  void refusesSchemesThatReachElsewhere() {
    UriPolicy policy =
        new UriPolicy(java.util.List.of("http://169.254.169.254", "jar:file:/x", "ftp://h"));
    assertThat(policy.allows("http://169.254.169.254/latest/meta-data")).isFalse();
    assertThat(policy.allows("jar:file:/x/y")).isFalse();
    assertThat(policy.allows("ftp://h/x")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://b/x.jpg", "abfss://c@a.dfs.core.windows.net/x.jpg", "dbfs:/x.jpg"})
  void saysWhichSchemesCanBeRead(String typed, @TempDir Path folder) {
    UriPolicy policy = UriPolicy.of("file:" + folder + "/m.parquet", "");
    assertThat(policy.refusal(Uris.resolve("file:" + folder, typed), typed).orElseThrow())
        .startsWith("expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs, was ")
        .doesNotContain("allow more");
  }

  @Test
  void theErrorOfARelativePathWithAColonSaysHowToWriteIt(@TempDir Path folder) {
    UriPolicy policy = UriPolicy.of("file:" + folder + "/m.parquet", "");
    String absolute = Uris.resolve("file:" + folder, "shot:1.jpg");
    assertThat(policy.refusal(absolute, "shot:1.jpg").orElseThrow()).contains("with ./");
    assertThat(policy.allows(Uris.resolve("file:" + folder, "./shot:1.jpg"))).isTrue();
  }

  @Test
  void hintsAtPercentEncodingIfItIsTheReason(@TempDir Path folder) {
    UriPolicy policy = new UriPolicy(java.util.List.of("file:" + folder + "/my photos"));
    String encoded = "file:" + folder + "/my%20photos/a.jpg";
    assertThat(policy.refusal(encoded, encoded).orElseThrow())
        .contains("%20 is not a space", "add it to uri.allowed_prefixes");
    assertThat(policy.refusal("file:/etc/a%20b", "/etc/a%20b").orElseThrow())
        .doesNotContain("%20 is not a space");
  }

  @Test
  void followsLinksBeforeItJudges(@TempDir Path folder, @TempDir Path elsewhere)
      throws IOException {
    Path secret = Files.writeString(elsewhere.resolve("secret.jpg"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("innocent.jpg"), secret);
    UriPolicy policy = UriPolicy.of("file:" + folder + "/m.parquet", "");
    assertThat(policy.allows("file:" + link)).isFalse();
    Files.createSymbolicLink(folder.resolve("photos"), elsewhere);
    assertThat(policy.allows("file:" + folder + "/photos/secret.jpg")).isFalse();
    assertThat(policy.allows("file:" + folder + "/photos/not-there.jpg")).isFalse();
    assertThat(policy.allows("file:" + folder + "/not-there.jpg")).isTrue();
  }

  @Test
  void aFolderThatBecomesALinkLaterLeadsNowhereElse(@TempDir Path folder, @TempDir Path elsewhere)
      throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Files.writeString(photos.resolve("a.jpg"), "x");
    Files.writeString(elsewhere.resolve("a.jpg"), "x");
    UriPolicy policy = UriPolicy.of("file:" + photos + "/m.parquet", "");
    assertThat(policy.allows("file:" + photos + "/a.jpg")).isTrue();
    Files.move(photos, folder.resolve("moved"));
    Files.createSymbolicLink(photos, elsewhere);
    assertThat(policy.allows("file:" + photos + "/a.jpg")).isFalse();
  }

  @Test
  void aFolderThatIsALinkFromTheBeginningIsAllowed(@TempDir Path folder, @TempDir Path elsewhere)
      throws IOException {
    Files.writeString(elsewhere.resolve("a.jpg"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("catalogue"), elsewhere);
    UriPolicy policy = UriPolicy.of("file:" + link + "/m.parquet", "");
    assertThat(policy.allows("file:" + link + "/a.jpg")).isTrue();
    assertThat(policy.allows("file:" + link + "/not-there.jpg")).isTrue();
    assertThat(policy.allows("file:" + folder + "/other.jpg")).isFalse();
  }
}
