"""The sizes of all images: size_rule, style_scale, style_fit, and the scales of the pyramid; see README.md, Sizes."""

import math
from dataclasses import dataclass


def half_up(value: float) -> int:
    return math.floor(value + 0.5)


@dataclass(frozen=True)
class Size:
    width: int
    height: int

    @property
    def longest(self) -> int:
        return max(self.width, self.height)

    @property
    def shortest(self) -> int:
        return min(self.width, self.height)

    def times(self, factor: float) -> "Size":
        return Size(max(1, half_up(self.width * factor)), max(1, half_up(self.height * factor)))


def size_of(image) -> Size:
    """Returns the size of a tensor (..., H, W)."""
    return Size(image.shape[-1], image.shape[-2])


def ruled(size: Size, knobs) -> Size:
    match knobs.text("size_rule"):
        case "longest":
            return size.times(knobs.real("image_size") / size.longest)
        case "shortest":
            return size.times(knobs.real("image_size") / size.shortest)
        case "exact":
            return Size(knobs.whole("image_width"), knobs.whole("image_height"))
        case "content":
            return size
    raise ValueError(knobs.text("size_rule"))


def style_size(style: Size, full: Size, knobs) -> Size:
    """Returns the size of a style for a content of this full size."""
    own = ruled(style, knobs) if knobs.text("style_fit") == "scale" else full
    return own.times(knobs.real("style_scale"))


def scales(full: Size, knobs) -> list[tuple[Size, int]]:
    """Returns [(size, steps)] from the smallest to the full size."""
    sizes, side = [], knobs.real("smallest_size")
    while 0 < half_up(side) < full.longest:
        sizes.append(full.times(half_up(side) / full.longest))
        side *= knobs.real("scale_ratio")
    steps = knobs.whole("num_iterations")
    coarse = min(steps - 1, half_up(steps * knobs.real("coarse_share")))
    sizes = sizes[max(0, len(sizes) - coarse) :]  # each scale has at least one step, or is left out
    result, left = [], coarse
    for index, size in enumerate(sizes):
        own = left // (len(sizes) - index)
        result.append((size, own))
        left -= own
    return [*result, (full, steps - coarse + left)]
