/**
 * The report page of a run. {@link nst.report.RunReport} contains everything that it shows, and
 * {@link nst.report.HtmlReport} renders it. The package does not access storage.
 */
package nst.report;
