package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrisTest {
  private static final String FOLDER = "s3a://bucket/catalogue";

  @Test
  void resolvesRelativeUrisAgainstTheFolder() {
    assertThat(Uris.resolve(FOLDER, "content/a photo.jpg"))
        .isEqualTo("s3a://bucket/catalogue/content/a photo.jpg");
    assertThat(Uris.resolve(FOLDER, "../other/./b.jpg")).isEqualTo("s3a://bucket/other/b.jpg");
    assertThat(Uris.resolve("file:/data", "x.png")).isEqualTo("file:/data/x.png");
  }

  @Test
  void keepsAbsoluteOnesAndReadsS3AsS3a() {
    assertThat(Uris.resolve(FOLDER, "s3://photos/1.jpg")).isEqualTo("s3a://photos/1.jpg");
    assertThat(Uris.resolve(FOLDER, "/data/1.jpg")).isEqualTo("file:/data/1.jpg");
    assertThat(Uris.resolve(FOLDER, "file:///data/1.jpg")).isEqualTo("file:/data/1.jpg");
  }

  @Test
  void neverClimbsAboveTheRoot() {
    assertThatThrownBy(() -> Uris.resolve(FOLDER, "../../../etc/passwd"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Uris.resolve(FOLDER, "a\u0000b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Uris.resolve(FOLDER, "a\nb"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://KEY:S3CR3T@bucket/x",
        "S3://S3CR3T@bucket/x",
        "s3a://KEY:S3/CR3T@bucket/x",
        "s3a:KEY:S3CR3T@bucket/x",
        "//KEY:S3CR3T@bucket/x",
        "file://me:S3CR3T@host/x",
        "hdfs://me:S3CR3T@host:8020/x",
        "s3a://bucket/x.jpg?X-Amz-Signature=S3CR3T",
        "x.jpg?Expires=1&Signature=S3CR3T&y=2",
        "/data/x.jpg?sig=S3CR3T",
        "x.jpg?TOKEN=S3CR3T"
      })
  void refusesCredentialsAndDoesNotRepeatThem(String uri) {
    assertThatThrownBy(() -> Uris.resolve(FOLDER, uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a URI without credentials")
        .message()
        .doesNotContain("S3CR3T", "CR3T", "X-Amz-Signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "photo@2x.jpg",
        "s3a://bucket/photo@2x.jpg",
        "s3a://bucket/what?.jpg",
        "s3a://bucket/a.jpg?versionId=3",
        "/holiday:2024/photo@2x.jpg",
        "file:///holiday:a/photo@2x.jpg",
        "hdfs://namenode:8020/photo@2x.jpg"
      })
  void takesSignsThatObjectNamesMayHold(String uri) {
    assertThat(Uris.resolve(FOLDER, uri)).endsWith(Uris.fileName(uri));
  }

  @Test
  void decodesOnlyWhatIsPercentEncoded() {
    assertThat(Uris.decoded("file:/a%20b/%C3%A9+.jpg")).hasValue("file:/a b/\u00e9+.jpg");
    assertThat(Uris.decoded("file:/a b.jpg")).isEmpty();
    assertThat(Uris.decoded("file:/50% off.jpg")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "file:/a/photo.jpg, photo",
    "s3a://b/two.parts.png, two.parts",
    "file:/a.b/plain, plain",
    "file:/a/.hidden, .hidden"
  })
  void theStemIsTheNameWithoutItsExtension(String uri, String stem) {
    assertThat(Uris.stem(uri)).isEqualTo(stem);
  }
}
