package nst.job.halving;

import java.util.Optional;

/**
 * The score of a row of a rung.
 *
 * @param id of the row
 * @param point the number of its point
 * @param pair its photo and painting
 * @param score the smaller the better; empty if the row has none
 * @param reason why it has none
 */
record RowScore(String id, int point, Object pair, Optional<Double> score, String reason) {}
