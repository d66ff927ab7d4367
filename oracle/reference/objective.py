"""L(x) = content_weight * content + style_weight * style + tv_weight * tv: Gatys, Ecker, Bethge, CVPR 2016, and its variants.

A map F is (N channels, M = H * W positions); every equation is in README.md.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as functional

from .images import at_rest

IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CAFFE_MEAN = (123.68, 116.779, 103.939)
# The scale of a network's maps, relative to those of the same network in torchvision.
ACTIVATION_SCALES = {"torchvision": 1.0, "caffe": 255 * 0.226}


class Units:
    """An affine map of RGB in [0, 1]: pixels (identity), standardized (the networks' input), or caffe."""

    def __init__(self, name: str, dtype: torch.dtype):
        def planes(values) -> torch.Tensor:
            return torch.tensor(values, dtype=torch.float64).to(dtype)[:, None, None]

        scale, mean, deviation = {
            "pixels": (1.0, (0.0,) * 3, (1.0,) * 3),
            "standardized": (1.0, IMAGENET_MEAN, IMAGENET_DEVIATION),
            "caffe": (255.0, CAFFE_MEAN, (1.0,) * 3),
        }[name]
        self.scale, self.mean, self.deviation = scale, planes(mean), planes(deviation)

    def of_pixels(self, x: torch.Tensor) -> torch.Tensor:
        return (x * self.scale - self.mean) / self.deviation

    def to_pixels(self, v: torch.Tensor) -> torch.Tensor:
        return (v * self.deviation + self.mean) / self.scale


@dataclass(frozen=True)
class Style:
    image: torch.Tensor  # (3, H, W), RGB in [0, 1]
    weight: float  # its share of the blend; the sum of the shares is 1
    mask: torch.Tensor | None  # (H, W) in content space, feathered: where this style applies
    style_mask: torch.Tensor | None  # (H, W) in style space: where the style is taken from


@dataclass(frozen=True)
class Gram:
    matrix: torch.Tensor  # (N, N)
    positions: torch.Tensor  # M, or the sum of the mask


def flat(layer_map: torch.Tensor) -> torch.Tensor:
    return layer_map.reshape(layer_map.shape[0], -1)  # (N, M)


def mask_weights(mask: torch.Tensor | None, layer_map: torch.Tensor) -> torch.Tensor:
    """Returns w_m for every position of a map, (M): the mean of the mask over the area of the position."""
    if mask is None:
        return torch.ones_like(layer_map[0]).reshape(-1)
    size = (layer_map.shape[1], layer_map.shape[2])
    return functional.adaptive_avg_pool2d(mask[None, None], size).reshape(-1)


def gram(layer_map: torch.Tensor, mask: torch.Tensor | None, variant: str) -> Gram:
    features, weights = flat(layer_map), mask_weights(mask, layer_map)
    positions = weights.sum()
    if variant == "centered":
        features = features - (features * weights).sum(1, keepdim=True) / positions
    raw = (features * weights) @ features.T
    channels = features.shape[0]
    divisor = {
        "raw": 1.0,
        "per_position": positions,
        "centered": positions,
        "per_element": channels * positions,
    }[variant]
    return Gram(raw / divisor, positions)


def content_term(layer_map: torch.Tensor, target: torch.Tensor, variant: str) -> torch.Tensor:
    squares = (layer_map - target) ** 2
    return squares.mean() if variant == "mean_squares" else squares.sum() / 2


def style_term(of_image: Gram, of_style: torch.Tensor, variant: str) -> torch.Tensor:
    channels = of_style.shape[0]
    squares = (of_image.matrix - of_style) ** 2
    if variant == "gatys":
        return squares.sum() / (4.0 * channels**2 * of_image.positions**2)
    if variant == "mean_per_element":
        return squares.mean() / (channels * of_image.positions)
    return squares.mean()


def total_variation(v: torch.Tensor, variant: str) -> torch.Tensor:
    dy, dx = v[:, 1:, :] - v[:, :-1, :], v[:, :, 1:] - v[:, :, :-1]
    if variant == "d2l":
        return (dy.abs().mean() + dx.abs().mean()) / 2
    if variant == "squares":
        return (dy**2).sum() + (dx**2).sum()
    if variant == "absolute":
        return dy.abs().sum() + dx.abs().sum()
    return ((dy[:, :, :-1] ** 2 + dx[:, :-1, :] ** 2) ** 1.25).sum()


@dataclass(frozen=True)
class Losses:
    """The unweighted terms. The shares of the layers in the style term include the layer weights."""

    content: torch.Tensor
    style: torch.Tensor
    tv: torch.Tensor
    total: torch.Tensor
    style_by_layer: dict[str, torch.Tensor]


class Objective:
    def __init__(self, knobs, network, content: torch.Tensor, styles: list[Style]):
        self.knobs, self.network = knobs, network
        self.fed = Units("standardized", content.dtype)
        self.units = Units(knobs.text("optimize_in"), content.dtype)
        self.factor = ACTIVATION_SCALES[knobs.text("feature_scale")] / network.activation_scale
        self.content_layers = knobs.layers("content_layers")
        self.style_layers = knobs.layers("style_layers")
        self.style_layers_end = knobs.layers("style_layers_end") or self.style_layers
        self.content_maps = self.maps_of_pixels(content)
        self.regions = self.regions_of(styles)
        self.reference = None
        if knobs.text("loss_normalization") == "initial":
            self.reference = self.values_at_the_reference(content)

    def layers(self) -> set[str]:
        return {*self.content_layers, *self.style_layers, *self.style_layers_end}

    def maps_of_pixels(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        with torch.no_grad():
            return self.maps(x)

    def maps(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """Returns the maps F of pixels by layer, at the scale to which the weights refer."""
        maps = self.network.maps(self.fed.of_pixels(x), self.layers())
        return {layer: self.factor * layer_map for layer, layer_map in maps.items()}

    def regions_of(self, styles: list[Style]):
        """Returns [(share, content mask, target Gram by layer)], one for each region.

        Each region compares a Gram matrix of the image with a target. Targets are float32, whatever the arithmetic. With
        style_blend=grams, all styles without a content mask are one region, with their blended Gram matrices as target.
        """
        variant, regions, blended = self.knobs.text("gram"), [], []
        for style in styles:
            maps = self.maps_of_pixels(style.image)
            target = {
                layer: at_rest(gram(layer_map, style.style_mask, variant).matrix)
                for layer, layer_map in maps.items()
            }
            alone = self.knobs.text("style_blend") == "losses" or style.mask is not None
            (regions if alone else blended).append((style.weight, style.mask, target))
        if blended:
            share = sum(weight for weight, _, _ in blended)
            target = {
                layer: sum(weight * grams[layer] for weight, _, grams in blended) / share
                for layer in blended[0][2]
            }
            regions.append((share, None, target))
        return regions

    def layer_weights(self, iteration: int) -> dict[str, float]:
        """Returns w_l at an iterate: linear from style_layers (iterate 0) to style_layers_end (iterate num_iterations - 1)."""
        way = min(1.0, iteration / max(1, self.knobs.whole("num_iterations") - 1))
        names = [*self.style_layers, *(set(self.style_layers_end) - set(self.style_layers))]
        begin = {name: self.style_layers.get(name, 0.0) for name in names}
        end = {name: self.style_layers_end.get(name, 0.0) for name in names}
        return {name: begin[name] + (end[name] - begin[name]) * way for name in names}

    def content_values(self, maps) -> dict[str, torch.Tensor]:
        variant = self.knobs.text("content_term")
        return {
            layer: content_term(maps[layer], self.content_maps[layer], variant)
            for layer in self.content_layers
        }

    def style_values(self, maps) -> dict[tuple[str, int], torch.Tensor]:
        """Returns style(l, r) for every layer and region."""
        variant, values = self.knobs.text("gram"), {}
        for layer in {**self.style_layers, **self.style_layers_end}:
            for region, (_, mask, target) in enumerate(self.regions):
                of_image = gram(maps[layer], mask, variant)
                values[layer, region] = style_term(
                    of_image, target[layer], self.knobs.text("style_term")
                )
        return values

    def values_at_the_reference(self, content: torch.Tensor):
        """Returns the divisors of loss_normalization=initial: style and tv at the content image, content at its channel means."""
        means = {
            layer: layer_map.mean((1, 2), keepdim=True).expand_as(layer_map)
            for layer, layer_map in self.content_maps.items()
        }
        return (
            self.content_values(means),
            self.style_values(self.content_maps),
            total_variation(self.coordinates(content), self.knobs.text("tv_term")),
        )

    def coordinates(self, x: torch.Tensor) -> torch.Tensor:
        """Converts pixels to the coordinates of optimize_in and tv."""
        return self.units.of_pixels(x)

    def pixels(self, v: torch.Tensor) -> torch.Tensor:
        """Computes the inverse of coordinates."""
        return self.units.to_pixels(v)

    def losses(self, v: torch.Tensor, iteration: int) -> Losses:
        """Evaluates the terms at an image v in the coordinates of optimize_in."""
        maps = self.maps(self.pixels(v))
        content_values, style_values = self.content_values(maps), self.style_values(maps)
        tv = total_variation(v, self.knobs.text("tv_term"))
        if self.reference is not None:
            content_reference, style_reference, tv_reference = self.reference
            content_values = {k: value / content_reference[k] for k, value in content_values.items()}
            style_values = {k: value / style_reference[k] for k, value in style_values.items()}
            tv = tv / tv_reference
        content = sum(c * content_values[layer] for layer, c in self.content_layers.items())
        by_layer = {
            layer: w
            * sum(share * style_values[layer, r] for r, (share, _, _) in enumerate(self.regions))
            for layer, w in self.layer_weights(iteration).items()
        }
        style = sum(by_layer.values())
        total = (
            self.knobs.real("content_weight") * content
            + self.knobs.real("style_weight") * style
            + self.knobs.real("tv_weight") * tv
        )
        return Losses(content, style, tv, total, by_layer)
