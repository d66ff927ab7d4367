package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UrisTest {
  private static final String FOLDER = "s3a://bucket/catalogue";

  @Test
  void hangsRelativeUrisFromTheFolder() {
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

  @Test
  void hidesSignaturesAndPasswords() {
    assertThat(Uris.withoutSecrets("https://u:secret@h/x?X-Amz-Signature=abc"))
        .doesNotContain("secret", "abc");
    assertThat(Uris.withoutSecrets("s3a://b/me@home.jpg")).isEqualTo("s3a://b/me@home.jpg");
    assertThat(Uris.withoutSecrets("https://h/x?a\nb=secret")).isEqualTo("https://h/x?...");
  }

  @Test
  void decodesOnlyWhatIsPercentEncoded() {
    assertThat(Uris.decoded("file:/a%20b/%C3%A9+.jpg")).hasValue("file:/a b/\u00e9+.jpg");
    assertThat(Uris.decoded("file:/a b.jpg")).isEmpty();
    assertThat(Uris.decoded("file:/50% off.jpg")).isEmpty();
  }
}
