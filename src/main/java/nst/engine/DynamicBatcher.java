package nst.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import nst.engine.objective.BatchedObjective;
import nst.engine.objective.BatchedObjective.Point;
import nst.engine.objective.Evaluation;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.knob.Effect;
import nst.model.knob.Layer;

/**
 * Images of one shape that go through the network together, as dynamic batching does for inference.
 * Each keeps its own thread, optimiser, line search and end; only evaluations meet here, and the
 * last of them to arrive runs the pass for all. Nobody waits for an image that has not joined, is
 * done, or differs in shape.
 *
 * <p>A lone image is evaluated at once, in its own thread, with the same operations as without a
 * batcher. In a batch the last bits may differ from run to run: libtorch picks its kernels by the
 * size of the batch.
 */
final class DynamicBatcher {

  /**
   * What images must have in common to share a pass.
   *
   * @param features the knobs that affect {@link Effect#FEATURES}
   * @param layers the layers that a term reads
   * @param size the size at the current scale
   */
  record Kind(Map<Knob, Object> features, Set<Layer> layers, Size size) {

    /**
     * The kind of an image.
     *
     * @param hyperparameters for this network and device, without {@code auto}
     */
    static Kind of(Hyperparameters hyperparameters, Size size) {
      return new Kind(hyperparameters.values(Effect.FEATURES), hyperparameters.layers(), size);
    }
  }

  private final int most;
  private final Map<Kind, List<Group>> groups = new HashMap<>();
  private long passes;

  /**
   * An empty batcher.
   *
   * @param most images that one pass may hold; 1: everybody travels alone
   */
  DynamicBatcher(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("expected at least 1 image in a pass, was " + most);
    }
    this.most = most;
  }

  /** Takes an image's place until it is closed. */
  synchronized Place join(Kind kind) {
    List<Group> ofKind = groups.computeIfAbsent(kind, any -> new ArrayList<>());
    Group group =
        ofKind.stream()
            .filter(open -> open.members < most)
            .findFirst()
            .orElseGet(
                () -> {
                  Group opened = new Group();
                  ofKind.add(opened);
                  return opened;
                });
    group.members++;
    return new Place(kind, group);
  }

  private synchronized void leave(Kind kind, Group group) {
    group.members--;
    if (group.members == 0) {
      List<Group> ofKind = groups.get(kind);
      ofKind.remove(group);
      if (ofKind.isEmpty()) {
        groups.remove(kind);
      }
    }
    notifyAll(); // those who wait may be complete without this one
  }

  /** How often the network was run. */
  synchronized long passes() {
    return passes;
  }

  /** The images of one kind. All fields are guarded by the batcher. */
  private static final class Group {
    private int members;
    private final List<Ticket> waiting = new ArrayList<>();

    boolean isComplete() {
      return !waiting.isEmpty() && waiting.size() >= members;
    }
  }

  /** An evaluation that was asked for, and what became of it. */
  private static final class Ticket {
    private final Point point;
    private Optional<Evaluation> evaluation = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();

    Ticket(Point point) {
      this.point = point;
    }

    boolean isDone() {
      return evaluation.isPresent() || failure.isPresent();
    }
  }

  /** An image's place in the batcher. */
  final class Place implements AutoCloseable {
    private final Kind kind;
    private final Group group;

    private Place(Kind kind, Group group) {
      this.kind = kind;
      this.group = group;
    }

    /**
     * Terms and gradient, when all that travel with this image have asked for theirs.
     *
     * @throws CancellationException if the thread is interrupted while it waits; it stays so
     */
    Evaluation evaluate(Point point) {
      Ticket ticket = new Ticket(point);
      List<Ticket> mine = ticketsToServe(group, ticket);
      if (!mine.isEmpty()) {
        serve(mine);
      }
      if (ticket.failure.isPresent()) {
        throw ticket.failure.get();
      }
      return ticket.evaluation.orElseThrow();
    }

    @Override
    public void close() {
      leave(kind, group);
    }
  }

  /** Waits; returns what this thread has to run, which is nothing where another ran it. */
  private synchronized List<Ticket> ticketsToServe(Group group, Ticket ticket) {
    group.waiting.add(ticket);
    while (!ticket.isDone()) {
      if (group.waiting.contains(ticket) && group.isComplete()) {
        List<Ticket> all = List.copyOf(group.waiting);
        group.waiting.clear();
        return all;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        if (group.waiting.remove(ticket)) {
          throw new CancellationException("Interrupted while waiting for its batch");
        }
        awaitUninterrupted(ticket); // another thread holds its tensors
      }
    }
    return List.of();
  }

  private synchronized void awaitUninterrupted(Ticket ticket) {
    boolean interrupted = false;
    while (!ticket.isDone()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(List<Ticket> tickets) {
    try {
      deliver(
          tickets,
          BatchedObjective.evaluate(tickets.stream().map(ticket -> ticket.point).toList()));
    } catch (RuntimeException e) {
      if (tickets.size() == 1) {
        fail(tickets.get(0), e);
      } else { // no memory for all at once, or one of them is to blame: each on its own
        tickets.forEach(ticket -> serve(List.of(ticket)));
      }
    }
  }

  private synchronized void deliver(List<Ticket> tickets, List<Evaluation> evaluations) {
    passes++;
    for (int i = 0; i < tickets.size(); i++) {
      tickets.get(i).evaluation = Optional.of(evaluations.get(i));
    }
    notifyAll();
  }

  private synchronized void fail(Ticket ticket, RuntimeException failure) {
    ticket.failure = Optional.of(failure);
    notifyAll();
  }
}
