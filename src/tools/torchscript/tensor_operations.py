"""Makes src/main/resources/nst/engine/tensor-operations.pt: the few differentiable operations that DJL does not offer.

A TorchScript module without parameters, about 2 KB. Run it with PyTorch 2.7.1 from PyPI (the libtorch that the Java side loads):

    python src/tools/torchscript/tensor_operations.py src/main/resources/nst/engine/tensor-operations.pt
"""

import sys

import torch


class TensorOperations(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x

    @torch.jit.export
    def float32(self, x: torch.Tensor) -> torch.Tensor:
        return x.to(torch.float32)

    @torch.jit.export
    def bfloat16(self, x: torch.Tensor) -> torch.Tensor:
        return x.to(torch.bfloat16)

    @torch.jit.export
    def float16(self, x: torch.Tensor) -> torch.Tensor:
        return x.to(torch.float16)

    @torch.jit.export
    def channels_last(self, x: torch.Tensor) -> torch.Tensor:
        return x.contiguous(memory_format=torch.channels_last)

    @torch.jit.export
    def relu_in_place(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu_(x)

    @torch.jit.export
    def replicated_border(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.pad(x, [1, 1, 1, 1], mode="replicate")


if __name__ == "__main__":
    torch.jit.script(TensorOperations().eval()).save(sys.argv[1])
