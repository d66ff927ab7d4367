"""Makes src/main/resources/nst/engine/network/tensor-operations.pt: the operations that DJL does not offer.

A TorchScript module without parameters, a few KB. Run it with PyTorch 2.7.1 from PyPI (the libtorch that the Java side loads):

    python src/tools/torchscript/tensor_operations.py src/main/resources/nst/engine/network/tensor-operations.pt

Maps are (1, channels, height, width) in channels-last layout, so that (height * width, channels) is a view of a map.
"""

import sys
from typing import Final, List, Tuple

import torch
from pixels import pixels_of, through_pixels, total_variation
from torch import Tensor

# The terms of an image: the space of its variable, scale and offset of a standardised one, the targets and factors of its
# contents, its styles by layer, the divisors of the Gram matrices by layer, whether they are centred, and form and factor of
# the total variation.
ImageTerms = Tuple[int, List[Tensor], List[Tensor], List[float], List[Tensor], List[float], bool, int, float]


def rows_of(x: Tensor) -> Tensor:
    """Reshapes (1, channels, height, width) to (height * width, channels), as a view."""
    return x.permute(0, 2, 3, 1).reshape(-1, x.size(1))


def bordered(x: Tensor) -> Tensor:
    """Repeats the border values once on every side."""
    return torch.nn.functional.pad(x, [1, 1, 1, 1], mode="replicate")


def activated(x: Tensor, weight: Tensor, bias: Tensor, padding: int) -> Tensor:
    """Computes relu(conv(x)). On the CPU it is one operation, which saves a pass over the map."""
    together = x.dtype == torch.float32 or (x.dtype == torch.bfloat16 and torch.ops.mkldnn._is_mkldnn_bf16_supported())
    if x.is_cuda or not together:
        return torch.relu_(torch.conv2d(x, weight, bias, [1, 1], [padding, padding]))
    return torch.ops.mkldnn._convolution_pointwise(
        x, weight, bias, [padding, padding], [1, 1], [1, 1], 1, "relu", [], "")


def convolved(x: Tensor, weight: Tensor, bias: Tensor, replicate: bool, activate: bool) -> Tensor:
    """Computes a 3x3 convolution of a map with a border, and its ReLU if wanted."""
    wider = bordered(x) if replicate else x
    padding = 0 if replicate else 1
    if activate:
        return activated(wider, weight, bias, padding)
    return torch.conv2d(wider, weight, bias, [1, 1], [padding, padding])


def pooled(x: Tensor, maximum: bool) -> Tensor:
    return torch.max_pool2d(x, [2, 2]) if maximum else torch.nn.functional.avg_pool2d(x, [2, 2])


def through_filters(gradient: Tensor, weight: Tensor, padding: int) -> Tensor:
    """Computes the gradient with respect to the input of a 3x3 convolution. Only the shape of the input is needed."""
    grown = 2 - 2 * padding
    size = [gradient.size(0), weight.size(1), gradient.size(2) + grown, gradient.size(3) + grown]
    shape_only = torch.empty(size, dtype=gradient.dtype, device=gradient.device, memory_format=torch.channels_last)
    stride: List[int] = [1, 1]
    by_input = torch.ops.aten.convolution_backward(
        gradient, shape_only, weight, None, stride, [padding, padding], stride, False, [0, 0], 1, [True, False, False])[0]
    assert by_input is not None
    return by_input


def through_first_filters(gradient: Tensor, weight: Tensor) -> Tensor:
    """through_filters for a few channels, whose result has a border of one: (images, channels, height + 2, width + 2).

    oneDNN computes 16 channels even if only 3 are needed. Here a convolution computes several neighbouring pixels of a row
    at once, as channels.
    """
    images, height, width = gradient.size(0), gradient.size(2), gradient.size(3)
    outs, channels = weight.size(0), weight.size(1)
    turned = weight.transpose(0, 1).flip([2, 3])
    together = 16 // channels
    wide = torch.zeros([together, channels, outs, 3, together + 2], dtype=weight.dtype)
    for i in range(together):
        wide[i, :, :, :, i:i + 3] = turned
    wide = wide.view(-1, outs, 3, together + 2).contiguous(memory_format=torch.channels_last)
    margin = together + 1  # so that the last positions reach the end of every row
    found = torch.conv2d(gradient, wide, None, [1, together], [2, margin])  # (images, together * channels, height + 2, groups)
    rows = found.view(images, together, channels, height + 2, -1).permute(0, 2, 3, 4, 1).reshape(images, channels, height + 2, -1)
    return rows.narrow(3, margin - 2, width + 2)


def within(bordered: Tensor) -> Tensor:
    """Removes a border of one, as a view."""
    return bordered.narrow(2, 1, bordered.size(2) - 2).narrow(3, 1, bordered.size(3) - 2)


def through_borders(by_bordered: Tensor) -> Tensor:
    """Computes the gradient with respect to a map before its border was added. The result is a view.

    It uses select and narrow, because an index with colons is one operation for each colon.
    """
    for side in (2, 3):
        last = by_bordered.size(side) - 1
        by_bordered.select(side, 1).add_(by_bordered.select(side, 0))
        by_bordered.select(side, last - 1).add_(by_bordered.select(side, last))
    return within(by_bordered)


def through_convolution(gradient: Tensor, weight: Tensor, replicate: bool) -> Tensor:
    """Computes the gradient with respect to the map that was convolved, without its border."""
    if weight.size(1) <= 4 and not gradient.is_cuda:
        ringed = through_first_filters(gradient, weight)
        return through_borders(ringed) if replicate else within(ringed)
    if replicate:
        return through_borders(through_filters(gradient, weight, 0))
    return through_filters(gradient, weight, 1)


def positive(x: Tensor) -> Tensor:
    """What through_relu needs of a map, in a byte for each value."""
    return (x > 0).to(torch.uint8)


def through_relu(gradient: Tensor, activated: Tensor) -> Tensor:
    """Overwrites the gradient if it is a separate tensor. activated: the result of the ReLU, or where it is positive."""
    if activated.dtype == torch.uint8:
        return gradient.mul_(activated)
    if gradient.is_contiguous(memory_format=torch.channels_last):
        return torch.ops.aten.threshold_backward(gradient, activated, 0, grad_input=gradient)
    return torch.ops.aten.threshold_backward(gradient, activated, 0)


def through_average_pooling(gradient: Tensor, pooled_from: Tensor) -> Tensor:
    """Each of the four positions gets a quarter. Odd ends, which the pooling does not use, get 0."""
    height = pooled_from.size(2)
    width = pooled_from.size(3)
    spread = torch.ops.aten.upsample_nearest2d(gradient * 0.25, [height // 2 * 2, width // 2 * 2])
    if height % 2 == 0 and width % 2 == 0:
        return spread
    return torch.nn.functional.pad(spread, [0, width % 2, 0, height % 2])


def through_max_pooling(gradient: Tensor, pooled_from: Tensor) -> Tensor:
    """Finds the maxima again, because storing their positions would need twice the memory of the pooled map."""
    two: List[int] = [2, 2]
    _, places = torch.ops.aten.max_pool2d_with_indices(pooled_from, two, two)
    return torch.ops.aten.max_pool2d_with_indices_backward(
        gradient.contiguous(memory_format=torch.channels_last), pooled_from, two, two, [0, 0], [1, 1], False, places)


def through_pooling(gradient: Tensor, pooled_from: Tensor, maximum: bool) -> Tensor:
    return through_max_pooling(gradient, pooled_from) if maximum else through_average_pooling(gradient, pooled_from)


def exact_product(left: Tensor, right: Tensor) -> Tensor:
    """Computes left @ right in at least single precision.

    A product in half precision is summed in single precision, but the sum is rounded to half precision. The rounding error
    comes from a second product, from which the rounded sum is subtracted before it is rounded.
    """
    if left.dtype == torch.float32 or left.dtype == torch.float64:
        return left @ right
    if left.is_cuda:
        return left.to(torch.float32) @ right.to(torch.float32)
    rounded = left @ right
    lost = rounded.neg().addmm_(left, right)  # in place, because TorchScript's optimiser would split addmm and round in between
    return rounded.to(torch.float32) + lost.to(torch.float32)


def products(x: Tensor, y: Tensor) -> Tensor:
    """Computes x^T y of maps x and y in at least single precision; (channels, channels), symmetric.

    On the CPU, only the upper blocks are computed and then mirrored.
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


def row_sums(x: Tensor) -> Tensor:
    """Computes the sum of each channel in at least single precision, (1, channels)."""
    rows = rows_of(x)
    if x.dtype == torch.float32 or x.dtype == torch.float64:
        return rows.sum([0], True)
    if x.is_cuda:
        return rows.sum([0], True, dtype=torch.float32)
    # A sum in float32 would first create a map of twice the size.
    return exact_product(torch.ones([1, rows.size(0)], dtype=x.dtype), rows)


def gram_matrix(counted: Tensor, x: Tensor, divisor: float, centered: bool) -> List[Tensor]:
    """Computes x^T counted / divisor, (channels, channels), in at least single precision.

    counted is x with each position multiplied by its share. If centred, the product of the means is subtracted, and the
    means, (1, channels), are the second result.
    """
    result = products(counted, x).mul_(1 / divisor)
    if not centered:
        return [result]
    mean = row_sums(counted).mul_(1 / divisor)
    return [result.addmm_(mean.t(), mean, alpha=-1.0), mean]


def through_gram_matrix(x: Tensor, matrix: Tensor, mean: Tensor) -> Tensor:
    """Computes (x - mean) matrix at every position of a map x, with x's shape; the matrix, (channels, channels), is symmetric."""
    row = (mean @ matrix).neg_().to(x.dtype)
    matrix = matrix.to(x.dtype)
    rows = rows_of(x)
    if x.is_cuda or x.dtype != torch.float32:
        result = torch.addmm(row, rows, matrix)
    else:  # twice as fast as the BLAS library on some CPUs
        result = torch.ops.mkldnn._linear_pointwise(rows, matrix, row.view(-1), "none", [], "")
    return result.view(1, x.size(2), x.size(3), x.size(1)).permute(0, 3, 1, 2)


def joined(images: List[Tensor]) -> Tensor:
    return images[0] if len(images) == 1 else torch.cat(images)


def plus_through_gram_matrices(gradient: Tensor, x: Tensor, matrices: List[Tensor], means: List[Tensor]) -> Tensor:
    """Adds through_gram_matrix of each image of x in place. An empty gradient counts as zero.

    The sum is computed in bands of rows, so that no other tensor of the size of a map is needed.
    """
    if gradient.numel() == 0:
        return joined([through_gram_matrix(x.narrow(0, k, 1), matrices[k], means[k]) for k in range(len(matrices))])
    band = max(1, 4194304 // (x.size(1) * x.size(3)))
    for top in range(0, x.size(2), band):
        height = min(band, x.size(2) - top)
        for k in range(len(matrices)):
            own = x.narrow(0, k, 1).narrow(2, top, height)
            gradient.narrow(0, k, 1).narrow(2, top, height).add_(through_gram_matrix(own, matrices[k], means[k]))
    return gradient


class TensorOperations(torch.nn.Module):
    # The kinds of steps of a VGG; VggStep.Kind has the same codes.
    CONVOLVE: Final[int] = 0
    RECTIFY: Final[int] = 1
    ACTIVATE: Final[int] = 2  # both in one
    POOL: Final[int] = 3

    # Larger maps are kept as bytes if a pass needs no more of them: 1 per cent slower, but half or a quarter of the memory.
    LARGE: Final[int] = 2**24

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

    # A VGG: 3x3 convolutions, ReLUs and 2x2 poolings. One call runs many steps, because each call from Java costs as much
    # as a small operation.

    def is_convolution(self, step: int) -> bool:
        return step == self.CONVOLVE or step == self.ACTIVATE

    def after_step(
        self, x: Tensor, step: int, weights: List[Tensor], biases: List[Tensor], convolution: int, replicate: bool, maximum: bool
    ) -> Tensor:
        """Computes the result of a step. convolution: the number of its filter, if it has one."""
        if step == self.POOL:
            return pooled(x, maximum)
        if step == self.RECTIFY:
            return torch.relu(x)
        return convolved(x, weights[convolution], biases[convolution], replicate, step == self.ACTIVATE)

    def through_step(
        self, gradient: Tensor, step: int, seen: Tensor, weights: List[Tensor], convolution: int, replicate: bool, maximum: bool
    ) -> Tensor:
        """Computes the gradient with respect to the input of a step; may overwrite the other gradient.

        seen: the result of its ReLU or the input of its pooling; not used for a convolution without ReLU.
        """
        if step == self.POOL:
            return through_pooling(gradient, seen, maximum)
        if step != self.CONVOLVE:
            gradient = through_relu(gradient, seen)
        if step != self.RECTIFY:
            gradient = through_convolution(gradient, weights[convolution], replicate)
        return gradient

    @torch.jit.export
    def run(
        self, x: Tensor, steps: List[int], weights: List[Tensor], biases: List[Tensor], kept: List[bool], replicate: bool, maximum: bool
    ) -> List[Tensor]:
        """Returns the results of the kept steps. There is one weight and one bias for each convolution."""
        results: List[Tensor] = []
        convolution = 0
        for i, step in enumerate(steps):
            x = self.after_step(x, step, weights, biases, convolution, replicate, maximum)
            convolution += int(self.is_convolution(step))
            if kept[i]:
                results.append(x)
        return results

    @torch.jit.export
    def run_back(
        self, by_result: List[Tensor], steps: List[int], weights: List[Tensor], seen: List[Tensor], replicate: bool, maximum: bool
    ) -> Tensor:
        """Computes the gradient with respect to the input of the first step, from that with respect to the last result.

        seen: for each step the result of its ReLU or the input of its pooling; for average pooling, only the shape is used.
        The tensors are removed from the lists, so that their memory is free after their step. by_result may be overwritten.
        """
        gradient = by_result.pop()
        convolution = len(weights)
        while len(steps) > 0:
            step = steps.pop()
            convolution -= int(self.is_convolution(step))
            gradient = self.through_step(gradient, step, seen.pop(), weights, convolution, replicate, maximum)
        return gradient

    @torch.jit.export
    def gram(self, counted: Tensor, x: Tensor, divisor: float, centered: bool) -> List[Tensor]:
        return gram_matrix(counted, x, divisor, centered)

    @torch.jit.export
    def through_gram(self, x: Tensor, matrix: Tensor, mean: Tensor) -> Tensor:
        return through_gram_matrix(x, matrix, mean)

    @torch.jit.export
    def evaluate(
        self,
        xs: List[Tensor],
        by_xs: List[Tensor],
        style_factors: List[float],
        images: List[ImageTerms],
        margin: float,
        channels: List[Tensor],
        steps: List[int],
        weights: List[Tensor],
        biases: List[Tensor],
        replicate: bool,
        maximum: bool,
        content_at: List[int],
        styles_at: List[int],
    ) -> List[float]:
        """Evaluates the objectives of images of one shape: the Java class FusedObjective, which documents the arguments.

        One call, and no autograd. Writes dL/dx to by_xs. Returns image after image. For each image, the values are the mean
        square of the content term and of the style terms of each step, then the total variation and the squared norm of the
        gradient.
        """
        scale, offset = channels[0], channels[1]
        dtype = weights[0].dtype
        shown: List[Tensor] = []
        inputs: List[Tensor] = []
        values: List[List[Tensor]] = []
        for k, x in enumerate(xs):
            standard = images[k][1]
            pixels = pixels_of(x, images[k][0], margin, standard[0], standard[1])
            shown.append(pixels)
            inputs.append((pixels * scale).add_(offset).to(dtype).contiguous(memory_format=torch.channels_last))
            none: List[Tensor] = []
            values.append(none)
        photos = joined(inputs)

        # Forward. Each step keeps what its way back needs.
        kept: List[Tensor] = []
        nothing = torch.empty([0], dtype=dtype)
        by_grams: List[Tensor] = []
        means: List[Tensor] = []
        map = photos
        convolution = 0
        # The first map is as large as any, and the fastest to compute: on the way back it is computed again.
        computed_again = len(steps) > 1 and steps[0] == self.ACTIVATE
        for i, step in enumerate(steps):
            map = self.after_step(map, step, weights, biases, convolution, replicate, maximum)
            convolution += int(self.is_convolution(step))
            first_factor = 0
            for k, image in enumerate(images):
                space, standard, contents, content_factors, styles, divisors, centered, tv, tv_factor = image
                own = map.narrow(0, k, 1)
                if content_at[i] >= 0:
                    difference = own.to(contents[0].dtype) - contents[content_at[i]]
                    values[k].append(difference.mul_(difference).mean())
                if styles_at[i] >= 0:
                    blend = len(styles) // len(divisors)
                    measured = gram_matrix(own, own, divisors[styles_at[i]], centered)
                    by_gram = torch.zeros_like(measured[0])
                    for s in range(styles_at[i] * blend, (styles_at[i] + 1) * blend):
                        distance = measured[0] - styles[s]
                        values[k].append(distance.square().mean())
                        by_gram.add_(distance.mul_(style_factors[first_factor + s]))
                    by_grams.append(by_gram.mul_(2 / divisors[styles_at[i]]))
                    means.append(measured[1] if centered else torch.zeros_like(by_gram[0:1]))
                first_factor += len(styles)
            is_term = content_at[i] >= 0 or styles_at[i] >= 0
            if step == self.POOL and not is_term:
                kept.append(nothing)
            elif step == self.ACTIVATE and not is_term and not maximum and map.numel() > self.LARGE:
                kept.append(positive(map))
            else:
                kept.append(map)
            if i == 1 and computed_again:
                kept[0] = nothing

        # Back. Gradients with respect to a map are in the network's precision.
        gradient = nothing
        for reversed_i in range(len(steps)):
            i = len(steps) - 1 - reversed_i
            step = steps[i]
            map = kept.pop()
            if i == 0 and computed_again:
                map = convolved(photos, weights[0], biases[0], replicate, True)
            arriving = gradient
            if content_at[i] >= 0:
                by_contents: List[Tensor] = []
                for k, image in enumerate(images):
                    target, factor = image[2][content_at[i]], image[3][content_at[i]]
                    difference = (map.narrow(0, k, 1).to(target.dtype) - target).mul_(factor)
                    by_contents.append(difference.to(dtype).contiguous(memory_format=torch.channels_last))
                gradient = joined(by_contents)
            if styles_at[i] >= 0:
                count = len(images)
                gradient = plus_through_gram_matrices(gradient, map, by_grams[-count:], means[-count:])
                by_grams = by_grams[:-count]
                means = means[:-count]
            if content_at[i] >= 0 and arriving.numel() > 0:
                gradient.add_(arriving)
            convolution -= int(self.is_convolution(step))
            seen = kept[i - 1] if step == self.POOL else map
            gradient = self.through_step(gradient, step, seen, weights, convolution, replicate, maximum)

        by_pixels = gradient.to(xs[0].dtype) * scale
        together: List[Tensor] = []
        for k, x in enumerate(xs):
            space, standard, contents, content_factors, styles, divisors, centered, tv, tv_factor = images[k]
            own = by_pixels.narrow(0, k, 1)
            variation, by_variation = total_variation(x if space == 1 else shown[k], tv, tv_factor)
            if space == 1:
                found = through_pixels(own, x, space, margin, standard[0]).add_(by_variation)
            else:
                found = through_pixels(own.add_(by_variation), x, space, margin, standard[0])
            by_xs[k].copy_(found)
            norm = by_xs[k].flatten()
            together.extend(values[k])
            together.append(variation)
            together.append(norm.dot(norm))
        result: List[float] = torch.stack(together).to(torch.float64).tolist()
        return result


if __name__ == "__main__":
    torch.jit.script(TensorOperations().eval()).save(sys.argv[1])
