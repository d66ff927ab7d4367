package nst;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the {@link ReferenceTables} to the documentation. After {@code mvn test-compile}: {@code
 * java -cp target/classes:target/test-classes nst.WriteReferenceTables}.
 */
public final class WriteReferenceTables {
  private WriteReferenceTables() {}

  public static void main(String[] args) throws IOException {
    replace("README.md", "presets", ReferenceTables.presets());
    replace("docs/manifest.md", "knobs", ReferenceTables.knobs());
    replace("docs/operations.md", "settings", ReferenceTables.settings());
    Files.writeString(Path.of("conf/nst.conf"), ReferenceTables.configuration());
  }

  private static void replace(String file, String name, String table) throws IOException {
    String old = Documentation.made(file, name);
    Files.writeString(Path.of(file), Documentation.text(file).replace(old, table));
  }
}
