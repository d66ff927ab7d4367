package nst.report.row;

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
  void dropsAQueryThatLooksLikeUserInfoAndAllOfAPasswordWithAnAt() {
    assertThat(SafeText.of("https://host?mail=a@b")).isEqualTo("https://host");
    assertThat(SafeText.of("https://me:p@ss@host/p and more")).isEqualTo("https://host/p and more");
  }

  @Test
  void cutsWhatIsLongAfterItIsSafe() {
    String secret = "https://me:" + "y".repeat(4_000) + "@host/";
    assertThat(SafeText.of(secret)).isEqualTo("https://host/");
    String letters = "y".repeat(2_000_000); // with quadratic time this would take hours
    assertThat(SafeText.of(letters)).hasSize(SafeText.SHOWN).endsWith("y... (2000000 characters)");
    assertThat(SafeText.name("/".repeat(2_000_000) + "x")).isNotEmpty();
    assertThat(SafeText.of("a:///".repeat(400_000))).hasSize(SafeText.SHOWN);
    assertThat(SafeText.of("://".repeat(400_000))).hasSize(SafeText.SHOWN);
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
