package nst.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cannot read s3a://AKIA:x/y+z@bucket/k: denied | Cannot read s3a://bucket/k: denied",
        "https://me@host/p and s3://a:b@c/d, twice | https://host/p and s3://c/d, twice",
        "s3a://AKIA:12/34@bucket/k | s3a://bucket/k",
        "s3a://AKIA%3Ax%40bucket/k | s3a://bucket/k",
        "s3a:AKIA:x@bucket/k | s3a:bucket/k",
        "was //me:x@host/p | was //host/p",
        "s3a://a:b@c:d@bucket/k | s3a://bucket/k",
        "s3a://b/k?X-Amz-Date=1&X-Amz-Signature=ab%2F&y=2 was refused | s3a://b/k?... was refused",
        "http://h/p#access_token=ab | http://h/p?...",
        "a.jpg?SIG=ab | a.jpg?...",
        "X-Amz-Security-Token=ab | ...",
        "http://h/?u=http%3A%2F%2Fg%3Fsig%3Dab | http://h/?...",
        "wasbs://box:x@account/k | wasbs://account/k"
      })
  void takesCredentialsOutOfText(String text, String expected) {
    assertThat(Redactor.of(text)).isEqualTo(expected);
    assertThat(Redactor.isClean(text)).isFalse();
    assertThat(Redactor.isClean(expected)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "expected a number? was <b>#1</b> me@home.org s3a://bucket/a b@2x.jpg",
        "abfss://container@account.dfs.core.windows.net/k",
        "hdfs://namenode:8020/a@b",
        "file:/holiday:a/b@2x.jpg",
        "urn:photo:7@2x",
        "s3a://bucket/k?versionId=3",
        "sig= ",
        "design=blue, key=abc",
        "content_weight=0.5"
      })
  void leavesOtherTextAsItIs(String text) {
    assertThat(Redactor.of(text)).isEqualTo(text);
  }

  @Test
  void takesCredentialsOutOfTheCausesOfAStackTrace() {
    Throwable failure =
        new IllegalStateException(
            "outer", new IllegalArgumentException("inner s3a://AKIA:x1y2@bucket/k?sig=z9"));
    assertThat(Redactor.stackTrace(failure))
        .contains("outer", "inner s3a://bucket/k?...", "RedactorTest")
        .doesNotContain("x1y2", "z9");
  }
}
