package nst.job.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.source.Cell.Kind;
import nst.model.text.ShortText;

/** Reads JSON lines: one object on each line, whose names are columns. */
final class JsonRecords implements TextRecords {
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(new JsonNodeFactory(true));

  private final BufferedReader in;
  private long line;

  JsonRecords(InputStream in) throws IOException {
    this.in = TextRecords.utf8(in);
  }

  @Override
  public List<String> header() {
    return List.of();
  }

  @Override
  public Optional<TextRecord> next() throws IOException, InvalidTableException {
    StringBuilder text = new StringBuilder();
    int next = in.read();
    while (next != -1) {
      if (next == '\n') {
        line++;
        if (!text.toString().isBlank()) {
          return Optional.of(record(text.toString()));
        }
        text.setLength(0);
      } else {
        text.append((char) next);
        if (text.length() > MAX_LENGTH) {
          throw new InvalidTableException(
              "line "
                  + (line + 1)
                  + ": expected a line of at most "
                  + MAX_LENGTH
                  + " characters, with one JSON object");
        }
      }
      next = in.read();
    }
    line++;
    return text.toString().isBlank() ? Optional.empty() : Optional.of(record(text.toString()));
  }

  private TextRecord record(String text) throws IOException {
    if (text.indexOf(NOT_UTF8) >= 0) {
      return TextRecord.unreadable(line, EXPECTED_UTF8);
    }
    JsonNode node;
    try (JsonParser parser = JSON.createParser(text)) {
      node = JSON.readTree(parser);
      if (parser.nextToken() != null) {
        return TextRecord.unreadable(
            line,
            "expected one JSON object, found more at character "
                + parser.currentTokenLocation().getColumnNr());
      }
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null ? "" : " at character " + e.getLocation().getColumnNr();
      return TextRecord.unreadable(
          line,
          "expected one JSON object, but"
              + where
              + ": "
              + e.getOriginalMessage()
              + ", in "
              + ShortText.quoted(text.strip()));
    }
    if (!node.isObject()) {
      return TextRecord.unreadable(
          line, "expected one JSON object, was " + ShortText.quoted(text.strip()));
    }
    Map<String, Cell> cells = new LinkedHashMap<>();
    node.fields()
        .forEachRemaining(
            field -> {
              if (!field.getValue().isNull()) {
                cells.put(field.getKey(), cell(field.getValue()));
              }
            });
    return new TextRecord(line, cells, "");
  }

  private static Cell cell(JsonNode value) {
    if (value.isContainerNode()) {
      return new Cell(value.toString(), Kind.NESTED);
    }
    Kind kind = value.isNumber() ? Kind.NUMBER : value.isBoolean() ? Kind.BOOLEAN : Kind.TEXT;
    return new Cell(value.asText(), kind);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
