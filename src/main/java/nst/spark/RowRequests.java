package nst.spark;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.engine.sizing.Sizing;
import nst.engine.torch.DeviceName;
import nst.image.Size;
import nst.job.executor.MemoryLimit;
import nst.job.network.Networks;
import nst.job.network.Recipe;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.OptimizerChoices.Init;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;

/**
 * Makes the requests of rows.
 *
 * @param content the photo of a row
 * @param style the column of the style image of a row; at most one
 * @param styles the URIs of the style images of rows that have none, blended in equal parts
 * @param knobs the places of the columns of knobs in a row, and of the preset
 * @param policy the URIs that rows may read
 * @param memory refuses pictures that would not fit
 */
record RowRequests(
    PictureColumn content,
    List<PictureColumn> style,
    List<String> styles,
    Map<String, Integer> knobs,
    RunConfig config,
    Networks networks,
    UriPolicy policy,
    MemoryLimit memory)
    implements Serializable {
  /** The digits of a digest that stand for a photo without a name. */
  private static final int ID_DIGITS = 19;

  RowRequests {
    style = List.copyOf(style);
    styles = List.copyOf(styles);
    knobs = new TreeMap<>(knobs);
  }

  /**
   * The request of a row.
   *
   * @param objects receives the bytes that are in the row
   * @throws TransferException if the row cannot be computed
   */
  TransferRequest of(Row row, RowObjects objects) {
    String photo =
        content
            .uri(row, objects, policy)
            .orElseThrow(() -> invalid(content.name(), "expected a picture, was null"));
    List<String> paintings =
        style.stream()
            .flatMap(column -> column.uri(row, objects, policy).stream())
            .findFirst()
            .map(List::of)
            .orElse(styles);
    if (paintings.isEmpty()) {
      throw invalid(style.get(0).name(), "expected a picture, was null");
    }
    Recipe recipe = recipe(row);
    TransferRequest request =
        new TransferRequest(
            id(photo),
            photo,
            "",
            paintings.stream()
                .map(uri -> new TransferRequest.Style(uri, 1.0 / paintings.size()))
                .toList(),
            recipe.hyperparameters(),
            recipe.substitutedLayers());
    requireMemory(request);
    return request;
  }

  private static String id(String photo) {
    String name = Uris.fileName(photo);
    return photo.contains("/") ? name : name.substring(0, ID_DIGITS);
  }

  private Recipe recipe(Row row) {
    Hyperparameters base = config.defaults();
    EnumMap<Knob, Object> stated = new EnumMap<>(Knob.class);
    for (Map.Entry<String, Integer> column : knobs.entrySet()) {
      int place = column.getValue();
      if (row.isNullAt(place)) {
        continue;
      }
      Object value = value(row, place);
      Optional<Knob> knob = Knob.named(column.getKey());
      try {
        if (knob.isPresent()) {
          stated.put(knob.get(), knob.get().domain().parse(value));
        } else {
          base = preset(value.toString()).hyperparameters();
        }
      } catch (IllegalArgumentException e) {
        throw invalid(column.getKey(), e.getMessage());
      }
    }
    for (Knob knob : Knob.ofUris()) {
      stated.computeIfPresent(
          knob,
          (same, uri) ->
              same.isEmbedded(uri)
                  ? uri
                  : PictureColumn.absolute(knob.key(), uri.toString(), policy));
    }
    Problems problems = new Problems();
    Recipe recipe = Recipe.of(base, stated, networks, "row", problems);
    if (recipe.hyperparameters().init() == Init.NETWORK
        && recipe.hyperparameters().network().isEmpty()) {
      problems.add("row", Knob.NETWORK.key(), "expected a URI with init=network, was none");
    }
    if (!problems.isEmpty()) {
      throw new TransferException(
          ErrorCode.INVALID_PARAMETER,
          problems.list().stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
    return recipe;
  }

  private static Preset preset(String name) {
    return Preset.named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of " + String.join(", ", Preset.labels()) + ", was " + name));
  }

  /** The value of a column, with Java collections. */
  private static Object value(Row row, int place) {
    DataType type = row.schema().fields()[place].dataType();
    if (type instanceof ArrayType) {
      return row.getList(place);
    }
    return type instanceof MapType ? row.getJavaMap(place) : row.get(place);
  }

  /** Refuses a picture of a size that a task has no memory for, like the plan of a run. */
  private void requireMemory(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    DeviceName device =
        switch (config.device()) {
          case CPU -> DeviceName.CPU;
          case GPU -> DeviceName.parse("gpu:0");
        };
    Size size = Sizing.working(Sizing.UNKNOWN_CONTENT, h);
    memory.require(request, size, memory.needed(size, Sizing.precision(h, device), h));
  }

  private static TransferException invalid(String column, String words) {
    return new TransferException(ErrorCode.INVALID_PARAMETER, "Invalid " + column + ": " + words);
  }
}
