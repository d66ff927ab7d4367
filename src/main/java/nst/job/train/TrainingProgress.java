package nst.job.train;

import java.io.Serializable;

/**
 * The message of a training about how far it is.
 *
 * @param step the number of steps so far
 * @param steps the number of all steps
 * @param loss the running mean of the training loss; NaN before the first step
 * @param heldOut the latest mean loss of the held-out photos
 * @param secondsLeft the remaining time; negative if unknown
 */
public record TrainingProgress(
    long step, long steps, double loss, double heldOut, double secondsLeft)
    implements Serializable {}
