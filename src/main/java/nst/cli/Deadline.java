package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import nst.job.cost.BatchSchedule;
import nst.model.InvalidInputException;

/**
 * The time by which a run is to be over.
 *
 * @param time when
 * @param left the time from now until then
 */
record Deadline(OffsetDateTime time, Duration left) {
  private static final String OPTION = "--by";

  /**
   * Parses a time of day, which means the next one in the offset of {@code now}, or a date and time
   * with an offset.
   *
   * @throws InvalidInputException if it is neither, or if it is over
   */
  static Deadline parse(String text, OffsetDateTime now) {
    OffsetDateTime time;
    try {
      time = text.contains("T") ? OffsetDateTime.parse(text) : next(LocalTime.parse(text), now);
    } catch (DateTimeParseException e) {
      throw new InvalidInputException(
          OPTION, "", "expected a time such as 06:00 or 2026-12-01T06:00+01:00, was " + text);
    }
    Duration left = Duration.between(now, time);
    if (left.isNegative()) {
      throw new InvalidInputException(OPTION, "", "expected a time in the future, was " + text);
    }
    return new Deadline(time, left);
  }

  private static OffsetDateTime next(LocalTime time, OffsetDateTime now) {
    OffsetDateTime today = now.with(time);
    return today.isAfter(now) ? today : now.plusDays(1).with(time);
  }

  /** Adds the number of devices in words. */
  void add(BatchSchedule schedule, Map<String, String> lines) {
    OptionalInt devices = devices(schedule);
    double hours = left.toSeconds() / 3600.0;
    lines.put(
        "devices to finish by " + time.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx")),
        devices.isPresent()
            ? String.format(Locale.ROOT, "%d, in %.1f hours", devices.getAsInt(), hours)
            : String.format(
                Locale.ROOT,
                "no number is enough: with a device for each batch it takes %.3f hours, and %.1f are left",
                schedule.makespan(Math.max(1, schedule.batchSeconds().size())) / 3600,
                hours));
  }

  /** Adds the number of devices to a JSON object: null if no number is enough. */
  void add(BatchSchedule schedule, ObjectNode node) {
    ObjectNode deadline = node.putObject("deadline");
    deadline.put("by", time.toString());
    OptionalInt devices = devices(schedule);
    if (devices.isPresent()) {
      deadline.put("devices", devices.getAsInt());
    } else {
      deadline.putNull("devices");
    }
  }

  private OptionalInt devices(BatchSchedule schedule) {
    return schedule.devicesWithin((double) left.toSeconds());
  }
}
