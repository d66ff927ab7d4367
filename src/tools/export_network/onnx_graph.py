"""A style network as an ONNX graph, built node by node: PyTorch's exporters need torch, and their graph depends on its version."""

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from network import EPSILON, MARGIN, MULTIPLE, Layer, Network

# Everything that the graph uses exists since opset 13, which ONNX Runtime reads since 1.8. Newer versions of the opset and of the file's
# format would only exclude older runtimes.
OPSET = 13
IR_VERSION = 7


def model(network: Network) -> ModelProto:
    return Graph(network).model()


class Graph:
    def __init__(self, network: Network):
        self.network = network
        self.nodes: list = []
        self.constants: dict[str, np.ndarray] = {}

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: object) -> str:
        output = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], output, **attributes))
        return output

    def numbers(self, *values: int) -> str:
        """Returns the name of a constant vector of whole numbers."""
        return self.constant("_".join(["numbers", *map(str, values)]), np.array(values, np.int64))

    def real(self, value: float) -> str:
        return self.constant(f"real_{value}", np.array(value, np.float32))

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = value
        return name

    def model(self) -> ModelProto:
        network = self.network
        size = self.node("Slice", self.node("Shape", "photo"), self.numbers(2), self.numbers(4))
        row = self.node("Reshape", "blend", self.numbers(1, -1)) if network.is_blended else ""
        x, entered, channels = self.extended(size), "", 3
        for layer in network.layers:
            if layer.begins_block:
                entered = x
            x = self.computed(x, layer, channels, row)
            if layer.ends_block:
                x = self.node("Add", x, entered)
            channels = network.weight(layer).shape[0]
        self.pixels(self.node("Slice", x, self.numbers(0, 0), size, self.numbers(2, 3)))
        return self.finished()

    def extended(self, size: str) -> str:
        """Returns the photo in [-1, 1], with its last column and row repeated up to a multiple of 4."""
        multiple = self.numbers(MULTIPLE, MULTIPLE)
        missing = self.node("Mod", self.node("Sub", multiple, self.node("Mod", size, multiple)), multiple)
        pads = self.node("Concat", self.numbers(0, 0, 0, 0, 0, 0), missing, axis=0)
        x = self.node("Pad", "photo", pads, mode="edge")
        return self.node("Sub", self.node("Mul", x, self.real(2)), self.real(1))

    def computed(self, x: str, layer: Layer, channels: int, row: str) -> str:
        weight = self.network.weight(layer)
        if layer.upsampled:
            factors = self.constant("twice", np.array([1, 1, 2, 2], np.float32))
            rounding = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
            x = self.node("Resize", x, "", factors, mode="nearest", **rounding)
        border = weight.shape[-1] // 2
        if border > 0:
            x = self.node("Pad", x, self.numbers(*[0, 0, border, border] * 2), mode="reflect")
        name = self.constant(f"{layer.name}.weight", weight)
        x = self.node("Conv", x, name, group=channels // weight.shape[1], strides=[layer.stride] * 2)
        scale, shift = self.network.scale(layer), self.network.shift(layer)
        if scale is not None:
            scales, shifts = self.mixed(f"{layer.name}.scale", scale, row), self.mixed(f"{layer.name}.shift", shift, row)
            x = self.node("InstanceNormalization", x, scales, shifts, epsilon=EPSILON)
        elif shift is not None:
            bias = self.node("Reshape", self.mixed(f"{layer.name}.shift", shift, row), self.numbers(1, -1, 1, 1))
            x = self.node("Add", x, bias)
        return self.node("Relu", x) if layer.relu else x

    def mixed(self, name: str, of_looks: np.ndarray, row: str) -> str:
        """Returns the scales or shifts of the blend, (channels). Those of a single look are constant."""
        if not self.network.is_blended:
            return self.constant(name, of_looks[0])
        return self.node("Reshape", self.node("MatMul", row, self.constant(name, of_looks)), self.numbers(-1))

    def pixels(self, z: str) -> str:
        above = self.node("Sub", self.node("Sigmoid", z), self.real(MARGIN))
        x = self.node("Div", above, self.real(1 - 2 * MARGIN))
        return self.node("Clip", x, self.real(0), self.real(1), output="picture")

    def finished(self) -> ModelProto:
        def value(name: str, *shape: str | int):
            return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

        image = ("images", 3, "height", "width")
        blend = [value("blend", len(self.network.looks))] if self.network.is_blended else []
        graph = helper.make_graph(
            self.nodes,
            "style_network",
            [value("photo", *image), *blend],
            [value("picture", *image)],
            [numpy_helper.from_array(array, name) for name, array in self.constants.items()],
        )
        opset = [helper.make_opsetid("", OPSET)]
        made = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="nst")
        helper.set_model_props(made, self.network.description)
        checker.check_model(made, full_check=True)
        return made
