package nst.benchmark;

import nst.engine.BatchesCommand;
import nst.engine.CallsCommand;
import nst.engine.CeilingCommand;
import nst.engine.MemoryCommand;
import nst.engine.RatiosCommand;
import nst.engine.TilesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code ./submit.sh benchmark NAME}: runs a measurement and prints its results and the machine. It
 * checks nothing.
 */
@Command(
    name = "benchmark",
    description = "Measures the speed and the memory of this program on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      JmhCommand.class,
      BatchesCommand.class,
      CallsCommand.class,
      CeilingCommand.class,
      MemoryCommand.class,
      NetworksCommand.class,
      RatiosCommand.class,
      TilesCommand.class,
      nst.job.DriverBenchmark.class,
      nst.job.ForecastBenchmark.class,
      nst.job.fleet.FleetBenchmark.class,
      nst.job.HalvingBenchmark.class,
      nst.job.MakespanBenchmark.class,
      nst.job.OverheadBenchmark.class,
      nst.job.PlanBenchmark.class,
      nst.job.task.PhotosBenchmark.class,
      OptimisersCommand.class,
      PrecisionCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
