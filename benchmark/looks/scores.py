"""Scores from features that the optimiser does not use: python -m looks.scores WEIGHTS PHOTO PAINTING RESULT [...]

The optimiser compares Gram matrices of relu1_1, 2_1, 3_1, 4_1, 5_1 and maps of relu4_2 of an average-pooled network at the
picture's own size. Here: relu2_2, 3_3, 4_3 of the network as it was trained (max pooling, zeros beyond the border), at 3/4 of
that size, and no Gram matrix. All numbers are better when lower, and are relative: 1 is a picture that has done nothing (style)
or in which the photo is gone (content).

    style    the mean over relu2_2, 3_3, 4_3 of the sliced Wasserstein distance between the features of picture and
             painting, over that between photo and painting
    strokes  the mean distance (1 - cosine) of each position's relu3_3 from the nearest one in the painting, over that of
             the photo's: whether each patch could be the painting's
    content  how far the cosines between all positions of relu4_3 (its self-similarity) are from the photo's, over how far
             the painting's are when it is stretched over the photo
    detail   distances between normalised relu3_3 of picture and photo, over the same for the stretched painting (the
             manner of LPIPS)
    frame    variance of Cb and Cr in a band of 8 px along the border over that of the interior
    grain    the finest diagonal detail of the luminance (median of its absolute value), over the painting's
    colour_noise  the same of Cb and Cr
    flat     the finest detail where the photo is flat (a quarter of its blocks of 8 px), over that of the painting
"""

import argparse

import torch
import torch.nn.functional as functional
from safetensors.torch import load_file

from .network import Network
from .pictures import longest, read, recolored, resized, shape_of, times

LAYERS = ("relu2_2", "relu3_3", "relu4_3")
SCALE, BAND, DIRECTIONS, QUANTILES, BLOCK = 0.75, 8, 64, 256, 8
YCBCR = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))


def network(weights: dict, device: str) -> Network:
    return Network(weights, device, torch.float32, "max", "zeros")


def quantiles(features: torch.Tensor, directions: torch.Tensor) -> torch.Tensor:
    """(B, DIRECTIONS, QUANTILES) of (B, N, H, W): what each direction's values are at evenly spaced ranks."""
    values = torch.sort(directions @ features.flatten(2), dim=2).values
    ranks = (torch.arange(QUANTILES, device=values.device) + 0.5) / QUANTILES * values.shape[2] - 0.5
    low = ranks.floor().clamp(0, values.shape[2] - 1).long()
    high = (low + 1).clamp(max=values.shape[2] - 1)
    return torch.lerp(values[..., low], values[..., high], (ranks - low).clamp(0, 1).to(values.dtype))


def directions(channels: int, device: str) -> torch.Tensor:
    drawn = torch.randn((DIRECTIONS, channels), generator=torch.Generator().manual_seed(channels))
    return functional.normalize(drawn, dim=1).to(device)


def sliced(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    lines = directions(a.shape[1], a.device)
    return (quantiles(a, lines) - quantiles(b, lines)).abs().mean((1, 2))


def unit(features: torch.Tensor) -> torch.Tensor:
    return functional.normalize(features.flatten(2), dim=1)


def nearest(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return 1 - (unit(a).transpose(1, 2) @ unit(b)).max(2).values.mean(1)


def self_similarity(features: torch.Tensor) -> torch.Tensor:
    """(B, M, M), every row scaled to a mean of 1."""
    centred = features - features.mean((2, 3), keepdim=True)
    distance = 1 - unit(centred).transpose(1, 2) @ unit(centred)
    return distance / distance.mean(2, keepdim=True)


def apart(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (self_similarity(a) - self_similarity(b)).abs().mean((1, 2))


def perceived(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return ((unit(a) - unit(b)) ** 2).sum(1).mean(1)


def planes(images: torch.Tensor) -> torch.Tensor:
    return torch.einsum("cd,bdhw->bchw", torch.tensor(YCBCR, device=images.device), images)


def finest(images: torch.Tensor) -> torch.Tensor:
    """(B, 3, H/2, W/2): the diagonal Haar coefficients of Y, Cb, Cr."""
    x = planes(images)
    height, width = x.shape[2] // 2 * 2, x.shape[3] // 2 * 2
    x = x[..., :height, :width]
    return (x[..., ::2, ::2] - x[..., 1::2, ::2] - x[..., ::2, 1::2] + x[..., 1::2, 1::2]).abs() / 2


def grain(images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    detail = finest(images).flatten(2).median(2).values
    return detail[:, 0], detail[:, 1:].mean(1)


def frame(images: torch.Tensor) -> torch.Tensor:
    chroma = planes(images)[:, 1:]
    inside = torch.zeros(chroma.shape[-2:], dtype=torch.bool, device=images.device)
    inside[BAND:-BAND, BAND:-BAND] = True

    def variance(of: torch.Tensor) -> torch.Tensor:
        return of.var(2, correction=0).sum(1)

    return variance(chroma[..., ~inside]) / variance(chroma[..., inside])


def flat_detail(images: torch.Tensor, photo: torch.Tensor) -> torch.Tensor:
    """The mean finest detail of Y over the quarter of blocks where the photo varies least."""

    def blocks(x: torch.Tensor) -> torch.Tensor:
        return functional.avg_pool2d(x, BLOCK)

    light = planes(photo)[:, :1]
    varies = (blocks(light**2) - blocks(light) ** 2).flatten()
    calm = varies <= varies.quantile(0.25)
    detail = functional.avg_pool2d(finest(images)[:, :1], BLOCK // 2).flatten(1)
    return detail[:, calm].mean(1)


@torch.no_grad()
def scores(net: Network, images: torch.Tensor, photo: torch.Tensor, painting: torch.Tensor) -> dict[str, torch.Tensor]:
    """Of pictures (B, 3, H, W) of one photo (3, H, W) and one painting (3, h, w), all in [0, 1], at the size they were made."""
    photo, painting = photo[None], painting[None]
    stretched = resized(painting, shape_of(photo))

    def maps(of: torch.Tensor) -> dict:
        return net.maps(resized(of, times(shape_of(of), SCALE)), set(LAYERS))

    ours, theirs, style, unrelated = maps(images), maps(photo), maps(painting), maps(stretched)
    gaps = [sliced(ours[n], style[n]) / sliced(theirs[n], style[n]) for n in LAYERS]
    noise, coloured = grain(images)
    least, least_coloured = (value.clamp_min(1e-3) for value in grain(painting))
    return {
        "style": sum(gaps) / len(gaps),
        "strokes": nearest(ours["relu3_3"], style["relu3_3"]) / nearest(theirs["relu3_3"], style["relu3_3"]),
        "content": apart(ours["relu4_3"], theirs["relu4_3"]) / apart(unrelated["relu4_3"], theirs["relu4_3"]),
        "detail": perceived(ours["relu3_3"], theirs["relu3_3"]) / perceived(unrelated["relu3_3"], theirs["relu3_3"]),
        "frame": frame(images),
        "grain": noise / least,
        "colour_noise": coloured / least_coloured,
        "flat": flat_detail(images, photo) / finest(painting)[:, 0].mean().clamp_min(1e-3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh score",
        description="Prints the scores of images made from PHOTO and PAINTING; the first two rows are the photo and the recoloured photo."
        " All are lower when better; what they mean is at the top of looks/scores.py.",
    )
    parser.add_argument("weights", help="VGG16's convolutions, safetensors")
    parser.add_argument("photo")
    parser.add_argument("painting")
    parser.add_argument("pictures", nargs="+", help="images of the same size")
    options = parser.parse_args()
    net = network({name: value.float() for name, value in load_file(options.weights).items()}, "cpu")
    images = torch.stack([read(picture) for picture in options.pictures])
    photo, painting = resized(read(options.photo), shape_of(images)), read(options.painting)
    rows = torch.cat([torch.stack([photo, recolored(photo, painting)]), images])
    values = scores(net, rows, photo, resized(painting, longest(shape_of(painting), max(shape_of(images)))))
    print("picture", *values, sep="\t")
    for index, name in enumerate(("photo", "recoloured photo", *options.pictures)):
        print(name, *(f"{value[index].item():.3f}" for value in values.values()), sep="\t")


if __name__ == "__main__":
    main()
