package nst.record;

import java.util.Optional;
import nst.model.TransferRequest;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;

/**
 * A manifest row as the page shows it.
 *
 * @param id the user's name for it
 * @param key empty where the row was no request
 * @param failure where it failed
 * @param request as it took effect; empty where the row was no request
 * @param outputUri where its image is or would be
 */
public record ReportedRow(
    String id,
    Optional<String> key,
    Status status,
    Optional<Failure> failure,
    Optional<TransferRequest> request,
    Optional<String> outputUri) {}
