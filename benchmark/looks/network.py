"""Computes VGG16's maps for a batch of images."""

import torch
import torch.nn.functional as functional

CONVOLUTIONS = (2, 2, 3, 3, 3)
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def bordered(x: torch.Tensor, inwards: int) -> torch.Tensor:
    """Adds a border of one: the outermost values of the map (inwards 0), or the next ones (1).

    It copies values, because the gradient of padding uses atomic additions, whose order is not fixed."""
    near, far = slice(inwards, inwards + 1), slice(-1 - inwards, -inwards or None)
    x = torch.cat([x[:, :, near], x, x[:, :, far]], 2)
    return torch.cat([x[..., near], x, x[..., far]], 3)


class Network:
    def __init__(self, weights: dict, device: str, dtype: torch.dtype, pooling: str, padding: str):
        self.dtype, self.padding = dtype, padding
        self.pool = {"max": functional.max_pool2d, "average": functional.avg_pool2d}[pooling]
        self.format = torch.contiguous_format if dtype == torch.float64 else torch.channels_last
        self.weights = {
            name: value.to(device, dtype).contiguous(memory_format=self.format)
            if value.dim() == 4
            else value.to(device, dtype)
            for name, value in weights.items()
        }
        self.mean, self.deviation = (
            torch.tensor(values, dtype=torch.float64).to(device).view(1, 3, 1, 1) for values in (MEAN, DEVIATION)
        )

    def maps(self, pixels: torch.Tensor, wanted: set[str]) -> dict[str, torch.Tensor]:
        """Returns the wanted layers (relu1_1 ... relu5_3) of (B, 3, H, W), RGB in [0, 1]."""
        x = (pixels - self.mean.to(pixels.dtype)) / self.deviation.to(pixels.dtype)
        x = x.to(self.dtype).contiguous(memory_format=self.format)
        maps, index = {}, 0
        for block, convolutions in enumerate(CONVOLUTIONS, start=1):
            for layer in range(1, convolutions + 1):
                zeros = self.padding == "zeros"
                x = functional.conv2d(
                    x if zeros else bordered(x, 1 if self.padding == "reflect" else 0),
                    self.weights[f"features.{index}.weight"],
                    self.weights[f"features.{index}.bias"],
                    padding=1 if zeros else 0,
                )
                x = functional.relu_(x)
                index += 2
                if f"relu{block}_{layer}" in wanted:
                    maps[f"relu{block}_{layer}"] = x
                    if len(maps) == len(wanted):
                        return maps
            x = self.pool(x, 2)
            index += 1
        raise ValueError(f"no layers {sorted(wanted - maps.keys())}")
