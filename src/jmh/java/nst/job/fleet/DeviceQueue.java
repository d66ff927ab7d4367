package nst.job.fleet;

/**
 * The next event of each device, the earliest first; of simultaneous events, that of the device
 * with the lowest number. A device has at most one event. It is a binary heap of primitive values,
 * because a simulation has millions of events.
 */
final class DeviceQueue {
  private final int[] heap;
  private final double[] timeOf;
  private int size;

  DeviceQueue(int devices) {
    this.heap = new int[devices];
    this.timeOf = new double[devices];
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The time of a device's last event. */
  double time(int device) {
    return timeOf[device];
  }

  /** Adds the event of a device that has none. */
  void add(int device, double time) {
    timeOf[device] = time;
    int place = size++;
    while (place > 0 && isBefore(device, heap[(place - 1) / 2])) {
      heap[place] = heap[(place - 1) / 2];
      place = (place - 1) / 2;
    }
    heap[place] = device;
  }

  /** Removes the earliest event and returns its device. */
  int remove() {
    int first = heap[0];
    int last = heap[--size];
    int place = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], last)) {
        break;
      }
      heap[place] = heap[child];
      place = child;
      child = 2 * place + 1;
    }
    heap[place] = last;
    return first;
  }

  private boolean isBefore(int a, int b) {
    return timeOf[a] < timeOf[b] || (timeOf[a] == timeOf[b] && a < b);
  }
}
