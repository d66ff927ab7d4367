package nst.job.executor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Identifies the process that holds a lease, so that another process can look it up.
 *
 * @param host the name of its machine, for messages; containers may share a name
 * @param boot the kernel's boot id; empty if it is unknown
 * @param pidNamespace the namespace of {@code pid}; empty if it is unknown
 */
record ProcessIdentity(String host, String boot, String pidNamespace, long pid) {

  /** This process. */
  static ProcessIdentity ours() {
    return new ProcessIdentity(
        hostName(), bootId(), pidNamespaceOfThisProcess(), ProcessHandle.current().pid());
  }

  /**
   * Whether it is certain that the process has ended. This can be known only in the same boot of
   * the same kernel and in the same PID namespace. The host's name is not enough, because
   * containers that use the host's network have its name but processes of their own.
   */
  boolean isGone(ProcessIdentity here) {
    boolean visible =
        !boot.isEmpty()
            && !pidNamespace.isEmpty()
            && boot.equals(here.boot)
            && pidNamespace.equals(here.pidNamespace)
            && Files.exists(
                Path.of("/proc/1")); // otherwise /proc hides the processes of other users
    return visible && pid != here.pid && ProcessHandle.of(pid).isEmpty();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // only for messages
    }
  }

  private static String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String pidNamespaceOfThisProcess() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
