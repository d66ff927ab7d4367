package nst.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import nst.engine.network.Architecture;
import nst.engine.network.Architecture.Convolution;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * A trained network that its publisher offers for download.
 *
 * @param name of the network: {@code vgg19}
 * @param uri of the file of {@code torch.save}
 * @param bytes the length of the file
 * @param sha256 the digest of the file
 * @param tensors the tensors of the file that style transfer needs, with their shapes
 * @param licence what is known about author, source and licence
 */
public record PublishedNetwork(
    String name,
    URI uri,
    long bytes,
    String sha256,
    SortedMap<String, List<Long>> tensors,
    String licence) {

  /** torchvision's VGG19. The first digits of the digest are in the name of the file. */
  public static PublishedNetwork vgg19() {
    SortedMap<String, List<Long>> tensors = new TreeMap<>();
    for (Convolution convolution : Architecture.of(Backbone.VGG19).convolutions()) {
      tensors.put(convolution.weight(), LongStream.of(convolution.shape()).boxed().toList());
      tensors.put(convolution.bias(), List.of((long) convolution.outChannels()));
    }
    return new PublishedNetwork(
        "vgg19",
        URI.create("https://download.pytorch.org/models/vgg19-dcbb9e9d.pth"),
        574_673_361,
        "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
        tensors,
        licence("vgg19.LICENSE.txt"));
  }

  private static String licence(String resource) {
    try (InputStream in = PublishedNetwork.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name of the file at its publisher. */
  String fileName() {
    return uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
  }
}
