package nst.job.task;

import nst.model.TransferRequest;

/**
 * A row that a task has to compute.
 *
 * @param key the key of the image
 * @param outputUri the URI where the image is written
 * @param predictedSeconds the device time predicted by the plan
 */
record PlannedRow(TransferRequest request, String key, String outputUri, double predictedSeconds) {}
