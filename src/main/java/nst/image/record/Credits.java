package nst.image.record;

import java.util.List;

/**
 * Whose photo it is, as its file says: all that an output keeps of a photo's metadata.
 *
 * @param creators the people who made it, in their order
 * @param rights the copyright notice; empty where there is none
 */
public record Credits(List<String> creators, String rights) {
  public static final Credits NONE = new Credits(List.of(), "");

  public Credits {
    creators = List.copyOf(creators);
  }

  /** These, and from another place in the file what these lack. */
  Credits or(Credits other) {
    return new Credits(
        creators.isEmpty() ? other.creators : creators, rights.isEmpty() ? other.rights : rights);
  }
}
