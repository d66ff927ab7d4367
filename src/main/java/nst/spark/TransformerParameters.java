package nst.spark;

import java.util.List;
import java.util.Optional;

/**
 * The values of a transformer's parameters, not checked yet; {@link NstTransformer} describes them.
 *
 * @param inputCols one column, or six
 * @param style the style images of rows without their own
 */
record TransformerParameters(
    String uid,
    List<String> inputCols,
    String outputCol,
    String errorCol,
    String metricsCol,
    String outputType,
    List<String> style,
    Optional<String> styleCol,
    List<String> knobCols,
    List<String> options,
    String engine,
    Optional<String> modelUrl,
    int batchSize) {}
