"""original_colors=luminance_ycbcr and luminance_oklab, which combine the luminance of the result with the chroma of the
content; see README.md, Colours."""

import torch

# ITU-R BT.601, full range, of encoded values: Y, and Cb, Cr as the scaled differences B - Y, R - Y.
KR, KB = 0.299, 0.114
YCBCR = torch.tensor(
    [
        [KR, 1 - KR - KB, KB],
        [-KR / (2 - 2 * KB), -(1 - KR - KB) / (2 - 2 * KB), 0.5],
        [0.5, -(1 - KR - KB) / (2 - 2 * KR), -KB / (2 - 2 * KR)],
    ],
    dtype=torch.float64,
)
# Ottosson 2020: linear sRGB to cone responses, their cube roots to Lab.
CONES = torch.tensor(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    dtype=torch.float64,
)
LAB = torch.tensor(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    dtype=torch.float64,
)
SLACK = 1e-6  # tolerance of the gamut, because the published matrices are rounded
HALVINGS = 40


def linear(encoded: torch.Tensor) -> torch.Tensor:
    """IEC 61966-2-1."""
    return torch.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def encoded(light: torch.Tensor) -> torch.Tensor:
    safe = light.clamp_min(1e-12)
    return torch.where(light <= 0.0031308, 12.92 * light, 1.055 * safe ** (1 / 2.4) - 0.055)


def of_ycbcr(values: torch.Tensor) -> torch.Tensor:
    return torch.linalg.inv(YCBCR) @ values


def to_oklab(rgb: torch.Tensor) -> torch.Tensor:
    cones = CONES @ linear(rgb)
    return LAB @ (torch.sign(cones) * cones.abs() ** (1 / 3))


def of_oklab(values: torch.Tensor) -> torch.Tensor:
    """Linear sRGB."""
    return torch.linalg.inv(CONES) @ (torch.linalg.inv(LAB) @ values) ** 3


def greyed(luminance: torch.Tensor, chroma: torch.Tensor, back) -> torch.Tensor:
    """Computes back(luminance, share * chroma) with the largest share for each pixel that keeps the result in [0, 1]."""

    def at(share: torch.Tensor) -> torch.Tensor:
        return back(torch.cat([luminance, share * chroma]))

    def inside(rgb: torch.Tensor) -> torch.Tensor:
        return ((rgb >= -SLACK) & (rgb <= 1 + SLACK)).all(0, keepdim=True)

    low, high = torch.zeros_like(luminance), torch.ones_like(luminance)
    low = torch.where(inside(at(high)), high, low)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        fits = inside(at(middle))
        low, high = torch.where(fits, middle, low), torch.where(fits, high, middle)
    return at(low).clamp(0, 1)


def with_colors_of(content: torch.Tensor, stylized: torch.Tensor, variant: str) -> torch.Tensor:
    """Both (3, H, W), encoded sRGB in [0, 1]."""
    shape = stylized.shape
    color = content.to(torch.float64).reshape(3, -1)
    light = stylized.to(torch.float64).reshape(3, -1)
    if variant == "luminance_ycbcr":
        merged = greyed((YCBCR @ light)[:1], (YCBCR @ color)[1:], of_ycbcr)
    else:
        merged = encoded(greyed(to_oklab(light)[:1], to_oklab(color)[1:], of_oklab))
    return merged.clamp(0, 1).reshape(shape)
