package nst.job.executor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import nst.record.ExecutorReport;
import nst.storage.HadoopObjectStore;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the engine where an executor starts, and carries what executors tell to the driver. */
public final class StyleTransferPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(StyleTransferPlugin.class);

  /** An executor's question for the driver's way to objects. Its answer is a class of Spark's. */
  private static final String HADOOP_CONFIGURATION = "nst: Hadoop configuration";

  private static final AtomicReference<Consumer<Object>> LISTENER =
      new AtomicReference<>(message -> {});
  private static final AtomicReference<Optional<ExecutorRoll>> ROLL =
      new AtomicReference<>(Optional.empty());
  private static final AtomicReference<Optional<PluginContext>> EXECUTOR =
      new AtomicReference<>(Optional.empty());

  /** Takes what tasks tell, in the driver, until another listener does. */
  public static void listen(Consumer<Object> listener) {
    LISTENER.set(listener);
  }

  /** Keeps this roll of the executors of the application that is opened next. */
  static void enrol(ExecutorRoll roll) {
    ROLL.set(Optional.of(roll));
  }

  /** Tells the driver; never fails a task. */
  public static void tell(Object message) {
    EXECUTOR
        .get()
        .ifPresent(
            context -> {
              try {
                context.send(message);
              } catch (IOException e) {
                LOG.warn("Could not tell the driver {}", message, e); // the journal has it too
              }
            });
  }

  /** This machine's name, as tables show it. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // a container without a name; the executor id still tells executors apart
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Driver implements DriverPlugin {
    private Optional<SparkContext> context = Optional.empty();

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      this.context = Optional.of(context);
      ROLL.get()
          .ifPresent(
              roll -> {
                context.addSparkListener(new Losses(roll));
                // On a local master the failure itself travels up through Spark's constructor.
                roll.watch(Session.isLocal(context.master()) ? () -> {} : context::stop);
              });
      return Map.of();
    }

    @Override
    public void registerMetrics(String appId, PluginContext plugin) {
      RunGauges.register(plugin.metricRegistry());
    }

    @Override
    public Object receive(Object message) {
      if (message.equals(HADOOP_CONFIGURATION)) {
        return new SerializableConfiguration(context.orElseThrow().hadoopConfiguration());
      }
      if (message instanceof ExecutorReport.Ready ready) {
        ROLL.get().ifPresent(roll -> roll.add(ready));
      } else if (message instanceof ExecutorReport.Unfit unfit) {
        ROLL.get().ifPresent(roll -> roll.add(unfit));
      } else {
        ROLL.get().ifPresent(ExecutorRoll::rowDone);
        LISTENER.get().accept(message);
      }
      return "";
    }

    @Override
    public void shutdown() {
      ROLL.getAndSet(Optional.empty()).ifPresent(ExecutorRoll::close);
    }
  }

  /** Tells the roll of executors that are gone. */
  private static final class Losses extends SparkListener {
    private final ExecutorRoll roll;

    Losses(ExecutorRoll roll) {
      this.roll = roll;
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      roll.lost(removed.executorId());
    }
  }

  private static final class Executor implements ExecutorPlugin {

    @Override
    public void init(PluginContext plugin, Map<String, String> extra) {
      EXECUTOR.set(Optional.of(plugin));
      EngineConfig.read(plugin.conf()).ifPresent(config -> load(config, plugin));
    }

    /**
     * Loads the engine before Spark gives this executor a task. What is thrown here ends the
     * executor's process; the driver must know why before that.
     */
    private static void load(EngineConfig config, PluginContext plugin) {
      long start = System.nanoTime();
      try {
        ExecutorEngine engine =
            ExecutorEngine.load(
                config,
                ExecutorEngine.addresses(plugin.resources()),
                Session.locality(plugin.conf().get("spark.master")),
                new HadoopObjectStore(
                    ((SerializableConfiguration) plugin.ask(HADOOP_CONFIGURATION)).value()));
        ExecutorReport.Ready ready =
            new ExecutorReport.Ready(
                plugin.executorID(),
                host(),
                ProcessHandle.current().pid(),
                engine.deviceName(),
                engine.addresses(),
                (System.nanoTime() - start) / 1e9);
        LOG.info("Loaded the engine: {}", ready);
        plugin.ask(ready);
      } catch (Exception | LinkageError e) {
        String words = "asked for " + config.asked() + ". " + e.getMessage();
        tellUnfit(plugin, new ExecutorReport.Unfit(plugin.executorID(), host(), words));
        throw new IllegalStateException(words, e);
      }
    }

    private static void tellUnfit(PluginContext plugin, ExecutorReport.Unfit unfit) {
      try {
        plugin.ask(unfit);
      } catch (Exception e) {
        LOG.error("Could not tell the driver {}", unfit, e); // its roll ends the wait by time
      }
    }

    @Override
    public void shutdown() {
      EXECUTOR.set(Optional.empty());
      try {
        ExecutorEngine.settle(); // a process that exits under a thread of libtorch's may crash
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
