package nst.job.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.record.Credits;
import nst.image.record.CreditsReader;
import nst.image.record.XmpPacket;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.record.ImageRecords;
import nst.storage.Uris;

/**
 * A C2PA manifest definition for a picture (C2PA specification 2.1; the format of c2patool and
 * c2pa-python). A signer embeds it. It says that an algorithm created the picture, from which
 * inputs, and who made the photo.
 */
final class ContentCredentials {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * The label of our own assertion. Labels that C2PA does not define begin with a reversed domain.
   */
  private static final String INPUTS = "io.github.nst.inputs";

  private ContentCredentials() {}

  /**
   * The definition for a picture.
   *
   * @param picture with its record
   * @param name the picture's file name
   * @param version of this program
   * @throws IllegalArgumentException if the picture has no record
   */
  static String of(byte[] picture, String name, String version) {
    TransferResult made =
        ImageRecords.of(picture)
            .orElseThrow(
                () -> new IllegalArgumentException("expected a picture with a record: " + name));
    ImageFormat format = FormatSniffer.sniff(picture);
    ObjectNode manifest = JSON.createObjectNode();
    manifest
        .putArray("claim_generator_info")
        .addObject()
        .put("name", "nst")
        .put("version", version);
    manifest.put("title", name);
    manifest.put("format", format == ImageFormat.PNG ? "image/png" : "image/jpeg");
    ArrayNode assertions = manifest.putArray("assertions");
    addCreation(assertion(assertions, "c2pa.actions.v2"), made, version);
    addInputs(assertion(assertions, INPUTS), made);
    addCredits(assertions, CreditsReader.of(picture, format));
    try {
      return JSON.writeValueAsString(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers can always be written", e);
    }
  }

  private static ObjectNode assertion(ArrayNode assertions, String label) {
    return assertions.addObject().put("label", label).putObject("data");
  }

  private static void addCreation(ObjectNode data, TransferResult made, String version) {
    ObjectNode action = data.putArray("actions").addObject();
    action.put("action", "c2pa.created");
    action.put("digitalSourceType", XmpPacket.DIGITAL_SOURCE_TYPE);
    action.putObject("softwareAgent").put("name", "nst").put("version", version);
    action.put("when", made.place().finishedAt().toString());
    action.put("description", "A photo was stylised with a painting (neural style transfer).");
  }

  /** The inputs with the digests of their bytes. The names are those that the record has. */
  private static void addInputs(ObjectNode data, TransferResult made) {
    TransferResult.Image image = made.image().orElseThrow();
    data.put("key", made.key());
    data.putObject("photo")
        .put("name", Uris.fileName(made.request().content()))
        .put("sha256", image.contentSha256());
    ArrayNode paintings = data.putArray("paintings");
    List<TransferRequest.Style> styles = made.request().styles();
    for (int i = 0; i < styles.size(); i++) {
      paintings
          .addObject()
          .put("name", Uris.fileName(styles.get(i).uri()))
          .put("sha256", image.styleSha256().get(i));
    }
  }

  private static void addCredits(ArrayNode assertions, Credits credits) {
    if (credits.equals(Credits.NONE)) {
      return;
    }
    ObjectNode work = assertion(assertions, "stds.schema-org.CreativeWork");
    work.put("@context", "https://schema.org").put("@type", "CreativeWork");
    if (!credits.creators().isEmpty()) {
      ArrayNode authors = work.putArray("author");
      credits
          .creators()
          .forEach(name -> authors.addObject().put("@type", "Person").put("name", name));
    }
    if (!credits.rights().isEmpty()) {
      work.put("copyrightNotice", credits.rights());
    }
  }
}
