package nst.job.task;

import nst.model.TransferRequest;

/**
 * A row that a task has to make.
 *
 * @param key names the picture
 * @param outputUri where the picture goes
 * @param predictedSeconds what the plan took it for
 */
record PlannedRow(TransferRequest request, String key, String outputUri, double predictedSeconds) {}
