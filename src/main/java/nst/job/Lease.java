package nst.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run to one driver: a file that says who holds it, renewed while the holder lives. Two
 * drivers with one run_id would each think the other's rows missing.
 */
final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 64 * 1024;

  /** How often the holder says that it lives. */
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  /** After so long a silence the holder is taken for dead: four renewals lost. */
  private static final Duration STALE = Duration.ofSeconds(45);

  private final ObjectStore store;
  private final String uri;
  private final Runnable lost;
  private final String token = UUID.randomUUID().toString();
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lease");
            thread.setDaemon(true);
            return thread;
          });

  private Optional<ScheduledFuture<?>> renewing = Optional.empty();

  private Lease(ObjectStore store, OutputLayout layout, Runnable lost) {
    this.lost = lost;
    this.store = store;
    this.uri = layout.leaseFile();
  }

  /**
   * Takes the run, from nobody or from a holder that is dead. Where the holder's death is not
   * certain this waits until it has been silent for long enough.
   *
   * @param lost what to do when another driver takes the run all the same
   * @throws JobFailedException where a living driver holds the run; says who
   */
  static Lease acquire(ObjectStore store, OutputLayout layout, Runnable lost) {
    Lease lease = new Lease(store, layout, lost);
    while (!store.create(lease.uri, lease.text())) {
      JsonNode holder = lease.holder();
      if (!lease.isDead(holder)) {
        lease.waitForSilence(holder, layout);
      }
      LOG.info("Taking over the lease of {}", holder);
      store.delete(lease.uri);
    }
    if (!lease.holder().path("token").asText().equals(lease.token)) {
      throw lease.held(lease.holder(), layout); // both believed to be first; the later writer won
    }
    lease.renewing =
        Optional.of(
            lease.renewal.scheduleAtFixedRate(
                lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS));
    return lease;
  }

  private void waitForSilence(JsonNode holder, OutputLayout layout) {
    String renewedAt = holder.path("renewed_at").asText();
    Instant end = Instant.now().plus(STALE);
    while (Instant.now().isBefore(end) && !isDead(holder)) {
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw held(holder, layout);
      }
      JsonNode now = holder();
      if (now.isEmpty()) {
        return; // given back
      }
      if (!now.path("renewed_at").asText().equals(renewedAt)) {
        throw held(now, layout);
      }
    }
  }

  private JobFailedException held(JsonNode holder, OutputLayout layout) {
    renewal.shutdownNow();
    return new JobFailedException(
        "Cannot start run_id="
            + layout.runId()
            + ": process "
            + holder.path("pid").asText()
            + " on "
            + holder.path("host").asText()
            + " holds it since "
            + holder.path("since").asText()
            + "; wait for it, or give this run another --run-id");
  }

  /** Certain only for a process of this machine. */
  private boolean isDead(JsonNode holder) {
    if (holder.isEmpty()) {
      return true;
    }
    boolean sameHost = holder.path("host").asText().equals(host());
    boolean gone = ProcessHandle.of(holder.path("pid").asLong()).isEmpty();
    boolean ours = holder.path("pid").asLong() == ProcessHandle.current().pid();
    return (sameHost && gone && !ours)
        || Instant.parse(holder.path("renewed_at").asText()).plus(STALE).isBefore(Instant.now());
  }

  private JsonNode holder() {
    try {
      return JSON.readTree(store.read(uri, MAX_BYTES));
    } catch (TransferException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return JSON.createObjectNode();
      }
      throw e;
    } catch (java.io.IOException e) {
      throw new JobFailedException("Cannot read the lease " + uri + ": " + e.getMessage(), e);
    }
  }

  private void renew() {
    try {
      if (holder().path("token").asText().equals(token)) {
        store.write(uri, text());
      } else {
        LOG.error("Lost the lease {}: somebody took this driver for dead", uri);
        lost.run();
      }
    } catch (RuntimeException e) {
      LOG.warn("Could not renew the lease {}; will try again", uri, e); // the next renewal is near
    }
  }

  private final Instant since = Instant.now();

  private byte[] text() {
    try {
      return JSON.writeValueAsString(
              JSON.createObjectNode()
                  .put("host", host())
                  .put("pid", ProcessHandle.current().pid())
                  .put("token", token)
                  .put("since", since.toString())
                  .put("renewed_at", Instant.now().toString()))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text always writes", e);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown-"
          + ProcessHandle.current().pid(); // never equal to another's: its death is never certain
    }
  }

  @Override
  public void close() {
    renewing.ifPresent(future -> future.cancel(false));
    renewal.shutdownNow();
    if (holder().path("token").asText().equals(token)) {
      store.delete(uri);
    }
  }
}
