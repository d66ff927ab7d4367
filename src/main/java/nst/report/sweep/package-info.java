/**
 * The rows of a run as a sweep: the axes in which they differ, the Pareto front of their terms, and
 * the next grid worth running. It is arithmetic on rows and does not access storage.
 */
package nst.report.sweep;
