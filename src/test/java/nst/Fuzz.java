package nst;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nst.concurrent.Threads;

/**
 * Mutates inputs and passes them to a target. Equal seeds give equal inputs. {@code
 * -Dnst.fuzz.cases} is the number of cases of all targets together (1,000 by default), {@code
 * -Dnst.fuzz.seed} is a number or {@code random}; the seed is printed. An input that fails is kept
 * in {@code target/fuzz}.
 */
public final class Fuzz {
  private static final long SEED = seed("nst.fuzz.seed");
  private static final int CASES = Integer.getInteger("nst.fuzz.cases", 1000);

  /** A case that takes longer counts as hanging. The slowest case takes less than a second. */
  private static final long HANGS_AFTER_SECONDS = 120;

  /** Values that programs often read as a length or an offset. */
  private static final long[] LENGTHS = {
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    32767,
    65535,
    65536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private Fuzz() {}

  /** The code under test. It must return normally, whether it accepts or rejects the input. */
  public interface Target {
    void accept(byte[] input) throws Exception;
  }

  /**
   * Returns the seed of a test.
   *
   * @param property the system property: a number, or {@code random}; 1 by default
   */
  public static long seed(String property) {
    String text = System.getProperty(property, "1");
    return text.equals("random") ? System.nanoTime() : Long.parseLong(text);
  }

  /**
   * Runs a target.
   *
   * @param name the name of the target, for messages and files
   * @param percent its share of all cases
   * @param inputs valid inputs, which are mutated in turn
   */
  public static void run(String name, int percent, List<byte[]> inputs, Target target) {
    int cases = Math.max(1, CASES * percent / 100);
    System.out.println("fuzz " + name + ": " + cases + " cases, -Dnst.fuzz.seed=" + SEED);
    ExecutorService thread = Executors.newSingleThreadExecutor(Threads.daemon("fuzz"));
    try {
      for (int number = 0; number < cases; number++) {
        SplittableRandom random = new SplittableRandom(31 * SEED + number);
        byte[] input = mutated(inputs.get(number % inputs.size()), random);
        String fault = fault(thread, target, input);
        if (!fault.isEmpty()) {
          fail(
              "case %d of seed %d, kept as %s: %s", number, SEED, kept(name, number, input), fault);
        }
      }
    } finally {
      thread.shutdownNow();
    }
  }

  /** Returns the failure, if there is one. */
  private static String fault(ExecutorService thread, Target target, byte[] input) {
    Future<?> running =
        thread.submit(
            () -> {
              target.accept(input);
              return null;
            });
    try {
      running.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
      return "";
    } catch (ExecutionException e) {
      StackTraceElement[] trace = e.getCause().getStackTrace();
      return e.getCause() + " at " + Arrays.asList(trace).subList(0, Math.min(8, trace.length));
    } catch (TimeoutException e) {
      return "hangs";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static Path kept(String name, int number, byte[] input) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "fuzz"));
      return Files.write(folder.resolve(name + "-" + SEED + "-" + number), input);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Makes one to four mutations, half of them near the start, where headers are. */
  static byte[] mutated(byte[] sound, SplittableRandom random) {
    byte[] bytes = sound.clone();
    int mutations = 1 + random.nextInt(4);
    for (int i = 0; i < mutations && bytes.length > 0; i++) {
      bytes = mutatedOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutatedOnce(byte[] bytes, SplittableRandom random) {
    int end = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 256);
    int at = random.nextInt(end);
    int length = Math.min(1 + random.nextInt(64), bytes.length - at);
    return switch (random.nextInt(7)) {
      case 0 -> with(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
      case 1 -> with(bytes, at, random.nextInt(256));
      case 2 -> number(bytes, at, random);
      case 3 -> Arrays.copyOf(bytes, at); // truncate
      case 4 -> spliced(bytes, at, at + length, new byte[0]); // remove
      case 5 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length)); // duplicate
      default -> spliced(bytes, at, at, random(random, length)); // insert
    };
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  private static byte[] number(byte[] bytes, int at, SplittableRandom random) {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    number.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int size = 1 << random.nextInt(4);
    long value = LENGTHS[random.nextInt(LENGTHS.length)];
    int from = number.order() == ByteOrder.BIG_ENDIAN ? Long.BYTES - size : 0;
    number.putLong(0, value);
    System.arraycopy(number.array(), from, bytes, at, Math.min(size, bytes.length - at));
    return bytes;
  }

  private static byte[] random(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    byte[] result = new byte[bytes.length - (to - from) + between.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(between, 0, result, from, between.length);
    System.arraycopy(bytes, to, result, from + between.length, bytes.length - to);
    return result;
  }
}
