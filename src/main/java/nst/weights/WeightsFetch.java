package nst.weights;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import nst.engine.network.NetworkWeights;
import nst.engine.network.SafetensorsEncoder;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.model.ErrorCode;
import nst.model.InvalidInputException;
import nst.model.TransferException;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * Downloads a published network and writes its convolutions as a safetensors file, with the licence
 * beside it. The file has the same bytes whichever way and server it came from.
 *
 * @param from the server's file: {@link PublishedNetwork#uri} or a copy of it
 * @param output the safetensors file to write
 * @param range whether the whole file is read, or only the ranges with the convolutions
 * @param expectedSha256 the digest of the safetensors file; empty if it is not checked
 */
public record WeightsFetch(
    PublishedNetwork network, URI from, Path output, Range range, String expectedSha256) {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** What is read of the server's file. */
  public enum Range {
    /** Everything; the digest of the file is checked. */
    WHOLE,
    /** Only the convolutions; the digest of the file cannot be checked. */
    FEATURES
  }

  /**
   * What was written.
   *
   * @param file the safetensors file
   * @param bytes its length
   * @param licence the text beside it
   * @param sha256 the digest of the safetensors file
   */
  public record Fetched(Path file, long bytes, Path licence, String sha256) {}

  /**
   * Checks an address that a user typed.
   *
   * @throws IllegalArgumentException if it is not one of HTTPS (or HTTP on this machine), or
   *     contains credentials
   */
  public static URI checked(String typed) {
    return HttpFile.checked(typed);
  }

  /** The number of bytes that are read of the server's file, nearly. */
  public long expectedBytes() {
    return range == Range.WHOLE
        ? network.bytes()
        : Float.BYTES * network.tensors().values().stream().mapToLong(WeightsFetch::length).sum();
  }

  /** The licence text beside the output. */
  public Path licence() {
    return output.resolveSibling(Uris.stem("/" + output.getFileName()) + ".LICENSE.txt");
  }

  /**
   * Downloads, converts and writes.
   *
   * @param store writes the two files
   * @param notes receives what a user should know while it goes on
   * @param bytesRead is kept at the bytes of the server's file that were read
   * @throws InvalidInputException if the server has another file, or does not send it
   * @throws TransferException IO_ERROR if the connection or the disk fails
   */
  public Fetched run(ObjectStore store, Consumer<String> notes, AtomicLong bytesRead) {
    return run(store, notes, bytesRead, Attempts.DEFAULT, TIMEOUT);
  }

  Fetched run(
      ObjectStore store,
      Consumer<String> notes,
      AtomicLong bytesRead,
      Attempts attempts,
      Duration timeout) {
    HttpFile file = new HttpFile(from, timeout);
    if (range == Range.FEATURES) {
      RemoteRanges remote = new RemoteRanges(file, attempts, notes, bytesRead);
      Download.requireSize(file, network, remote.size());
      return written(converted(file, remote), file, store);
    }
    Path part = output.resolveSibling(network.fileName() + ".part");
    createFolder(part.getParent());
    Download download = new Download(file, network, part, attempts, notes, bytesRead);
    download.run();
    Fetched fetched = written(converted(file, ByteSource.of(part)), file, store);
    download.delete();
    return fetched;
  }

  private static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new TransferException(
          ErrorCode.IO_ERROR, "Cannot make the folder " + folder + ": " + e, e);
    }
  }

  /** The safetensors file. */
  private byte[] converted(HttpFile file, ByteSource source) {
    try {
      StateDict dict = StateDict.of(source);
      SortedMap<String, Tensor> tensors = new TreeMap<>();
      for (Map.Entry<String, List<Long>> tensor : network.tensors().entrySet()) {
        String name = tensor.getKey();
        requireShape(dict, name, tensor.getValue());
        float[] values = dict.values(name, source);
        requireFinite(name, values);
        tensors.put(
            name,
            new Tensor(tensor.getValue().stream().mapToLong(Long::longValue).toArray(), values));
      }
      return SafetensorsEncoder.encoded(tensors, NetworkWeights.torchvisionMetadata());
    } catch (IllegalArgumentException e) {
      throw file.refused("not a file with " + network.name() + ": " + e.getMessage());
    } catch (IOException e) {
      throw new TransferException(
          ErrorCode.IO_ERROR, "Cannot read the download: " + e.getMessage(), e);
    }
  }

  private static void requireShape(StateDict dict, String name, List<Long> shape) {
    String found = dict.shape(name).map(List::toString).orElse("none");
    if (!found.equals(shape.toString())) {
      throw new IllegalArgumentException(
          "expected tensor " + name + " of shape " + shape + ", was " + found);
    }
  }

  private static void requireFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "expected finite values in tensor " + name + ", value " + i + " is " + values[i]);
      }
    }
  }

  private Fetched written(byte[] bytes, HttpFile file, ObjectStore store) {
    String sha256 = Sha256.hex(bytes);
    if (!expectedSha256.isEmpty() && !sha256.equals(expectedSha256)) {
      throw file.refused(
          "expected a result with sha256 "
              + expectedSha256
              + ", was "
              + sha256
              + ". Nothing was written");
    }
    store.write("file:" + licence(), recorded().getBytes(StandardCharsets.UTF_8));
    store.create("file:" + output, bytes);
    return new Fetched(output, bytes.length, licence(), sha256);
  }

  /** The licence text, with where this copy came from. */
  private String recorded() {
    return network.licence()
        + "\nObtained: from "
        + from
        + (range == Range.WHOLE
            ? ", with the sha256 above\n"
            : ", in ranges: the sha256 above was not checked\n");
  }

  private static long length(List<Long> shape) {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}
