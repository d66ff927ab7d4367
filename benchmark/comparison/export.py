"""Weights in safetensors as the state dictionary that neural-style-pt loads: python -m comparison.export IN.safetensors OUT.pth

Both take the same tensors: its network, and ours with input_space=bgr_caffe, read blue first, 0..255 minus Caffe's means.
"""

import sys

import torch
from safetensors.torch import load_file

if __name__ == "__main__":
    torch.save(load_file(sys.argv[1]), sys.argv[2])
