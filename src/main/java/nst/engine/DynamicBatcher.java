package nst.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import nst.engine.objective.BatchedObjective;
import nst.engine.objective.Evaluation;
import nst.engine.objective.Point;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.knob.Effect;
import nst.model.knob.Layer;

/**
 * Evaluates images of the same shape in one pass through the network, like dynamic batching for
 * inference. Each image has its own thread, optimiser, line search and end; only the evaluations
 * are combined. The last thread of a batch that asks for an evaluation runs the pass for all. A
 * thread does not wait for images that have not joined, are done, or have another shape.
 *
 * <p>A single image is evaluated immediately in its own thread, with the same operations as without
 * a batcher. In a batch, the last bits may differ between runs, because libtorch selects kernels by
 * the size of the batch.
 */
final class DynamicBatcher {

  /**
   * The properties that images must share to be evaluated in one pass.
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
   * Creates an empty batcher.
   *
   * @param most the largest number of images in one pass; with 1, each image is evaluated alone
   */
  DynamicBatcher(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("expected at least 1 image in a pass, was " + most);
    }
    this.most = most;
  }

  /** Adds an image to the batcher until the returned place is closed. */
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
    notifyAll(); // a waiting batch may be complete without this image
  }

  /** The number of passes through the network. */
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

  /** A requested evaluation and its result. */
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
     * Returns the terms and the gradient. Waits until all images of the batch have asked for
     * theirs.
     *
     * @throws CancellationException if the thread is interrupted while it waits; its interrupt
     *     status stays set
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

  /** Waits. Returns the evaluations that this thread must run; none if another thread ran them. */
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
      } else { // too little memory, or one image fails: evaluate each image alone
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
