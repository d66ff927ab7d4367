"""Makes src/jmh/resources/nst/engine/packed-convolution.pt: a convolution whose filters are in oneDNN's own layout, for a benchmark.

A TorchScript module without parameters. Run it with PyTorch 2.7.1 from PyPI (the libtorch that the Java side loads):

    python src/tools/torchscript/packed_convolution.py src/jmh/resources/nst/engine/packed-convolution.pt

With filters in PyTorch's layout, oneDNN converts them in every call.
"""

import sys

import torch
from torch import Tensor


class PackedConvolution(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def pack(self, weight: Tensor, x: Tensor) -> Tensor:
        """Converts the filters of a 3x3 convolution with a border of zeros, for inputs like x."""
        return torch.ops.mkldnn._reorder_convolution_weight(
            weight.contiguous(), [1, 1], [1, 1], [1, 1], 1, [x.size(0), x.size(1), x.size(2), x.size(3)])

    @torch.jit.export
    def pack_backward(self, weight: Tensor, gradient: Tensor) -> Tensor:
        """The same for the gradient with respect to the input, which is the convolution with the transposed, mirrored filters."""
        return self.pack(weight.transpose(0, 1).flip([2, 3]), gradient)

    @torch.jit.export
    def convolve(self, x: Tensor, packed: Tensor) -> Tensor:
        return torch.ops.mkldnn._convolution_pointwise(x, packed, None, [1, 1], [1, 1], [1, 1], 1, "none", [], "")


if __name__ == "__main__":
    torch.jit.script(PackedConvolution().eval()).save(sys.argv[1])
