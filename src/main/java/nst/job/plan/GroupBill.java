package nst.job.plan;

import java.util.Optional;
import nst.job.cost.Amortization;
import nst.model.TransferRequest;

/**
 * A group of rows that share their styles and their objective, with the costs of both ways to make
 * them.
 *
 * @param id equal for rows of the group
 * @param first its first row, as the manifest asks for it
 * @param network the network that the output has for the group
 */
public record GroupBill(
    String id, TransferRequest first, Amortization costs, Optional<String> network) {}
