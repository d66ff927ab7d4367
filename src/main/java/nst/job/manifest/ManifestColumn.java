package nst.job.manifest;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * A column of one file of a manifest.
 *
 * @param stored what Spark reads the file's bytes as
 * @param form how a stored value becomes a value of {@code type}
 * @param type what the column holds; {@code NullType} wherever every value is null, in nested
 *     fields too
 * @param exactAsDouble whether every value is also a double, so that nothing is lost beside a file
 *     that has doubles
 */
record ManifestColumn(String name, DataType stored, Form form, DataType type, boolean exactAsDouble)
    implements Serializable {

  /** How Parquet wrote values of types that Spark does not have. */
  enum Form {
    /** As Spark reads it. */
    PLAIN,
    /** 16 bytes; text afterwards. */
    UUID,
    /** Milliseconds since midnight; text afterwards. */
    TIME_MILLIS,
    /** Microseconds since midnight; text afterwards. */
    TIME_MICROS,
    /** Nanoseconds since midnight; text afterwards. */
    TIME_NANOS,
    /** Nanoseconds since 1970 in UTC; microseconds afterwards. */
    TIMESTAMP_NANOS,
    /** Nanoseconds since 1970 on a clock of no zone; microseconds afterwards. */
    LOCAL_TIMESTAMP_NANOS
  }
}
