package nst.model;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Removes credentials from text. All output of the program passes through it: messages, logs,
 * tables, reports and image records.
 *
 * <p>It detects two kinds: user information in a URI ({@code s3a://KEY:SECRET@bucket}), which is
 * removed, and a query with a signature, a token or a key ({@code ?X-Amz-Signature=...}), which
 * becomes {@code ?...}. The time is linear in the length of the text.
 */
public final class Redactor {
  /** The longest scheme or parameter name that is considered. */
  private static final int MAX_NAME = 64;

  /** The longest user information or query that is considered. */
  private static final int MAX_REACH = 4096;

  private static final String HIDDEN = "...";

  /** A parameter is a credential if its name contains one of these. */
  private static final List<String> SECRET_PARTS =
      List.of(
          "signature",
          "token",
          "secret",
          "password",
          "passwd",
          "credential",
          "accesskey",
          "access_key",
          "access-key",
          "apikey",
          "api_key",
          "api-key");

  /** The parameter of Azure's shared access signatures. */
  private static final String SHORT_SIGNATURE = "sig";

  /** Buckets have no port, so the text after a colon is a secret. */
  private static final Set<String> BUCKET_SCHEMES = Set.of("s3", "s3a", "s3n");

  /** Schemes that are also detected without the two slashes. */
  private static final Set<String> STORE_SCHEMES =
      Set.of("s3", "s3a", "s3n", "hdfs", "webhdfs", "http", "https", "ftp", "gs");

  /** Schemes where the part before the {@code @} is the name of a container. */
  private static final Set<String> CONTAINER_SCHEMES = Set.of("abfs", "abfss", "wasb", "wasbs");

  private Redactor() {}

  /** The text without credentials; the same object if there are none. */
  public static String of(String text) {
    return text == null ? null : withoutSignedQueries(withoutUserInformation(text));
  }

  /** The stack trace of a failure and of its causes, for logs. */
  public static String stackTrace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return of(trace.toString().stripTrailing());
  }

  /** Whether a text contains no credentials. */
  public static boolean isClean(String text) {
    return of(text).equals(text);
  }

  /** The text with the user information of every URI in it removed. */
  static String withoutUserInformation(String text) {
    StringBuilder kept = new StringBuilder();
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      int begin = authority(text, i);
      int end = begin < 0 ? -1 : userInformationEnd(text, begin, scheme(text, i));
      if (end >= 0) {
        kept.append(text, done, begin);
        done = end;
        i = end - 1;
      }
    }
    return done == 0 ? text : kept.append(text, done, text.length()).toString();
  }

  /**
   * The index of the authority that follows a colon or two slashes at {@code mark}; -1 if none
   * does.
   */
  private static int authority(String text, int mark) {
    if (text.charAt(mark) == ':') {
      int begin = mark + 1;
      while (begin < text.length() && text.charAt(begin) == '/') {
        begin++;
      }
      String scheme = scheme(text, mark);
      if (scheme.equals("file") && begin - mark != 3) {
        return -1; // a path, whose names may contain a colon and an @
      }
      boolean isUri = !scheme.isEmpty() && begin - mark > 2;
      return isUri || STORE_SCHEMES.contains(scheme) ? begin : -1;
    }
    boolean begins = mark == 0 || isEnd(text.charAt(mark - 1)) || text.charAt(mark - 1) == '=';
    return begins && text.startsWith("//", mark) ? mark + 2 : -1;
  }

  /** The scheme before a colon, in lower case; empty if there is none. */
  private static String scheme(String text, int colon) {
    int begin = colon;
    while (begin > 0 && colon - begin < MAX_NAME && isSchemeCharacter(text.charAt(begin - 1))) {
      begin--;
    }
    return text.substring(begin, colon).toLowerCase(Locale.ROOT);
  }

  /** The index after the {@code @} of the user information; -1 if there is none. */
  private static int userInformationEnd(String text, int begin, String scheme) {
    int limit = Math.min(text.length(), begin + MAX_REACH);
    int colon = -1;
    int at = -1;
    int end = begin;
    for (;
        end < limit && "/?#\\".indexOf(text.charAt(end)) < 0 && !isEnd(text.charAt(end));
        end++) {
      if (text.charAt(end) == '@') {
        at = end;
      } else if (text.charAt(end) == ':' && colon < 0) {
        colon = end;
      } else if (text.startsWith("%40", end)) {
        at = end + 2;
      }
    }
    boolean isAuthority = begin >= 3 && text.startsWith("://", begin - 3);
    boolean hasPassword = colon >= 0 && colon < at;
    boolean hasName = isAuthority && !CONTAINER_SCHEMES.contains(scheme);
    if (at >= 0 && (hasPassword || hasName)) {
      return at + 1;
    }
    boolean mayHavePort = !BUCKET_SCHEMES.contains(scheme);
    if (colon < 0 || (mayHavePort && isPort(text, colon + 1, end))) {
      return -1;
    }
    for (; end < limit && !isEnd(text.charAt(end)); end++) { // a secret may contain slashes
      if (text.charAt(end) == '@') {
        return end + 1;
      }
    }
    return -1;
  }

  private static boolean isPort(String text, int begin, int end) {
    return text.substring(begin, end).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The text with every query that contains a credential shortened to {@code ?...}. */
  static String withoutSignedQueries(String text) {
    StringBuilder kept = new StringBuilder();
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = valueBegin(text, i);
      if (value < 0 || value >= text.length() || isEnd(text.charAt(value))) {
        continue;
      }
      int name = nameBegin(text, i, done);
      if (isSecret(text.substring(name, i).toLowerCase(Locale.ROOT))) {
        int query = queryBegin(text, name, done);
        kept.append(text, done, query < 0 ? name : query).append(query < 0 ? "" : "?");
        kept.append(HIDDEN);
        done = tokenEnd(text, value);
        i = done - 1;
      }
    }
    return done == 0 ? text : kept.append(text, done, text.length()).toString();
  }

  /** The index after the equals sign, plain or encoded, at {@code sign}; -1 if there is none. */
  private static int valueBegin(String text, int sign) {
    if (text.charAt(sign) == '=') {
      return sign + 1;
    }
    return text.regionMatches(true, sign, "%3d", 0, 3) ? sign + 3 : -1;
  }

  private static int nameBegin(String text, int end, int from) {
    int begin = end;
    while (begin > from && end - begin < MAX_NAME && isNameCharacter(text.charAt(begin - 1))) {
      begin--;
    }
    return begin;
  }

  private static boolean isSecret(String name) {
    return name.equals(SHORT_SIGNATURE)
        || name.endsWith("%3f" + SHORT_SIGNATURE)
        || name.endsWith("%26" + SHORT_SIGNATURE)
        || SECRET_PARTS.stream().anyMatch(name::contains);
  }

  /** The index where the query or fragment around a parameter begins; -1 if there is none. */
  private static int queryBegin(String text, int name, int from) {
    int first = -1;
    int limit = Math.max(from, name - MAX_REACH);
    for (int i = name - 1; i >= limit && !isEnd(text.charAt(i)); i--) {
      if (text.charAt(i) == '?' || text.charAt(i) == '#') {
        first = i;
      }
    }
    return first;
  }

  private static int tokenEnd(String text, int begin) {
    int end = begin;
    while (end < text.length() && !isEnd(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Whether a URI in a text ends before this character. */
  private static boolean isEnd(char c) {
    return Character.isWhitespace(c) || c == '"' || c == '\'' || c == '<' || c == '>';
  }

  private static boolean isSchemeCharacter(char c) {
    return isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
  }

  private static boolean isNameCharacter(char c) {
    return isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '%';
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
