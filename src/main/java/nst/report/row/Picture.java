package nst.report.row;

/**
 * A picture of the page.
 *
 * @param at a path relative to the page, or {@code #id} of an element of the page with a data URI
 * @param width in pixels
 * @param height in pixels
 */
public record Picture(String at, int width, int height) {}
