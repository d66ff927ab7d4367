package nst.record;

import java.util.Optional;
import nst.model.TransferRequest;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;

/**
 * A manifest row for the page.
 *
 * @param id the id in the manifest
 * @param key empty if the row is not a valid request
 * @param failure empty if the row did not fail
 * @param request the request with the values that were used; empty if the row is not a valid
 *     request
 * @param outputUri the URI of the image, whether it exists or not
 */
public record ReportedRow(
    String id,
    Optional<String> key,
    Status status,
    Optional<Failure> failure,
    Optional<TransferRequest> request,
    Optional<String> outputUri) {}
