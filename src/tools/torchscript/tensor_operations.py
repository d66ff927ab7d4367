"""Makes src/main/resources/nst/engine/tensor-operations.pt: the operations that DJL does not offer.

A TorchScript module without parameters, a few KB. Run it with PyTorch 2.7.1 from PyPI (the libtorch that the Java side loads):

    python src/tools/torchscript/tensor_operations.py src/main/resources/nst/engine/tensor-operations.pt

Maps are (1, channels, height, width), channels last in memory: a map's rows, (height * width, channels), are a view of it.
"""

import sys
from typing import List

import torch
from torch import Tensor


def rows_of(x: Tensor) -> Tensor:
    """(1, channels, height, width) to (height * width, channels): a view."""
    return x.permute(0, 2, 3, 1).reshape(-1, x.size(1))


def bordered(x: Tensor) -> Tensor:
    """Border values repeated once beyond every side."""
    return torch.nn.functional.pad(x, [1, 1, 1, 1], mode="replicate")


def activated(x: Tensor, weight: Tensor, bias: Tensor, padding: int) -> Tensor:
    """relu(conv(x)). On the CPU as one operation, which spares a pass over the map."""
    together = x.dtype == torch.float32 or (x.dtype == torch.bfloat16 and torch.ops.mkldnn._is_mkldnn_bf16_supported())
    if x.is_cuda or not together:
        return torch.relu_(torch.conv2d(x, weight, bias, [1, 1], [padding, padding]))
    return torch.ops.mkldnn._convolution_pointwise(
        x, weight, bias, [padding, padding], [1, 1], [1, 1], 1, "relu", [], "")


def through_filters(gradient: Tensor, weight: Tensor, padding: int) -> Tensor:
    """The gradient by a 3x3 convolution's input. Of the input itself only the shape is needed."""
    grown = 2 - 2 * padding
    size = [gradient.size(0), weight.size(1), gradient.size(2) + grown, gradient.size(3) + grown]
    shape_only = torch.empty(size, dtype=gradient.dtype, device=gradient.device, memory_format=torch.channels_last)
    stride: List[int] = [1, 1]
    by_input = torch.ops.aten.convolution_backward(
        gradient, shape_only, weight, None, stride, [padding, padding], stride, False, [0, 0], 1, [True, False, False])[0]
    assert by_input is not None
    return by_input


def exact_product(left: Tensor, right: Tensor) -> Tensor:
    """left right in no less than single precision.

    A product of halves is summed in single precision, but its sum is rounded to halves. What that lost is had from the same
    product with the rounded sum taken away before the rounding.
    """
    if left.dtype == torch.float32 or left.dtype == torch.float64:
        return left @ right
    if left.is_cuda:
        return left.to(torch.float32) @ right.to(torch.float32)
    rounded = left @ right
    lost = rounded.neg().addmm_(left, right)  # in place: TorchScript's optimiser would take addmm apart, and round between
    return rounded.to(torch.float32) + lost.to(torch.float32)


class TensorOperations(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def float32(self, x: Tensor) -> Tensor:
        return x.to(torch.float32)

    @torch.jit.export
    def bfloat16(self, x: Tensor) -> Tensor:
        return x.to(torch.bfloat16)

    @torch.jit.export
    def float16(self, x: Tensor) -> Tensor:
        return x.to(torch.float16)

    @torch.jit.export
    def channels_last(self, x: Tensor) -> Tensor:
        return x.contiguous(memory_format=torch.channels_last)

    # Convolutions, 3x3, forward.

    @torch.jit.export
    def convolved_zeros(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return torch.conv2d(x, weight, bias, [1, 1], [1, 1])

    @torch.jit.export
    def convolved_replicate(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return torch.conv2d(bordered(x), weight, bias)

    @torch.jit.export
    def activated_zeros(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return activated(x, weight, bias, 1)

    @torch.jit.export
    def activated_replicate(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return activated(bordered(x), weight, bias, 0)

    # ... and back. "through_": from the gradient by a result to the gradient by what it was made from.

    @torch.jit.export
    def through_filters_zeros(self, gradient: Tensor, weight: Tensor) -> Tensor:
        return through_filters(gradient, weight, 1)

    @torch.jit.export
    def through_filters_replicate(self, gradient: Tensor, weight: Tensor) -> Tensor:
        """A view into a tensor with a border, whose gradient was added to where its values came from."""
        by_input = through_filters(gradient, weight, 0)
        by_input[:, :, 1].add_(by_input[:, :, 0])
        by_input[:, :, -2].add_(by_input[:, :, -1])
        by_input[:, :, :, 1].add_(by_input[:, :, :, 0])
        by_input[:, :, :, -2].add_(by_input[:, :, :, -1])
        return by_input[:, :, 1:-1, 1:-1]

    @torch.jit.export
    def through_relu(self, gradient: Tensor, activated: Tensor) -> Tensor:
        """Written over the gradient where that is a tensor of its own."""
        if gradient.is_contiguous(memory_format=torch.channels_last):
            return torch.ops.aten.threshold_backward(gradient, activated, 0, grad_input=gradient)
        return torch.ops.aten.threshold_backward(gradient, activated, 0)

    @torch.jit.export
    def through_average_pooling(self, gradient: Tensor, pooled_from: Tensor) -> Tensor:
        """Each of four gets a quarter; odd ends, which no pool saw, get nothing."""
        height = pooled_from.size(2)
        width = pooled_from.size(3)
        spread = torch.ops.aten.upsample_nearest2d(gradient * 0.25, [height // 2 * 2, width // 2 * 2])
        if height % 2 == 0 and width % 2 == 0:
            return spread
        return torch.nn.functional.pad(spread, [0, width % 2, 0, height % 2])

    @torch.jit.export
    def through_max_pooling(self, gradient: Tensor, pooled_from: Tensor) -> Tensor:
        """Finds the maxima again: their places would take twice the pooled map's memory."""
        two: List[int] = [2, 2]
        _, places = torch.ops.aten.max_pool2d_with_indices(pooled_from, two, two)
        return torch.ops.aten.max_pool2d_with_indices_backward(
            gradient.contiguous(memory_format=torch.channels_last), pooled_from, two, two, [0, 0], [1, 1], False, places)

    # Gram matrices.

    @torch.jit.export
    def products(self, x: Tensor, y: Tensor) -> Tensor:
        """x^T y of maps x and y, in no less than single precision; (channels, channels), symmetric.

        On the CPU only its upper blocks are computed, and mirrored.
        """
        left = rows_of(x)
        right = rows_of(y)
        channels = left.size(1)
        blocks = 1 if x.is_cuda or channels < 128 else (2 if channels < 256 else 4)
        width = (channels + blocks - 1) // blocks
        parts: List[Tensor] = []
        for start in range(0, channels, width):
            parts.append(exact_product(left[:, start:start + width].t(), right[:, start:]))
        if len(parts) == 1:
            return parts[0]
        result = torch.empty([channels, channels], dtype=parts[0].dtype)
        for i, part in enumerate(parts):
            start = i * width
            result[start:start + width, start:] = part
            result[start + width:, start:start + width] = part[:, width:].t()
        return result

    @torch.jit.export
    def row_sums(self, x: Tensor) -> Tensor:
        """Each channel's sum in no less than single precision, (1, channels).

        Halves are widened piece by piece, in the cache: at once they would be a map of twice the size.
        """
        rows = rows_of(x)
        if x.dtype == torch.float32 or x.dtype == torch.float64:
            return rows.sum([0], True)
        if x.is_cuda:
            return rows.sum([0], True, dtype=torch.float32)
        total = torch.zeros([1, x.size(1)], dtype=torch.float32)
        for piece in rows.split(262144 // x.size(1)):
            total.add_(piece.sum([0], True, dtype=torch.float32))
        return total

    @torch.jit.export
    def through_products(self, x: Tensor, matrix: Tensor, row: Tensor) -> Tensor:
        """x matrix + row at every position of a map x; of x's shape. The matrix, (channels, channels), is symmetric."""
        rows = rows_of(x)
        if x.is_cuda or x.dtype != torch.float32:
            result = torch.addmm(row, rows, matrix)
        else:  # twice as fast as the BLAS on some CPUs
            result = torch.ops.mkldnn._linear_pointwise(rows, matrix, row.view(-1), "none", [], "")
        return result.view(1, x.size(2), x.size(3), x.size(1)).permute(0, 3, 1, 2)


if __name__ == "__main__":
    torch.jit.script(TensorOperations().eval()).save(sys.argv[1])
