package nst.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which process holds a lease, in a form that another process can look up.
 *
 * @param host its machine's name, for people: containers may share one
 * @param boot the kernel's id of this boot; empty where it is unknown
 * @param pidNamespace in which {@code pid} counts; empty where it is unknown
 */
record ProcessIdentity(String host, String boot, String pidNamespace, long pid) {

  /** This process. */
  static ProcessIdentity ours() {
    return new ProcessIdentity(
        hostName(), bootId(), pidNamespaceOfThisProcess(), ProcessHandle.current().pid());
  }

  /**
   * Whether it is certain that the process has ended. It is where its number can be looked up from
   * here: in the same boot of the same kernel and in the same PID namespace. A host's name says
   * nothing: containers with the host's network have its name and processes of their own.
   */
  boolean isGone(ProcessIdentity here) {
    boolean visible =
        !boot.isEmpty()
            && !pidNamespace.isEmpty()
            && boot.equals(here.boot)
            && pidNamespace.equals(here.pidNamespace)
            && Files.exists(Path.of("/proc/1")); // else /proc hides the processes of other users
    return visible && pid != here.pid && ProcessHandle.of(pid).isEmpty();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // it is for people only
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
