package nst.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;
import org.junit.jupiter.api.Test;

class RunLineTest {

  @Test
  void photosInTheManifestsFolderNeedNoOption() {
    List<String> refused =
        RunLine.refused("file:/a/m.parquet", List.of("file:/a", "file:/a/photos"), config("", ""));
    assertThat(refused).isEmpty();
    assertThat(
            RunLine.of(
                "file:/a/m.parquet", "file:/a/out", config("", ""), refused, Optional.empty()))
        .isEqualTo("./submit.sh run /a/m.parquet --output /a/out");
  }

  @Test
  void otherFoldersAreAllowedInAdditionToThoseOfTheConfiguration() {
    RunConfig config = config("file:/more", "conf/nst.conf");
    List<String> refused =
        RunLine.refused(
            "file:/a/m.parquet", List.of("file:/more/x", "file:/my photos", "s3a://b/c"), config);
    assertThat(refused).containsExactly("file:/my photos", "s3a://b/c");
    assertThat(
            RunLine.of(
                "file:/a/m.parquet",
                "file:/a/out",
                config,
                refused,
                Optional.of(Path.of("conf/nst.conf"))))
        .isEqualTo(
            "./submit.sh run /a/m.parquet --output /a/out --config conf/nst.conf"
                + " --uri-allowed-prefixes '/more,/my photos,s3a://b/c'");
  }

  @Test
  void settingsThatWereTypedAreRepeated() {
    RunConfig config = config("/more", "--uri-allowed-prefixes");
    assertThat(RunLine.of("file:/a/m.parquet", "s3a://b/o", config, List.of(), Optional.empty()))
        .isEqualTo(
            "./submit.sh run /a/m.parquet --output s3a://b/o --threads 4 --uri-allowed-prefixes /more");
  }

  private static RunConfig config(String allowed, String source) {
    Map<Setting, Object> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      settings.put(setting, setting.domain().parse(setting.defaultText()));
    }
    settings.put(Setting.ALLOWED_PREFIXES, allowed);
    settings.put(Setting.THREADS, 4L);
    return new RunConfig(
        settings,
        Preset.BALANCED,
        Map.of(),
        source.isEmpty()
            ? Map.of()
            : Map.of(
                Setting.ALLOWED_PREFIXES.key(),
                source,
                Setting.THREADS.key(),
                source.startsWith("--") ? "--set" : source));
  }
}
