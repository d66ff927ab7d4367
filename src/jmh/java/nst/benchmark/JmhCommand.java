package nst.benchmark;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the JMH benchmarks, each in its own JVM. */
@Command(
    name = "jmh",
    description = "Measures the most expensive parts one by one, with JMH.",
    mixinStandardHelpOptions = true)
final class JmhCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      defaultValue = ".*",
      description = "Regular expression for the names of the benchmarks. Default: all.")
  private String pattern = ".*";

  @Option(
      names = "--warm-ups",
      defaultValue = "3",
      description = "Warm-up iterations of 1 s. Default: ${DEFAULT-VALUE}.")
  private int warmUps;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description = "Measured iterations of 1 s. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Override
  public Integer call() throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(pattern)
                .forks(1)
                .warmupIterations(warmUps)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .timeUnit(TimeUnit.MILLISECONDS)
                .build())
        .run();
    return 0;
  }
}
