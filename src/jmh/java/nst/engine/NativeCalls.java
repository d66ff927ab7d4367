package nst.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;

/**
 * Counts and times the calls from DJL to its native library. All of them are calls of methods of
 * {@code PyTorchLibrary} in three other classes, which are loaded with an additional call before
 * and after each. For work on one thread.
 */
public final class NativeCalls {
  private static final String PACKAGE = "ai/djl/pytorch/jni/";
  private static final String LIBRARY = PACKAGE + "PyTorchLibrary";
  private static final List<String> CALLERS = List.of("JniUtils", "IValueUtils", "IValue");
  private static final Map<String, Integer> COUNTS = new TreeMap<>();
  private static long began;
  private static long nanos;

  private NativeCalls() {}

  /**
   * What some work did.
   *
   * @param counts the number of calls of each native method
   * @param wallNanos the elapsed time
   * @param nativeNanos the part of it in native calls
   */
  record Measured(Map<String, Integer> counts, long wallNanos, long nativeNanos) {
    int calls() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    double javaMillis() {
      return (wallNanos - nativeNanos) / 1e6;
    }
  }

  /**
   * Loads the classes that call the library.
   *
   * @throws LinkageError if one of them has been loaded before
   */
  static void install() throws ReflectiveOperationException, IOException {
    ClassLoader loader = NativeCalls.class.getClassLoader();
    Class<?> library = Class.forName(LIBRARY.replace('/', '.'), false, loader);
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
    for (String caller : CALLERS) {
      lookup.defineClass(observed(loader, caller));
    }
  }

  private static byte[] observed(ClassLoader loader, String caller) throws IOException {
    try (InputStream in = loader.getResourceAsStream(PACKAGE + caller + ".class")) {
      ClassReader reader = new ClassReader(in);
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      reader.accept(new ObservedClass(writer), 0);
      return writer.toByteArray();
    }
  }

  /** Called before each native call. */
  public static void begin(String method) {
    COUNTS.merge(method, 1, Integer::sum);
    began = System.nanoTime();
  }

  /** Called after each native call that returns. */
  public static void end() {
    nanos += System.nanoTime() - began;
  }

  static Measured during(Runnable work) {
    COUNTS.clear();
    nanos = 0;
    long start = System.nanoTime();
    work.run();
    return new Measured(new TreeMap<>(COUNTS), System.nanoTime() - start, nanos);
  }

  private static final class ObservedClass extends ClassVisitor {
    private static final String OBSERVER = NativeCalls.class.getName().replace('.', '/');

    ObservedClass(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(
          Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String methodDescriptor, boolean isInterface) {
          boolean isNative = owner.equals(LIBRARY);
          if (isNative) {
            visitLdcInsn(method);
            super.visitMethodInsn(
                Opcodes.INVOKESTATIC, OBSERVER, "begin", "(Ljava/lang/String;)V", false);
          }
          super.visitMethodInsn(opcode, owner, method, methodDescriptor, isInterface);
          if (isNative) {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, OBSERVER, "end", "()V", false);
          }
        }
      };
    }
  }
}
