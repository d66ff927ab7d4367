/**
 * The rows of a run's page as data for its script: columns of all rows, the outliers among them,
 * and the choice of rows with large pictures. Rows are added one after another and are not kept.
 */
package nst.report.row;
