package nst.job.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import nst.engine.network.ConfiguredFacts;
import nst.engine.network.NetworkWeights;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Backbone;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * The networks that a run may use, at most one for each backbone. {@code backbone=auto} selects the
 * first.
 */
public record Networks(List<Network> all) implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Networks {
    all = List.copyOf(all);
  }

  /**
   * Finds and checks the configured networks. The embedded VGG16 is always included, unless the
   * configuration names another VGG16.
   *
   * @param mode on a cluster, every file needs its digest
   * @throws InvalidInputException with all faults
   */
  public static Networks of(RunConfig config, ObjectStore store, ExecutionMode mode) {
    Problems problems = new Problems();
    List<Network> named = new ArrayList<>();
    List<String> sources = list(config.text(Setting.WEIGHTS_PATH));
    long files = sources.stream().filter(Networks::isFile).count();
    List<String> digests = perFile(config, Setting.WEIGHTS_SHA256, files, "", problems);
    List<String> inputs = perFile(config, Setting.WEIGHTS_INPUT, files, "auto", problems);
    List<String> scales =
        perFile(config, Setting.WEIGHTS_ACTIVATION_SCALE, files, "auto", problems);
    problems.throwIfAny();
    int file = 0;
    for (String source : sources) {
      if (source.equals(Network.EMBEDDED)) {
        named.add(Network.embedded());
      } else if (source.equals(Network.SEEDED)) {
        named.add(Network.seeded(Backbone.VGG19));
        named.add(Network.seeded(Backbone.VGG16));
        named.add(Network.seeded(Backbone.MOBILENET_V2));
      } else {
        String pinned = digests.get(file);
        try {
          ConfiguredFacts declared = ConfiguredFacts.parse(inputs.get(file), scales.get(file));
          named.add(opened(Uris.absolute(source), pinned, declared, store, mode));
        } catch (TransferException | IllegalArgumentException e) {
          problems.add(source, Setting.WEIGHTS_PATH.key(), e.getMessage());
        }
        file++;
      }
    }
    refuseTwice(named, problems);
    problems.throwIfAny();
    if (named.stream().noneMatch(network -> network.backbone() == Backbone.VGG16)) {
      named.add(Network.embedded());
    }
    Networks networks = new Networks(named);
    networks.requireConfiguredBackbone(config);
    return networks;
  }

  private static Network opened(
      String uri, String pinned, ConfiguredFacts declared, ObjectStore store, ExecutionMode mode) {
    NetworkWeights weights = WeightsFile.open(uri, pinned, declared, store);
    if (pinned.isEmpty() && mode == ExecutionMode.CLUSTER) {
      throw new IllegalArgumentException(
          "expected the file's digest in "
              + Setting.WEIGHTS_SHA256.key()
              + ", was none; it is "
              + weights.sha256());
    }
    return new Network(weights.backbone(), uri, weights.sha256(), weights.facts());
  }

  private static boolean isFile(String source) {
    return !source.equals(Network.EMBEDDED) && !source.equals(Network.SEEDED);
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** The value of a setting for each file, or {@code absent} for all files if it is not set. */
  private static List<String> perFile(
      RunConfig config, Setting setting, long files, String absent, Problems problems) {
    List<String> values = list(config.text(setting).toLowerCase(Locale.ROOT));
    if (values.size() == files) {
      return values;
    }
    boolean one = values.size() == 1 && values.get(0).equals(absent);
    if (values.isEmpty() || one) {
      return Collections.nCopies(Math.toIntExact(files), absent);
    }
    problems.add(
        "configuration",
        setting.key(),
        "expected "
            + files
            + " values, one for each file of "
            + Setting.WEIGHTS_PATH.key()
            + ", separated by commas, was "
            + values.size());
    return List.of();
  }

  private static void refuseTwice(List<Network> networks, Problems problems) {
    networks.stream()
        .collect(Collectors.groupingBy(Network::backbone))
        .forEach(
            (backbone, same) -> {
              if (same.size() > 1) {
                problems.add(
                    "configuration",
                    Setting.WEIGHTS_PATH.key(),
                    "expected one network for each backbone, found "
                        + same.stream().map(Network::name).collect(Collectors.joining(" and ")));
              }
            });
  }

  private void requireConfiguredBackbone(RunConfig config) {
    Backbone configured = config.defaults().backbone();
    if (find(configured).isEmpty()) {
      throw new InvalidInputException("configuration", "backbone", missing(configured));
    }
  }

  /** The network of a backbone; the first for {@link Backbone#AUTO}. */
  public Optional<Network> find(Backbone backbone) {
    return all.stream()
        .filter(network -> backbone == Backbone.AUTO || network.backbone() == backbone)
        .findFirst();
  }

  /**
   * The network of a backbone.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Network get(Backbone backbone) {
    return find(backbone).orElseThrow(() -> new IllegalArgumentException(missing(backbone)));
  }

  /** The message for a backbone without a network. */
  public String missing(Backbone backbone) {
    String wanted = backbone.name().toLowerCase(Locale.ROOT);
    return "expected one of "
        + all.stream().map(Network::name).collect(Collectors.joining(", "))
        + ", was "
        + wanted
        + ". Add a safetensors file of "
        + wanted
        + " to "
        + Setting.WEIGHTS_PATH.key();
  }

  /**
   * Text that is equal for equal networks. A plan is valid only for the networks that it was made
   * with.
   */
  public String identity() {
    return all.stream()
        .map(network -> network.label() + " " + network.identity())
        .collect(Collectors.joining(", "));
  }

  /** Serialises the networks to one line of JSON, for {@link #read}. */
  public String json() {
    ArrayNode nodes = JSON.createArrayNode();
    all.forEach(network -> nodes.add(network.json(JSON)));
    return nodes.toString();
  }

  public static Networks read(String json) {
    try {
      List<Network> networks = new ArrayList<>();
      JSON.readTree(json).forEach(node -> networks.add(Network.read(node)));
      return new Networks(networks);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected the networks of a run, was " + json, e);
    }
  }
}
