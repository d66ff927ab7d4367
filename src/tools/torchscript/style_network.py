"""Makes src/main/resources/nst/engine/stylenetwork/style-network.pt: the forward pass and the update of a style network.

A TorchScript module without parameters. Run it with PyTorch 2.7.1 from PyPI (the libtorch that the Java side loads):

    python src/tools/torchscript/style_network.py src/main/resources/nst/engine/stylenetwork/style-network.pt

Maps are (images, channels, height, width), channels last in memory.
"""

import sys
from typing import Final, List

import torch
from torch import Tensor


def reflected(x: Tensor, border: int) -> Tensor:
    """Pixels mirrored beyond every side. A border of zeros would paint a frame."""
    return torch.nn.functional.pad(x, [border, border, border, border], mode="reflect") if border > 0 else x


def instance_normalized(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Instance normalisation (Ulyanov et al. 2016) with a scale and a shift for each channel, (channels).

    One image at a time: batch normalisation of a batch of one is the same function, and on the CPU the fastest.
    """
    if x.dtype == torch.float64:  # bfloat16 maps take single precision parameters
        scale, shift = scale.to(x.dtype), shift.to(x.dtype)
    if x.size(0) == 1:
        return torch.batch_norm(x, scale, shift, None, None, True, 0.0, 1e-5, False)
    images: List[Tensor] = []
    for i in range(x.size(0)):
        images.append(torch.batch_norm(x.narrow(0, i, 1), scale, shift, None, None, True, 0.0, 1e-5, False))
    return torch.cat(images)


def convolved(x: Tensor, weight: Tensor, stride: int) -> Tensor:
    """A convolution without a border, of all channels together or of groups of them.

    oneDNN computes 16 channels even if only 3 are needed. So a convolution to few channels computes several neighbouring pixels of a
    row at once, as channels. The sums are the same.
    """
    outs, kernel = weight.size(0), weight.size(2)
    groups = x.size(1) // weight.size(1)
    if outs > 4 or groups > 1 or stride > 1 or x.is_cuda or x.dtype == torch.float64:
        return torch.conv2d(x, weight, None, [stride, stride], [0, 0], [1, 1], groups)
    together = 16 // outs
    shifted: List[Tensor] = []
    for i in range(together):
        shifted.append(torch.nn.functional.pad(weight, [i, together - 1 - i]))
    wide = torch.stack(shifted).view(-1, weight.size(1), kernel, kernel + together - 1).contiguous(memory_format=torch.channels_last)
    width = x.size(3) - kernel + 1
    whole = torch.nn.functional.pad(x, [0, (-width) % together])
    found = torch.conv2d(whole, wide, None, [1, together])  # (images, together * outs, height, width / together)
    pixels = found.view(x.size(0), together, outs, found.size(2), found.size(3)).permute(0, 2, 3, 4, 1)
    return pixels.reshape(x.size(0), outs, found.size(2), -1).narrow(3, 0, width)


def is_filter_matrix(parameter: Tensor) -> bool:
    """Whether Muon optimises it: filters of all channels together, but not those to pixels."""
    return parameter.dim() == 4 and parameter.size(0) > 3 and parameter.size(1) > 1


def orthogonal(matrix: Tensor) -> Tensor:
    """Makes all singular values of a matrix about 1, by five Newton-Schulz steps (Jordan et al. 2024)."""
    tall = matrix.size(0) > matrix.size(1)
    x = matrix.t() if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.t()
        x = 3.4445 * x + (2.0315 * gram @ gram - 4.775 * gram) @ x
    return x.t() if tall else x


class StyleNetworkOperations(torch.nn.Module):
    # Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon): its learning rate is larger than that of Adam.
    MUON_RATE: Final[float] = 20.0
    MUON_MOMENTUM: Final[float] = 0.95

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def stylized(
        self, pixels: Tensor, plan: Tensor, blend: Tensor, weights: List[Tensor], scales: List[Tensor], shifts: List[Tensor]
    ) -> Tensor:
        """From photos to logits of pixels, (images, 3, height, width) both.

        Computed in the precision of `pixels`; the result has no less than single precision.

        plan: (layers, 4); for each convolution its stride, the factor of the nearest-neighbour upsampling before it, what follows it
        (0: nothing, 1: normalisation, 2: normalisation and ReLU, 3: a bias), and whether a residual block begins (1) or ends (2) here.
        blend: (styles), how much of each style's normalisation counts.
        weights: one for each convolution. shifts: (styles, channels), one for each layer that has a normalisation or a bias; scales: one for
        each that has a normalisation. The layer with the bias is the last.
        """
        height, width = pixels.size(2), pixels.size(3)
        right, below = (-width) % 4, (-height) % 4  # both halvings must be even
        x = torch.nn.functional.pad(pixels, [0, right, 0, below], mode="replicate") * 2 - 1
        entered = x  # of the current residual block
        affine = 0
        steps: List[List[int]] = plan.tolist()
        for i, step in enumerate(steps):
            stride, upsampling, after, block = step[0], step[1], step[2], step[3]
            if block == 1:
                entered = x
            if upsampling > 1:
                x = torch.nn.functional.interpolate(x, scale_factor=[float(upsampling), float(upsampling)], mode="nearest")
            weight = weights[i].to(x.dtype).contiguous(memory_format=torch.channels_last)
            x = convolved(reflected(x, weight.size(2) // 2), weight, stride)
            if after == 3:
                x = x + torch.mv(shifts[affine].t(), blend).to(x.dtype).view(1, -1, 1, 1)
                affine += 1
            elif after != 0:
                x = instance_normalized(x, torch.mv(scales[affine].t(), blend), torch.mv(shifts[affine].t(), blend))
                affine += 1
            if after == 2:
                x = torch.relu(x)
            if block == 2:
                x = x + entered
        x = x.narrow(2, 0, height).narrow(3, 0, width).contiguous()
        return x if x.dtype == torch.float64 else x.to(torch.float32)

    @torch.jit.export
    def update(
        self,
        parameters: List[Tensor],
        gradients: List[Tensor],
        first: List[Tensor],
        second: List[Tensor],
        step: int,
        learning_rate: float,
        images: int,
        most: float,
    ) -> float:
        """A step of Muon for the filters of inner convolutions, and of Adam for other parameters, written over the parameters.

        gradients: summed over so many images; a step takes the mean. first, second: the moments, written over; Muon has no
        second. step: from 1. learning_rate: of Adam. most: a gradient whose norm over all parameters is larger is scaled down
        to it. Gradients are zero afterwards. Returns the norm before; if it is not finite, only the gradients change.
        """
        beta1, beta2, epsilon = 0.9, 0.999, 1e-8
        square = 0.0
        for gradient in gradients:
            square += float(gradient.mul_(1.0 / images).pow(2).sum(dtype=torch.float64))
        norm = square**0.5
        if norm == norm and norm < float("inf"):
            clip = min(1.0, most / (norm + 1e-12))
            rate = learning_rate * (1 - beta2**step) ** 0.5 / (1 - beta1**step)
            for i, p in enumerate(parameters):
                gradient = gradients[i].mul_(clip)
                if is_filter_matrix(p):
                    momentum = first[i].mul_(self.MUON_MOMENTUM).add_(gradient)
                    direction = orthogonal(gradient.add(momentum, alpha=self.MUON_MOMENTUM).flatten(1))
                    tall = max(1.0, p.size(0) / (p.numel() // p.size(0))) ** 0.5
                    p.sub_(direction.reshape(p.size()), alpha=self.MUON_RATE * learning_rate * tall)
                else:  # the order of computation at the end of section 2 of Kingma and Ba
                    first[i].mul_(beta1).add_(gradient, alpha=1 - beta1)
                    second[i].mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
                    p.addcdiv_(first[i], second[i].sqrt().add_(epsilon), value=-rate)
        for gradient in gradients:
            gradient.zero_()
        return norm


if __name__ == "__main__":
    torch.jit.script(StyleNetworkOperations().eval()).save(sys.argv[1])
