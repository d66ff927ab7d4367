package nst.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import nst.job.cost.Amortization;
import nst.job.cost.Amortization.Network;
import nst.job.plan.GroupBill;
import nst.storage.Uris;

/** The costs of optimising groups of rows, and of using a style network instead, for people. */
final class BillText {
  /** So many groups have a line of their own. */
  private static final int LISTED = 10;

  private BillText() {}

  /** Adds a line for each of the largest groups and one for all groups. */
  static void add(List<GroupBill> bills, Map<String, String> lines) {
    for (int i = 0; i < Math.min(LISTED, bills.size()); i++) {
      lines.put("group " + (i + 1), of(bills.get(i)));
    }
    if (!bills.isEmpty()) {
      lines.put(
          "all " + bills.size() + " groups",
          String.format(
              Locale.ROOT,
              "%.3f device-hours to optimise every row, %.3f in the cheaper way (--amortize auto)",
              hours(bills.stream().mapToDouble(bill -> bill.costs().optimizeSeconds()).sum()),
              hours(bills.stream().mapToDouble(bill -> bill.costs().seconds()).sum())));
    }
  }

  /** One line. */
  static String of(GroupBill bill) {
    Amortization costs = bill.costs();
    String network =
        costs.network() == Network.EXISTS
            ? String.format(
                Locale.ROOT,
                "%.3f to refine the pictures of the network %s",
                hours(costs.applySeconds()),
                Uris.fileName(bill.network().orElse("")))
            : String.format(
                Locale.ROOT,
                "%.3f with a network (%.3f to train it, %.3f to refine its pictures)",
                hours(costs.networkSeconds()),
                hours(costs.trainSeconds()),
                hours(costs.applySeconds()));
    return String.format(
        Locale.ROOT,
        "%s, %,d rows: %.3f device-hours to optimise every row, %s: %s",
        styles(bill),
        costs.rows(),
        hours(costs.optimizeSeconds()),
        network,
        choice(costs));
  }

  private static String choice(Amortization costs) {
    return switch (costs.choice()) {
      case OPTIMIZE -> "optimising is cheaper";
      case TRAIN -> "training is cheaper";
      case APPLY -> "the network is cheaper";
    };
  }

  private static String styles(GroupBill bill) {
    return bill.first().styles().stream()
        .map(style -> Uris.fileName(style.uri()))
        .collect(Collectors.joining(" + "));
  }

  static double hours(double seconds) {
    return seconds / 3600;
  }

  /** The same for programs. */
  static void add(List<GroupBill> bills, ArrayNode groups) {
    for (GroupBill bill : bills) {
      Amortization costs = bill.costs();
      ObjectNode group = groups.addObject();
      ArrayNode styles = group.putArray("styles");
      bill.first().styles().forEach(style -> styles.add(style.uri()));
      group
          .put("rows", costs.rows())
          .put("photos", costs.photos())
          .put("optimize_hours", hours(costs.optimizeSeconds()))
          .put("train_hours", costs.network() == Network.EXISTS ? 0 : hours(costs.trainSeconds()))
          .put("apply_hours", hours(costs.applySeconds()))
          .put("cheaper", costs.choice().name().toLowerCase(Locale.ROOT));
      bill.network().ifPresent(uri -> group.put("network", uri));
    }
  }
}
