package nst.job.executor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import nst.concurrent.Threads;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ensures that a run or a training has only one driver. A file names the holder, who renews it. Two
 * drivers with the same run_id would each consider the other's rows as missing; two that train one
 * network would do the work twice.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 64 * 1024;

  /** The interval at which the holder renews the lease. */
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  /**
   * If the lease is not renewed for this time by our clock (four renewals), the holder counts as
   * dead.
   */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  /**
   * If the last renewal, by the holder's clock, is older than this, the holder counts as dead
   * without waiting. Clocks differ by less.
   */
  private static final Duration ANCIENT = Duration.ofMinutes(10);

  private static final ProcessIdentity OURS = ProcessIdentity.ours();

  /**
   * What a driver holds.
   *
   * @param uri the file that names the holder
   * @param work what another driver cannot do meanwhile: {@code start run_id=night}
   * @param advice what to do then
   */
  public record Claim(String uri, String work, String advice) {
    public static Claim of(OutputLayout run) {
      return new Claim(
          run.leaseFile(),
          "start run_id=" + run.runId(),
          "wait for it, or give this run another --run-id");
    }

    public static Claim of(NetworkLayout training) {
      return new Claim(
          training.leaseFile(),
          "train " + training.network(),
          "wait for it, because it writes the same network");
    }
  }

  private final ObjectStore store;
  private final String uri;
  private final Runnable lost;
  private final String token = UUID.randomUUID().toString();
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("lease"));

  private Optional<ScheduledFuture<?>> renewing = Optional.empty();

  private Lease(ObjectStore store, String uri, Runnable lost) {
    this.lost = lost;
    this.store = store;
    this.uri = uri;
  }

  /**
   * Returns when no living driver holds it, without changing the lease. If it is not certain that
   * the holder is dead, this waits until the lease has not been renewed for long enough.
   *
   * @throws JobFailedException if a living driver holds it; the message names it
   */
  public static void requireFree(ObjectStore store, Claim claim) {
    requireFree(store, claim, SILENCE);
  }

  /**
   * The same with another waiting time.
   *
   * @param silence the time without renewal after which a holder counts as dead
   */
  static void requireFree(ObjectStore store, Claim claim, Duration silence) {
    new Watch(store, claim, silence).untilFree();
  }

  /**
   * Takes the lease if it is free or its holder is dead.
   *
   * @param lost is called if another driver takes the lease later
   * @throws JobFailedException if a living driver holds it; the message names it
   */
  public static Lease acquire(ObjectStore store, Claim claim, Runnable lost) {
    return acquire(store, claim, lost, SILENCE);
  }

  /**
   * The same with another waiting time.
   *
   * @param silence the time without renewal after which a holder counts as dead
   */
  static Lease acquire(ObjectStore store, Claim claim, Runnable lost, Duration silence) {
    Watch watch = new Watch(store, claim, silence);
    Lease lease = new Lease(store, claim.uri(), lost);
    while (!store.create(lease.uri, lease.text())) {
      LOG.info("Taking over the lease of {}", watch.untilFree());
      store.delete(lease.uri);
    }
    JsonNode holder = holder(store, lease.uri);
    if (!holder.path("token").asText().equals(lease.token)) {
      throw held(holder, claim); // both drivers created it; the later writer has it
    }
    lease.renewing =
        Optional.of(
            lease.renewal.scheduleAtFixedRate(
                lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS));
    return lease;
  }

  /** Watches a lease that another driver holds or held. */
  private record Watch(ObjectStore store, Claim claim, Duration silence) {

    /** Returns the last holder when it is dead or has released the lease. */
    JsonNode untilFree() {
      JsonNode holder = holder(store, claim.uri());
      long start = System.nanoTime();
      while (!isOver(holder) && System.nanoTime() - start < silence.toNanos()) {
        try {
          Thread.sleep(Math.min(500, silence.toMillis()));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw held(holder, claim);
        }
        JsonNode now = holder(store, claim.uri());
        if (!now.isEmpty() && !now.equals(holder)) {
          throw held(now, claim); // it has renewed the lease
        }
        holder = now;
      }
      return holder;
    }

    private static boolean isOver(JsonNode holder) {
      if (holder.isEmpty()) {
        return true;
      }
      ProcessIdentity process =
          new ProcessIdentity(
              holder.path("host").asText(),
              holder.path("boot").asText(),
              holder.path("pid_namespace").asText(),
              holder.path("pid").asLong());
      return process.isGone(OURS)
          || Instant.parse(holder.path("renewed_at").asText())
              .plus(ANCIENT)
              .isBefore(Instant.now());
    }
  }

  private static JobFailedException held(JsonNode holder, Claim claim) {
    return new JobFailedException(
        "Cannot "
            + claim.work()
            + ": process "
            + holder.path("pid").asText()
            + " on "
            + holder.path("host").asText()
            + " holds it since "
            + holder.path("since").asText()
            + "; "
            + claim.advice());
  }

  private static JsonNode holder(ObjectStore store, String uri) {
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
      if (holder(store, uri).path("token").asText().equals(token)) {
        store.write(uri, text());
      } else {
        LOG.error("Lost the lease {}: another driver considered this one dead", uri);
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
                  .put("host", OURS.host())
                  .put("boot", OURS.boot())
                  .put("pid_namespace", OURS.pidNamespace())
                  .put("pid", OURS.pid())
                  .put("token", token)
                  .put("since", since.toString())
                  .put("renewed_at", Instant.now().toString()))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text can always be written", e);
    }
  }

  @Override
  public void close() {
    renewing.ifPresent(future -> future.cancel(false));
    renewal.shutdownNow();
    if (holder(store, uri).path("token").asText().equals(token)) {
      store.delete(uri);
    }
  }
}
