package nst.job.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.manifest.Manifest;
import nst.job.manifest.ManifestRows;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.plan.NetworkChoice.Digest;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.OptimizerChoices.Init;
import nst.model.text.Sha256;
import nst.storage.HadoopObjectStore;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import nst.storage.TimedObjectStore;
import nst.storage.UriPolicy;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Reads what the choice of networks needs, in Spark jobs: the styles of the rows that name no
 * network, each once, and the recipes of the output's networks. It reads nothing if no row needs
 * it.
 */
final class NetworkSearch {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkSearch.class);

  /** The settings that a training and a run share and that its command must repeat. */
  private static final List<Setting> SHARED =
      List.of(
          Setting.DEVICE,
          Setting.WEIGHTS_PATH,
          Setting.WEIGHTS_SHA256,
          Setting.WEIGHTS_INPUT,
          Setting.WEIGHTS_ACTIVATION_SCALE,
          Setting.ALLOWED_PREFIXES);

  /** A task reads so many objects, which takes about a second. */
  private static final int OBJECTS_PER_TASK = 8;

  private final JavaSparkContext context;
  private final RunConfig config;
  private final Broadcast<SerializableConfiguration> hadoop;

  NetworkSearch(SparkSession spark, RunConfig config) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.config = config;
    this.hadoop =
        context.broadcast(
            new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  /**
   * What the rows of a manifest can choose from.
   *
   * @param output absolute URI
   */
  NetworkChoice in(String output, ManifestTable manifest, Networks features) {
    TrainCommandLine command = new TrainCommandLine(manifest.rules().uri(), output, settings());
    List<String> styles = mayBeOpen(manifest) ? styles(manifest) : List.of();
    return new NetworkChoice(
        features,
        styles.isEmpty() ? List.of() : trained(output),
        digests(styles, manifest.policy()),
        command);
  }

  /**
   * The networks that the output has for groups of rows.
   *
   * @param firsts a row of each group, by the group's id
   * @return the network of each group that has one
   */
  Map<String, String> networks(
      String output,
      Map<String, TransferRequest> firsts,
      ManifestTable manifest,
      Networks features) {
    List<TrainedNetwork> trained = trained(output);
    if (trained.isEmpty()) {
      return Map.of();
    }
    List<String> styles =
        firsts.values().stream()
            .flatMap(first -> first.styles().stream().map(TransferRequest.Style::uri))
            .distinct()
            .toList();
    NetworkChoice choice =
        new NetworkChoice(
            features,
            trained,
            digests(styles, manifest.policy()),
            new TrainCommandLine(manifest.rules().uri(), output, List.of()));
    Map<String, String> networks = new HashMap<>();
    firsts.forEach(
        (group, first) -> {
          try {
            choice.find(first).ifPresent(uri -> networks.put(group, uri));
          } catch (TransferException e) {
            LOG.info("The styles of a group cannot be read: {}", e.getMessage());
          }
        });
    return networks;
  }

  private List<String> settings() {
    List<String> options = new ArrayList<>();
    for (Setting setting : SHARED) {
      if (config.isSet(setting)) {
        options.addAll(List.of(setting.flag(), config.entries().get(setting.key()).value()));
      }
    }
    return options;
  }

  private boolean mayBeOpen(ManifestTable manifest) {
    return config.defaults().init() == Init.NETWORK
        || Arrays.asList(manifest.schema().fieldNames()).contains(Knob.INIT.key());
  }

  /** The URIs of the styles of all rows that name no network. */
  private List<String> styles(ManifestTable manifest) {
    Manifest rules = manifest.rules();
    ManifestRows.RowFunction ofRow = (row, number) -> styles(rules, row, number);
    Optional<List<Row>> few = manifest.rows().mapFew(ofRow);
    return few.isPresent()
        ? few.get().stream()
            .flatMap(row -> Arrays.stream((String[]) row.get(0)))
            .distinct()
            .toList()
        : manifest
            .rows()
            .map(ofRow)
            .flatMap(row -> Arrays.asList((String[]) row.get(0)).iterator())
            .distinct()
            .collect();
  }

  private static Row styles(Manifest rules, Row row, long number) {
    List<String> uris = new ArrayList<>();
    try {
      TransferRequest request = rules.request(row, number);
      if (NetworkChoice.isOpen(request.hyperparameters())) {
        request.styles().forEach(style -> uris.add(style.uri()));
      }
    } catch (RuntimeException e) {
      LOG.debug("Row {} has a fault, which the plan will report", number, e);
    }
    return RowFactory.create((Object) uris.toArray(new String[0]));
  }

  private Map<String, Digest> digests(List<String> uris, UriPolicy policy) {
    if (uris.isEmpty()) {
      return Map.of();
    }
    Broadcast<SerializableConfiguration> configuration = hadoop;
    RunConfig limits = config;
    Map<String, Digest> digests = new HashMap<>();
    distributed(uris)
        .mapToPair(
            uri ->
                new Tuple2<>(
                    uri,
                    digest(
                        HadoopObjectStore.within(policy, configuration.value().value()),
                        uri,
                        limits)))
        .collect()
        .forEach(read -> digests.put(read._1(), read._2()));
    return digests;
  }

  private JavaRDD<String> distributed(List<String> uris) {
    return context.parallelize(uris, (uris.size() + OBJECTS_PER_TASK - 1) / OBJECTS_PER_TASK);
  }

  private static Digest digest(ObjectStore store, String uri, RunConfig config) {
    try {
      return Digest.of(Sha256.hex(read(store, uri, config)));
    } catch (TransferException e) {
      if (e.code().isRetryable()) {
        throw e; // the run ends, and can be started again; the rows would stay failed
      }
      return Digest.unreadable(e.code(), e.getMessage());
    }
  }

  private static byte[] read(ObjectStore store, String uri, RunConfig config) {
    return new TimedObjectStore(store, config.seconds(Setting.OBJECT_SECONDS))
        .read(uri, config.whole(Setting.MAX_BYTES));
  }

  private List<TrainedNetwork> trained(String output) {
    List<String> uris = new ArrayList<>();
    Iterator<String> listed =
        new HadoopObjectStore(hadoop.value().value()).list(NetworkLayout.folder(output));
    while (listed.hasNext()) {
      NetworkLayout.key(listed.next())
          .ifPresent(key -> uris.add(new NetworkLayout(output, key).network()));
    }
    if (uris.isEmpty()) {
      return List.of();
    }
    Broadcast<SerializableConfiguration> configuration = hadoop;
    RunConfig limits = config;
    return distributed(uris)
        .map(uri -> trained(new HadoopObjectStore(configuration.value().value()), uri, limits))
        .filter(Optional::isPresent)
        .map(Optional::get)
        .collect();
  }

  private static Optional<TrainedNetwork> trained(ObjectStore store, String uri, RunConfig config) {
    byte[] bytes = read(store, uri, config);
    try {
      return Optional.of(TrainedNetwork.of(uri, bytes));
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is not used for rows that name no network: {}", uri, e.getMessage());
      return Optional.empty();
    }
  }
}
