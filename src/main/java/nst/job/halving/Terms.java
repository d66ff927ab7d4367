package nst.job.halving;

/** The unweighted terms of a saved image, as in {@code metrics}. */
record Terms(double content, double style, double tv) {}
