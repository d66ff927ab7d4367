"""The transformer of nst for PySpark. The JVM needs nst-cluster.jar, and Python needs this package, which the jar contains."""

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer


class NstTransformer(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """Stylises the pictures of a column: a stage of a pipeline. docs/library.md describes the parameters.

    Each row keeps its columns and gets a picture and an error, of which one is None.

    >>> NstTransformer(inputCol="content", style="wave.jpg", options={"image_size": 512})
    """

    inputCol = Param(Params._dummy(), "inputCol", "the photos", TypeConverters.toString)
    inputCols = Param(Params._dummy(), "inputCols", "the six columns of an image", TypeConverters.toListString)
    outputCol = Param(Params._dummy(), "outputCol", "the new column of the pictures", TypeConverters.toString)
    errorCol = Param(Params._dummy(), "errorCol", "the new column of errors", TypeConverters.toString)
    metricsCol = Param(Params._dummy(), "metricsCol", "the new column of losses and times", TypeConverters.toString)
    outputType = Param(Params._dummy(), "outputType", "binary or image", TypeConverters.toString)
    style = Param(Params._dummy(), "style", "style images, which the driver reads", TypeConverters.toListString)
    styleCol = Param(Params._dummy(), "styleCol", "the style image of each row", TypeConverters.toString)
    knobCols = Param(Params._dummy(), "knobCols", "columns whose values override knobs", TypeConverters.toListString)
    options = Param(Params._dummy(), "options", "key=value for any knob or setting", TypeConverters.toListString)
    engine = Param(Params._dummy(), "engine", "the engine of DJL", TypeConverters.toString)
    modelUrl = Param(Params._dummy(), "modelUrl", "the network, as weights.path", TypeConverters.toString)
    batchSize = Param(Params._dummy(), "batchSize", "rows that a task holds together", TypeConverters.toInt)

    @keyword_only
    def __init__(
        self,
        *,
        inputCol=None,
        inputCols=None,
        outputCol=None,
        errorCol=None,
        metricsCol=None,
        outputType=None,
        style=None,
        styleCol=None,
        knobCols=None,
        options=None,
        engine=None,
        modelUrl=None,
        batchSize=None,
    ):
        super().__init__()
        self._java_obj = self._new_java_obj("nst.spark.NstTransformer", self.uid)
        self._set(**_converted(self._input_kwargs))

    @keyword_only
    def setParams(
        self,
        *,
        inputCol=None,
        inputCols=None,
        outputCol=None,
        errorCol=None,
        metricsCol=None,
        outputType=None,
        style=None,
        styleCol=None,
        knobCols=None,
        options=None,
        engine=None,
        modelUrl=None,
        batchSize=None,
    ):
        """Sets the parameters that are given, as the constructor does."""
        return self._set(**_converted(self._input_kwargs))


def _converted(values):
    """A style may be one text, and the options may be a dictionary."""
    values = dict(values)
    if isinstance(values.get("style"), str):
        values["style"] = [values["style"]]
    if isinstance(values.get("options"), dict):
        values["options"] = [f"{key}={value}" for key, value in values["options"].items()]
    return values
