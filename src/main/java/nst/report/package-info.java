/**
 * The page of a run: {@link nst.report.RunReport} is everything that it shows, {@link
 * nst.report.HtmlReport} makes the page of it. Reads and writes nothing.
 */
package nst.report;
