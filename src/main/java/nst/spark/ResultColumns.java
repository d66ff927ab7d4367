package nst.spark;

import java.util.Optional;
import nst.model.LossSample;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns about a row's result, in addition to its picture. */
final class ResultColumns {
  /** Why a row has no picture. */
  static final StructType ERROR =
      new StructType()
          .add("code", DataTypes.StringType, false)
          .add("message", DataTypes.StringType, false);

  /** How a picture was made, with the names of the table {@code metrics}. */
  static final StructType METRICS =
      new StructType()
          .add("key", DataTypes.StringType, false)
          .add("width", DataTypes.IntegerType, false)
          .add("height", DataTypes.IntegerType, false)
          .add("iterations", DataTypes.IntegerType, false)
          .add("evaluations", DataTypes.IntegerType, false)
          .add("stop_reason", DataTypes.StringType, false)
          .add("total_loss", DataTypes.DoubleType)
          .add("content_loss", DataTypes.DoubleType)
          .add("style_loss", DataTypes.DoubleType)
          .add("tv_loss", DataTypes.DoubleType)
          .add("initial_total_loss", DataTypes.DoubleType)
          .add("precision", DataTypes.StringType, false)
          .add("device", DataTypes.StringType, false)
          .add("optimize_ms", DataTypes.LongType, false)
          .add("input_warnings", DataTypes.createArrayType(DataTypes.StringType, false), false);

  private ResultColumns() {}

  static Row error(Failure failure) {
    return RowFactory.create(failure.code().name(), failure.message());
  }

  static Row metrics(TransferResult result, TransferResult.Image image) {
    Optional<LossSample> saved = Optional.ofNullable(image.saved());
    return RowFactory.create(
        result.key(),
        image.width(),
        image.height(),
        image.iterations(),
        image.evaluations(),
        image.stopReason(),
        saved.map(LossSample::totalLoss).orElse(null),
        saved.map(LossSample::contentLoss).orElse(null),
        saved.map(LossSample::styleLoss).orElse(null),
        saved.map(LossSample::tvLoss).orElse(null),
        image.initialTotalLoss(),
        image.precision(),
        image.device(),
        result.timings().optimizeMs(),
        image.inputWarnings().toArray(String[]::new));
  }
}
