"""Neural style transfer on Apache Spark."""
