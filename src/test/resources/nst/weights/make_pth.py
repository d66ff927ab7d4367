# coding: utf-8
"""Makes the files of torch.save that StateDictTest reads. Each entry k of the dict has the values 1000 k, 1000 k + 1, ...

python2.7 make_pth.py parameters parameters.pth   as PyTorch wrote them in 2017 with Python 2: parameters, strings of one byte a
                                                  character, a storage view. It needs no PyTorch: it pickles classes with
                                                  PyTorch's names, with the __reduce_ex__ that PyTorch 0.1 had
oracle/python.sh make_pth.py tensors tensors.pth  as PyTorch 2.7.1 writes them in the format before 1.6
oracle/python.sh make_pth.py check FILE           PyTorch 2.7.1 reads the file and finds these values
"""

import struct
import sys
import types
from collections import OrderedDict

SHAPES = OrderedDict(
    [
        ("features.0.weight", (4, 3, 3, 3)),
        ("features.0.bias", (4,)),
        ("features.2.weight", (2, 4, 3, 3)),
        ("features.2.bias", (2,)),
        ("classifier.0.weight", (5, 8)),
        ("classifier.0.bias", (5,)),
    ]
)
VIEW = "features.2.bias"  # in the file of 2017, the end of a storage with three values more


def count(shape):
    product = 1
    for side in shape:
        product *= side
    return product


def values(number, shape):
    return [1000.0 * number + i for i in range(count(shape))]


def tensors(file):
    import torch

    base = torch.nn.Module()
    base.features = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.Conv2d(4, 2, 3))
    base.classifier = torch.nn.Sequential(torch.nn.Linear(8, 5))
    state = base.state_dict()
    for number, (name, shape) in enumerate(SHAPES.items()):
        state[name].copy_(torch.tensor(values(number, shape)).reshape(shape))
    shared = torch.arange(-3.0, 9.0)  # two tensors of one storage
    state["shared.end"] = shared[8:]
    state["shared.middle"] = shared[2:8].reshape(2, 3)
    torch.save(state, file, _use_new_zipfile_serialization=False)


class Storage(object):
    """The persistent part of a tensor."""

    def __init__(self, key, length, view):
        self.id = ("storage", FloatStorage, key, "cpu", length, view)


def stub(module, name, base=object):
    made = type(name, (base,), {"__module__": module}) if base else lambda *arguments: None
    if not base:
        made.__module__, made.__name__ = module, name
    parts = module.split(".")
    for i in range(len(parts)):
        sys.modules.setdefault(".".join(parts[: i + 1]), types.ModuleType(".".join(parts[: i + 1])))
    setattr(sys.modules[module], name, made)
    return made


def parameters(file):
    import cPickle
    import copy_reg

    global FloatStorage
    FloatStorage = stub("torch", "FloatStorage")
    rebuild = stub("torch._utils", "_rebuild_tensor", None)

    class Tensor(object):
        def __init__(self, storage, offset, shape):
            strides = tuple(count(shape[i + 1 :]) for i in range(len(shape)))
            self.state = (storage, offset, shape, strides)

        def __reduce__(self):
            return rebuild, self.state

    Parameter = stub("torch.nn.parameter", "Parameter")
    Parameter.__init__ = lambda self, data=None: setattr(self, "data", data)
    Parameter.__reduce_ex__ = lambda self, protocol: (
        copy_reg.__newobj__,
        (Parameter, self.data),
        (True, False, OrderedDict()),
    )

    state, written = OrderedDict(), {}
    for number, (name, shape) in enumerate(SHAPES.items()):
        key = str(94000000000000 - 16 * number)  # an address; in reverse order in the file
        data, view = values(number, shape), None
        if name == VIEW:
            data, view = [0.0, 0.0, 0.0] + data, (key + "1", 3, count(shape))
        written[key] = data
        state[name] = Parameter(Tensor(Storage(key, len(data), view), 0, shape))
    with open(file, "wb") as out:
        for each in (
            0x1950A86A20F9469CFC6C,
            1001,
            {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}},
        ):
            cPickle.dump(each, out, 2)
        pickler = cPickle.Pickler(out, 2)
        pickler.persistent_id = lambda each: each.id if isinstance(each, Storage) else None
        pickler.dump(state)
        cPickle.dump(sorted(written), out, 2)
        for key in sorted(written):
            out.write(struct.pack("<q%df" % len(written[key]), len(written[key]), *written[key]))


def check(file):
    import torch

    state = torch.load(file, weights_only=True)
    for number, (name, shape) in enumerate(SHAPES.items()):
        expected = torch.tensor(values(number, shape)).reshape(shape)
        assert torch.equal(state[name], expected), name
    print(file, torch.__version__, {name: type(value).__name__ for name, value in state.items()})


if __name__ == "__main__":
    {"parameters": parameters, "tensors": tensors, "check": check}[sys.argv[1]](sys.argv[2])
