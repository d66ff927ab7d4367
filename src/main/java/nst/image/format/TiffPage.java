package nst.image.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The page of a TIFF file that contains its image: not a smaller version of another page, not a
 * mask and not a camera raw format.
 *
 * @param index the number of the page, from 0
 * @param pages the number of pages in the file
 */
public record TiffPage(TiffDirectory directory, int index, int pages) {
  /**
   * The alpha channel.
   *
   * @param sample the index of its sample in a pixel, from 0
   * @param isPremultiplied whether the colours are already multiplied by it
   */
  public record Alpha(int sample, boolean isPremultiplied) {}

  private static final int NEW_SUBFILE_TYPE = 254;
  private static final int OLD_SUBFILE_TYPE = 255;
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int SAMPLES_PER_PIXEL = 277;
  private static final int SUBDIRECTORIES = 330;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;
  private static final int ICC_PROFILE = 34_675;
  private static final int DNG_VERSION = 50_706;

  private static final int REDUCED = 1; // bits of NewSubfileType
  private static final int MASK = 4;
  private static final int OLD_REDUCED = 2;
  private static final long PALETTE = 3;
  private static final long UNSIGNED = 1;
  private static final long REAL = 3;
  private static final long UNDEFINED = 4;
  private static final int ASSOCIATED_ALPHA = 1;
  private static final int UNASSOCIATED_ALPHA = 2;

  private static final int MAX_PROFILE_BYTES = 8 << 20;

  /**
   * The largest number of pages, and of sub-directories of each, that are searched for signs of
   * camera raw.
   */
  private static final int LOOKED_AT = 16;

  /** The photometric interpretation of DNG for raw sensor values. */
  private static final List<Long> OF_SENSORS = List.of(32_803L, 34_892L);

  /** The compressions of sensor values by cameras of Sony, Nikon, Samsung, Kodak and Pentax. */
  private static final List<Long> RAW_COMPRESSIONS =
      List.of(32_767L, 32_769L, 32_770L, 34_713L, 65_000L, 65_535L);

  /** CIE L*a*b*, ICC L*a*b*, ITU L*a*b*, LogL and LogLuv, which are neither grey nor RGB. */
  private static final List<Long> OTHER_COLORS = List.of(8L, 9L, 10L, 32_844L, 32_845L);

  private static final List<Long> READ_COMPRESSIONS =
      List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 32_773L, 32_946L);

  private static final Map<Long, String> COMPRESSION_NAMES =
      Map.of(
          34_661L, "JBIG",
          34_712L, "JPEG 2000",
          34_887L, "LERC",
          34_925L, "LZMA",
          50_000L, "Zstandard",
          50_001L, "WebP",
          50_002L, "JPEG XL");

  /**
   * Finds the page.
   *
   * @throws TransferException UNSUPPORTED_FORMAT for camera raw and for a compression that is not
   *     supported; CORRUPT_IMAGE if there is no page
   */
  public static TiffPage of(byte[] file) {
    List<TiffDirectory> chain = TiffDirectory.chain(file);
    if (chain.isEmpty()) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE,
          "Corrupt TIFF: expected a directory, found none in " + file.length + " bytes");
    }
    refuseRaw(file, chain);
    int index = 0;
    while (index < chain.size() && !isPicture(chain.get(index))) {
      index++;
    }
    if (index == chain.size()) {
      index = 0; // only smaller versions of an image that is missing: use the first
      if (chain.get(0).has(SUBDIRECTORIES)) {
        throw unsupported("a TIFF whose picture lies in a sub-directory, as in camera raw");
      }
    }
    TiffPage page = new TiffPage(chain.get(index), index, chain.size());
    page.refuseThumbnail();
    page.checkCompression();
    page.checkSamples();
    return page;
  }

  private static void refuseRaw(byte[] file, List<TiffDirectory> chain) {
    if (FormatSniffer.startsWith(file, 8, 'C', 'R')) {
      throw unsupported("camera raw (Canon CR2)");
    }
    if (FormatSniffer.startsWith(file, 8, 'I', 'I', 'I', 'I')) {
      throw unsupported("camera raw (Phase One)");
    }
    for (TiffDirectory page : chain.subList(0, Math.min(LOOKED_AT, chain.size()))) {
      if (page.has(DNG_VERSION)) {
        throw unsupported("camera raw (DNG)");
      }
      List<TiffDirectory> directories =
          new ArrayList<>(page.directories(SUBDIRECTORIES, LOOKED_AT));
      directories.add(page);
      for (TiffDirectory directory : directories) {
        if (OF_SENSORS.contains(directory.whole(PHOTOMETRIC).orElse(-1))
            || RAW_COMPRESSIONS.contains(directory.whole(COMPRESSION).orElse(1))) {
          throw unsupported("camera raw in a TIFF (such as NEF, ARW or PEF)");
        }
      }
    }
  }

  /** A page with a larger image in a sub-directory is its thumbnail, whatever its tags say. */
  private void refuseThumbnail() {
    for (TiffDirectory below : directory.directories(SUBDIRECTORIES, LOOKED_AT)) {
      if (area(below) > area(directory)) {
        throw unsupported("a TIFF whose picture lies in a sub-directory, as in camera raw");
      }
    }
  }

  private static long area(TiffDirectory directory) {
    return directory.whole(WIDTH).orElse(0) * directory.whole(HEIGHT).orElse(0);
  }

  private static boolean isPicture(TiffDirectory directory) {
    long type = directory.whole(NEW_SUBFILE_TYPE).orElse(0);
    return (type & (REDUCED | MASK)) == 0
        && directory.whole(OLD_SUBFILE_TYPE).orElse(0) != OLD_REDUCED;
  }

  private void checkCompression() {
    long compression = directory.whole(COMPRESSION).orElse(1);
    if (!READ_COMPRESSIONS.contains(compression)) {
      throw unsupported(
          "a TIFF with compression "
              + compression
              + Optional.ofNullable(COMPRESSION_NAMES.get(compression))
                  .map(name -> " (" + name + ")")
                  .orElse(""));
    }
  }

  private void checkSamples() {
    long colors = directory.whole(PHOTOMETRIC).orElse(1);
    if (OTHER_COLORS.contains(colors)) {
      throw unsupported("a TIFF in L*a*b* or logarithmic light (photometric " + colors + ")");
    }
    if (colors == PALETTE && directory.whole(SAMPLES_PER_PIXEL).orElse(1) != 1) {
      throw unsupported("a TIFF whose pixels have an index of a palette and more");
    }
    for (long format : directory.wholes(SAMPLE_FORMAT, LOOKED_AT)) {
      if (format != UNSIGNED && format != REAL && format != UNDEFINED) {
        throw unsupported("a TIFF of signed or complex samples (sample format " + format + ")");
      }
    }
  }

  /** Adds a warning about the selected page if there are several. */
  public void noteOtherPages(List<String> warnings) {
    if (pages > 1) {
      warnings.add(
          index == 0
              ? "the first of " + pages + " frames or pages was used"
              : "page "
                  + (index + 1)
                  + " of "
                  + pages
                  + " was used: the earlier ones are smaller versions or masks");
    }
  }

  /**
   * The alpha sample (ExtraSamples 1 or 2); there may be further samples. A fourth sample of RGB
   * without ExtraSamples is also alpha, as in Pillow and libtiff.
   *
   * @param colors the number of colour samples before it
   */
  public Optional<Alpha> alpha(int colors) {
    if (!directory.has(EXTRA_SAMPLES)) {
      boolean isUnnamed = colors == 3 && directory.whole(SAMPLES_PER_PIXEL).orElse(1) == 4;
      return isUnnamed ? Optional.of(new Alpha(colors, false)) : Optional.empty();
    }
    List<Long> extra = directory.wholes(EXTRA_SAMPLES, LOOKED_AT);
    for (int i = 0; i < extra.size(); i++) {
      if (extra.get(i) == ASSOCIATED_ALPHA || extra.get(i) == UNASSOCIATED_ALPHA) {
        return Optional.of(new Alpha(colors + i, extra.get(i) == ASSOCIATED_ALPHA));
      }
    }
    return Optional.empty();
  }

  public Optional<byte[]> iccProfile() {
    return directory.bytes(ICC_PROFILE, MAX_PROFILE_BYTES);
  }

  private static TransferException unsupported(String what) {
    return new TransferException(
        ErrorCode.UNSUPPORTED_FORMAT,
        "Unsupported image: " + ImageFormat.EXPECTED + ", was " + what);
  }
}
