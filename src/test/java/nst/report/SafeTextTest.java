package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void dropsTheQueryOfEveryUriInAText() {
    assertThat(
            SafeText.of("Cannot read s3a://b/k.jpg?X-Amz-Signature=1&y=2 and http://h/p#f, twice"))
        .isEqualTo("Cannot read s3a://b/k.jpg and http://h/p twice");
  }

  @Test
  void dropsUserInfo() {
    assertThat(SafeText.of("https://me:secret@host/p")).isEqualTo("https://host/p");
  }

  @Test
  void leavesOtherTextAsItIs() {
    String text = "expected a number? was <b>#1</b> me@home.org s3a://bucket/a b.jpg";
    assertThat(SafeText.of(text)).isEqualTo(text);
  }

  @Test
  void namesAUriByItsLastSegment() {
    assertThat(SafeText.name("s3a://bucket/photos/kitten.jpg?v=2")).isEqualTo("kitten.jpg");
    assertThat(SafeText.name("kitten.jpg")).isEqualTo("kitten.jpg");
    assertThat(SafeText.name("s3a://bucket/folder/")).isEqualTo("folder");
    assertThat(SafeText.name("/")).isEqualTo("");
  }
}
