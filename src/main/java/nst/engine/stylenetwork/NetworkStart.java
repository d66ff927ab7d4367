package nst.engine.stylenetwork;

import java.util.List;

/**
 * What an optimisation with {@code init=network} starts from: a style network and a blend of its
 * looks.
 *
 * @param sha256 of the bytes of the network's file
 * @param blend the share of each look of the network; the shares add up to 1
 */
public record NetworkStart(StyleNetworkFile file, String sha256, List<Double> blend) {
  public NetworkStart {
    blend = List.copyOf(blend);
    if (blend.size() != file.looks()) {
      throw new IllegalArgumentException(
          "expected " + file.looks() + " shares, one for each look, was " + blend.size());
    }
  }

  float[] shares() {
    float[] shares = new float[blend.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = blend.get(i).floatValue();
    }
    return shares;
  }
}
