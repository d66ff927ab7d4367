package nst;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the resources in the jars. */
class JarsIT {

  @ParameterizedTest
  @ValueSource(strings = {"target/nst.jar", "target/nst-cluster.jar"})
  void holdLicences(String path) throws IOException {
    try (JarFile jar = new JarFile(path)) {
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
      assertThat(text(jar, "META-INF/NOTICE"))
          .contains("CC BY 4.0", "TwelveMonkeys", "Harald Kuhr", "FreeMarker", "libwebp");
      assertThat(text(jar, "META-INF/THIRD-PARTY.txt"))
          .contains(
              "ai.djl:api:",
              "com.twelvemonkeys.imageio:imageio-jpeg:",
              "io.github.darkxanter:webp-imageio:",
              "spark-core_2.12");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "target/nst-cluster.jar")
  void holdNativesForOnlyOnePlatform(String path) throws IOException {
    try (JarFile jar = new JarFile(path)) {
      List<String> natives =
          Collections.list(jar.entries()).stream()
              .map(ZipEntry::getName)
              .filter(name -> name.matches(".*\\.(so|a|dll|dylib|jnilib)"))
              .toList();
      assertThat(natives)
          .containsExactlyInAnyOrder(
              "com/sun/jna/linux-x86-64/libjnidispatch.so",
              "native/Linux/x86_64/libwebp-imageio.so");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"target/nst.jar", "target/nst-cluster.jar"})
  void holdTheStageForPythonButNotSpark(String path) throws IOException {
    try (JarFile jar = new JarFile(path)) {
      List<String> names = Collections.list(jar.entries()).stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .contains("nst/__init__.py", "nst/spark/__init__.py", "nst/spark/NstTransformer.class")
          .noneMatch(name -> name.startsWith("org/apache/spark/"));
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as(name + " in " + jar.getName()).isNotNull();
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
