package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import nst.model.LossSample;
import nst.model.TransferRequest.Style;
import nst.model.TransferResult.Image;
import nst.model.TransferResult.Timings;
import nst.model.knob.Layer;

/**
 * Maps records to JSON with Jackson. Fields have the names of the components in snake case and
 * their order. Unknown fields are ignored, so that a file of a later version can be read. A missing
 * field is an error, unless the component has a {@link JsonInclude}; then it is read as empty.
 */
public final class Json {
  /** For journal lines and the records in images. */
  private static final ObjectMapper LINES = mapper();

  /** For the files of a run, which people read too. */
  private static final ObjectMapper FILES =
      LINES
          .copy()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addMixIn(Timings.class, StageNames.class);

  private Json() {}

  /** Indented text, for a file. */
  public static String file(Object value) {
    return write(FILES, value);
  }

  /** One line of text. */
  static String line(Object value) {
    return write(LINES, value);
  }

  /** The object that {@link #line} writes. */
  static ObjectNode tree(Object value) {
    return LINES.valueToTree(value);
  }

  /**
   * Reads the output of {@link #file}.
   *
   * @param what the kind of file, for the message
   * @throws IllegalArgumentException if the text is damaged, or a field is missing or invalid; the
   *     message says where
   */
  public static <T> T read(byte[] json, Class<T> type, String what) {
    String text = new String(json, StandardCharsets.UTF_8);
    return read(() -> FILES.readValue(text, type), what);
  }

  /** Reads the output of {@link #line}; throws as {@link #read(byte[], Class, String)} does. */
  static JsonNode read(String line, String what) {
    return read(() -> LINES.readTree(line), what);
  }

  /** Reads some fields of an object; throws as {@link #read(byte[], Class, String)} does. */
  static <T> T read(JsonNode object, Class<T> type, String what) {
    return read(() -> LINES.treeToValue(object, type), what);
  }

  private static <T> T read(Reading<T> reading, String what) {
    try {
      T value = reading.read();
      if (value == null) {
        throw new IllegalArgumentException("expected " + what + ", was null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected " + what + ": " + reason(e), e);
    }
  }

  /** A call of Jackson. */
  private interface Reading<T> {
    T read() throws JsonProcessingException;
  }

  /** Jackson's reason with the names of the fields and the line, but without a copy of the text. */
  private static String reason(JsonProcessingException e) {
    List<Reference> path = e instanceof JsonMappingException fault ? fault.getPath() : List.of();
    String fields =
        path.stream()
            .map(Reference::getFieldName)
            .filter(Objects::nonNull)
            .collect(Collectors.joining("."));
    JsonLocation at = e.getLocation();
    String line = at == null || at.getLineNr() < 1 ? "" : ", line " + at.getLineNr();
    return (fields.isEmpty() ? "" : fields + ": ") + e.getOriginalMessage() + line;
  }

  private static String write(ObjectMapper mapper, Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers can always be written", e);
    }
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .annotationIntrospector(new RequiredFields())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(
                new SimpleModule("nst")
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new StdDelegatingDeserializer<>(new ToTime())))
            .addMixIn(Layer.class, LayerName.class)
            .addMixIn(LossSample.class, SampleNames.class)
            .addMixIn(Image.class, ImageNames.class)
            .addMixIn(Style.class, StyleNames.class)
            .build();
    for (Class<?> type : List.of(String.class, List.class)) {
      mapper.configOverride(type).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }
    return mapper;
  }

  private static final class RequiredFields extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return !member.hasAnnotation(JsonInclude.class);
    }
  }

  private static final class ToTime extends StdConverter<String, Instant> {
    @Override
    public Instant convert(String text) {
      return Instant.parse(text);
    }
  }

  /** Rounds to three decimals. */
  static final class Thousandths extends StdConverter<Double, Double> {
    @Override
    public Double convert(Double value) {
      return Math.round(value * 1000) / 1000.0;
    }
  }

  // Jackson takes these annotations for the components of the same name in types of other packages.

  private record LayerName(@JsonValue String label) {}

  private record SampleNames(@JsonProperty("elapsed_ms") long elapsedMillis) {}

  private record StyleNames(
      @JsonInclude(Include.NON_EMPTY) String mask,
      @JsonInclude(Include.NON_EMPTY) String styleMask) {}

  private record ImageNames( // images of algorithm 2 have no warnings
      @JsonProperty("output_uri") String uri,
      @JsonProperty("output_sha256") String sha256,
      @JsonProperty("output_bytes") long bytes,
      @JsonInclude(Include.NON_NULL) LossSample saved,
      @JsonInclude(Include.NON_NULL) Double initialTotalLoss,
      @JsonInclude(Include.NON_EMPTY) String networkSha256,
      @JsonInclude List<String> inputWarnings) {}

  private record StageNames( // in a file, the name of the whole object contains the unit
      @JsonProperty("read") long readMs,
      @JsonProperty("decode") long decodeMs,
      @JsonProperty("optimize") long optimizeMs,
      @JsonProperty("encode") long encodeMs,
      @JsonProperty("write") long writeMs) {}
}
