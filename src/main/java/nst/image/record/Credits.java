package nst.image.record;

import java.util.List;

/**
 * The credits in the file of a photo. An output keeps no other metadata of the photo.
 *
 * @param creators the creators, in order
 * @param rights the copyright notice; empty if there is none
 */
public record Credits(List<String> creators, String rights) {
  public static final Credits NONE = new Credits(List.of(), "");

  public Credits {
    creators = List.copyOf(creators);
  }

  /** These credits, completed from another place in the file. */
  Credits or(Credits other) {
    return new Credits(
        creators.isEmpty() ? other.creators : creators, rights.isEmpty() ? other.rights : rights);
  }
}
