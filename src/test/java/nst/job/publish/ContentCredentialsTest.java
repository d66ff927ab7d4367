package nst.job.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import nst.image.RgbImage;
import nst.image.codec.ImageEncoder;
import nst.image.codec.PixelWriter;
import nst.image.record.Credits;
import nst.image.record.ImageRecord;
import nst.job.RecordedPictures;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.record.ImageRecords;
import nst.record.ResultJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentCredentialsTest {
  private static final RgbImage GREY = new RgbImage(8, 8, new float[3 * 8 * 8]);

  @Test
  void saysWhatMadeThePictureAndFromWhat() throws IOException {
    byte[] picture = RecordedPictures.png(GREY);
    var made = ImageRecords.of(picture).orElseThrow();

    JsonNode manifest = manifest(picture, "a b.png");

    assertThat(manifest.get("title").asText()).isEqualTo("a b.png");
    assertThat(manifest.get("format").asText()).isEqualTo("image/png");
    assertThat(manifest.get("claim_generator_info"))
        .hasToString("[{\"name\":\"nst\",\"version\":\"1.2\"}]");
    JsonNode action = manifest.at("/assertions/0/data/actions/0");
    assertThat(action.get("action").asText()).isEqualTo("c2pa.created");
    assertThat(action.get("digitalSourceType").asText()).endsWith("/trainedAlgorithmicMedia");
    assertThat(action.get("when").asText()).isEqualTo(made.place().finishedAt().toString());
    JsonNode inputs = manifest.at("/assertions/1/data");
    assertThat(inputs.at("/photo/sha256").asText())
        .isEqualTo(made.image().orElseThrow().contentSha256());
    assertThat(inputs.get("paintings")).hasSameSizeAs(made.request().styles());
    assertThat(inputs.at("/paintings/0/sha256").asText())
        .isEqualTo(made.image().orElseThrow().styleSha256().get(0));
    assertThat(manifest.get("assertions")).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void theCreditsOfThePhotoAreRepeated(OutputFormat format) throws IOException {
    byte[] plain = RecordedPictures.png(GREY);
    ImageRecord record =
        new ImageRecord(
            ResultJson.write(ImageRecords.of(plain).orElseThrow()),
            Map.of(),
            new Credits(List.of("Zoë", "B"), "© 2026 <Z>"));
    byte[] picture = ImageEncoder.encode(GREY, format, 92, pixels -> record);

    JsonNode work = manifest(picture, "x").at("/assertions/2");

    assertThat(work.get("label").asText()).isEqualTo("stds.schema-org.CreativeWork");
    assertThat(work.at("/data/author/0/name").asText()).isEqualTo("Zoë");
    assertThat(work.at("/data/author/1/name").asText()).isEqualTo("B");
    assertThat(work.at("/data/copyrightNotice").asText()).isEqualTo("© 2026 <Z>");
  }

  @Test
  void refusesAPictureOfAnotherProgram() {
    byte[] picture = PixelWriter.png(GREY);
    assertThatThrownBy(() -> ContentCredentials.of(picture, "x.png", "1"))
        .hasMessage("expected a picture with a record: x.png");
  }

  private static JsonNode manifest(byte[] picture, String name) throws IOException {
    return new ObjectMapper().readTree(ContentCredentials.of(picture, name, "1.2"));
  }
}
