package nst.job.manifest;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * A column of one file of a manifest.
 *
 * @param stored the type that Spark reads from the file
 * @param form how a stored value is converted to {@code type}
 * @param type the type of the column; {@code NullType} if all values are null, also for nested
 *     fields
 * @param exactAsDouble whether every value can be represented as a double, so that the column can
 *     be combined with a column of doubles
 */
record ManifestColumn(String name, DataType stored, Form form, DataType type, boolean exactAsDouble)
    implements Serializable {

  /** How values are stored if Spark does not have their type. */
  enum Form {
    /** The value that Spark reads. */
    PLAIN,
    /** 16 bytes, converted to text. */
    UUID,
    /** Milliseconds since midnight, converted to text. */
    TIME_MILLIS,
    /** Microseconds since midnight, converted to text. */
    TIME_MICROS,
    /** Nanoseconds since midnight, converted to text. */
    TIME_NANOS,
    /** Nanoseconds since 1970 in UTC, converted to microseconds. */
    TIMESTAMP_NANOS,
    /** Nanoseconds since 1970 without a time zone, converted to microseconds. */
    LOCAL_TIMESTAMP_NANOS
  }
}
