#!/usr/bin/env python3
# Writes data/*.safetensors: what PyTorch computes in ten training steps, and what its losses are.
# SPDX-License-Identifier: MIT
"""For each run: <name>.safetensors, the first parameters (float32, as nn.Sequential names them), and
<name>_f32 and <name>_f64 with losses (one for each step), gradient.<parameter> of the first step and
after.<parameter or buffer> after the last. Tensors of more than 2000 numbers are every 37th of them.
Samples and labels come from numbers(), which numbers.hpp repeats. Needs torch, numpy, safetensors.
"""
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "data"
SIZES = [8, 8, 8, 5, 8, 8, 3, 8, 8, 8]  # samples of each step


def numbers(count, stream):
    """Multiples of 2^-23 in [-1, 1): exact in float."""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(stream) * np.uint32(40503)
        h = (h ^ (h >> np.uint32(15))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        h = h ^ (h >> np.uint32(16))
    return torch.from_numpy((h >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1)


def labels(count, classes, stream):
    return ((numbers(count, stream) + 1) / 2 * classes).floor().to(torch.int64)


def thin(tensor):
    return (tensor if tensor.numel() <= 2000 else tensor.flatten()[::37]).detach().clone().contiguous()


def run(name, make_network, shape, make_solver):
    torch.manual_seed(sum(map(ord, name)))
    first = {key: value.clone() for key, value in make_network().state_dict().items()}
    save_file(first, FOLDER / f"{name}.safetensors")
    for dtype, suffix in ((torch.float32, "f32"), (torch.float64, "f64")):
        network = make_network()
        network.load_state_dict(first)
        network.to(dtype).train()
        solver = make_solver(network.parameters())
        results, losses = {}, []
        for step, size in enumerate(SIZES):
            x = numbers(size * int(np.prod(shape)), 2 * step).to(dtype).reshape(size, *shape)
            y = network(x)
            loss = nn.functional.cross_entropy(y, labels(size, y.shape[1], 2 * step + 1))
            solver.zero_grad()
            loss.backward()
            if step == 0:
                for key, value in network.named_parameters():
                    results[f"gradient.{key}"] = thin(value.grad)
            solver.step()
            losses.append(loss.item())
        for key, value in network.state_dict().items():
            results[f"after.{key}"] = thin(value)
        results["losses"] = torch.tensor(losses, dtype=dtype)
        save_file(results, FOLDER / f"{name}_{suffix}.safetensors")


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def normalised():
    # A bias before a BatchNorm has no gradient but rounding, which Adam would blow up.
    return nn.Sequential(
        nn.Linear(20, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.0),
        nn.Linear(16, 12, bias=False), nn.BatchNorm1d(12, eps=1e-3, momentum=0.3), nn.ReLU(), nn.Linear(12, 5))


def tiny():
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))


class SelfAttention(nn.MultiheadAttention):
    """Of (samples, tokens, width); its parameters have nn.MultiheadAttention's names."""

    def __init__(self, width, heads, causal):
        super().__init__(width, heads, batch_first=True)
        self.causal = causal
        nn.init.uniform_(self.in_proj_bias, -0.5, 0.5)  # zeros would hide a mistake

    def forward(self, x):
        tokens = x.shape[1]
        mask = torch.ones(tokens, tokens, dtype=torch.bool).triu(1) if self.causal else None
        return super().forward(x, x, x, attn_mask=mask, need_weights=False)[0]


def of_tokens(layer):
    """(5, 6) -> 3 classes, with `layer` on 5 tokens of 8 features."""
    return nn.Sequential(nn.Linear(6, 8), layer, nn.Flatten(), nn.Linear(40, 3))


def encoder_layer(**options):
    return nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, batch_first=True, **options)


class Block(nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet8(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Block(16, 16, 1))
        self.layer2 = nn.Sequential(Block(16, 32, 2))
        self.layer3 = nn.Sequential(Block(32, 64, 2))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(torch.relu(self.bn1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


def product_cases():
    """products: <case>.y = a b, <case>.da and .db of sum(y * c), for 3 samples, b per sample or not."""
    cases = {
        "left": ((5, 4), (4, 6), False),
        "both": ((2, 5, 4), (2, 4, 3), True),
        "broadcast": ((5, 4), (2, 4, 3), False),
        "vector": ((5, 4), (4,), True),
    }
    for dtype, suffix in ((torch.float32, "f32"), (torch.float64, "f64")):
        results = {}
        for stream, (name, (left, right, per_sample)) in enumerate(cases.items()):
            def leaf(shape, number):
                return numbers(int(np.prod(shape)), number).to(dtype).reshape(shape).requires_grad_()

            a = leaf((3, *left), 300 + 3 * stream)
            b = leaf((3, *right) if per_sample else right, 301 + 3 * stream)
            y = torch.stack([torch.matmul(a[i], b[i] if per_sample else b) for i in range(3)])
            (y * leaf(y.shape, 302 + 3 * stream)).sum().backward()
            for key, value in (("y", y), ("da", a.grad), ("db", b.grad)):
                results[f"{name}.{key}"] = value.detach().clone()
        save_file(results, FOLDER / f"products_{suffix}.safetensors")


def loss_cases():
    """losses_f64: <loss>.x, .target, .value, .gradient of x, for 11 samples."""
    cases = {
        "cross_entropy": nn.CrossEntropyLoss(),
        "smoothed_cross_entropy": nn.CrossEntropyLoss(label_smoothing=0.1),
        "mean_squared_error": nn.MSELoss(),
        "mean_absolute_error": nn.L1Loss(),
        "binary_cross_entropy": nn.BCEWithLogitsLoss(),
    }
    for dtype, suffix in ((torch.float32, "f32"), (torch.float64, "f64")):
        results = {}
        for stream, (name, loss) in enumerate(cases.items()):
            x = (4 * numbers(11 * 6, 100 + stream)).to(dtype).reshape(11, 6).requires_grad_()
            target = labels(11, 6, 200 + stream)
            if "cross_entropy" not in name or "binary" in name:
                target = ((numbers(11 * 6, 200 + stream) + 1) / 2).to(dtype).reshape(11, 6)
            value = loss(x, target)
            value.backward()
            results[f"{name}.value"] = value.detach().reshape(1)
            results[f"{name}.gradient"] = x.grad.clone()
        save_file(results, FOLDER / f"losses_{suffix}.safetensors")


class Positions(nn.Module):
    """Sinusoidal, as PyTorch's tutorials have them."""
    def forward(self, x):
        tokens, features = x.shape[1:]
        t = torch.arange(tokens, dtype=torch.float64)[:, None]
        angle = t * torch.exp(torch.arange(0, features, 2, dtype=torch.float64) * (-np.log(10000.0) / features))
        both = torch.stack([torch.sin(angle), torch.cos(angle)], dim=2).reshape(tokens, -1)
        return x + both[:, :features].to(x.dtype)


def layer_cases():
    """layers_<dtype>: <layer>.y, .x and .<parameter>, which are gradients of sum(y * cotangent), for 3 samples.

    Case i: x from stream 1000 + 10 i, the cotangent from the next, parameters from those behind it.
    """
    image = (4, 5, 6)
    cases = {
        "group_norm": (nn.GroupNorm(2, 4), image),
        "rms_norm": (nn.RMSNorm(8), (5, 8)),
        "conv_transpose": (nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), image),
        "conv_transpose_dilated": (nn.ConvTranspose2d(4, 2, (2, 3), stride=(1, 3), dilation=2, bias=False), image),
        "grouped": (nn.Conv2d(4, 6, 3, padding=1, groups=2), image),
        "depthwise": (nn.Conv2d(4, 4, 3, stride=2, padding=1, groups=4), image),
        "embedding": (nn.Embedding(11, 6), (2, 4)),
        "nearest": (nn.Upsample(scale_factor=2), image),
        "bilinear": (nn.Upsample(scale_factor=2, mode="bilinear"), image),
        "bilinear_odd": (nn.Upsample(scale_factor=3, mode="bilinear"), image),
        "max_pool": (nn.MaxPool2d(3, stride=2, padding=1), image),
        "average_pool": (nn.AvgPool2d(3, stride=2, padding=1), image),
        "adaptive_pool": (nn.AdaptiveAvgPool2d((3, 4)), image),
        "zero_pad": (nn.ZeroPad2d((1, 0, 2, 1)), image),
        "positions": (Positions(), (6, 5)),
    }
    for dtype, suffix in ((torch.float32, "f32"), (torch.float64, "f64")):
        results = {}
        for case, (name, (layer, shape)) in enumerate(cases.items()):
            stream, count = 1000 + 10 * case, 3 * int(np.prod(shape))
            layer.to(dtype).zero_grad()
            for i, parameter in enumerate(layer.parameters()):
                parameter.data = numbers(parameter.numel(), stream + 2 + i).to(dtype).reshape(parameter.shape)
            if name == "embedding":
                x = labels(count, 11, stream).reshape(3, *shape)
            else:
                x = numbers(count, stream).to(dtype).reshape(3, *shape).requires_grad_()
            y = layer(x)
            (y * numbers(y.numel(), stream + 1).to(dtype).reshape(y.shape)).sum().backward()
            results[f"{name}.y"] = thin(y)
            if x.requires_grad:
                results[f"{name}.x"] = thin(x.grad)
            for key, parameter in layer.named_parameters():
                results[f"{name}.{key}"] = thin(parameter.grad)
        save_file(results, FOLDER / f"layers_{suffix}.safetensors")


class LastState(nn.Module):
    """The states after the last step: of both directions, side by side."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        h = self.layer(x)[1]
        h = h[0] if isinstance(h, tuple) else h
        return torch.cat([h[-2], h[-1]], dim=1) if self.layer.bidirectional else h[-1]


def recurrent_cases():
    """recurrent_<dtype>: <layer>.y, .x, .h, .c and .<parameter>, gradients of sum(y * cotangent), for 3 samples.

    Case i: x (5 steps of 4 numbers) from stream 2000 + 40 i, the cotangent from the next, first states of
    layers that are given some (<layer>_from) from the two behind it, then the parameters.
    """
    cases = {
        "rnn": nn.RNN(4, 6, batch_first=True),
        "rnn_relu": nn.RNN(4, 6, nonlinearity="relu", bias=False, batch_first=True),
        "lstm": nn.LSTM(4, 6, batch_first=True),
        "gru": nn.GRU(4, 6, batch_first=True),
        "lstm_stacked": nn.LSTM(4, 5, num_layers=2, bidirectional=True, batch_first=True),
        "gru_stacked": nn.GRU(4, 5, num_layers=2, bidirectional=True, batch_first=True),
        "lstm_last": LastState(nn.LSTM(4, 5, bidirectional=True, bias=False, batch_first=True)),
        "gru_last": LastState(nn.GRU(4, 5, num_layers=2, batch_first=True)),
        "rnn_from": nn.RNN(4, 6, num_layers=2, batch_first=True),
        "lstm_from": nn.LSTM(4, 6, bidirectional=True, batch_first=True),
    }
    for dtype, suffix in ((torch.float32, "f32"), (torch.float64, "f64")):
        results = {}
        for case, (name, layer) in enumerate(cases.items()):
            stream = 2000 + 40 * case
            layer.to(dtype).zero_grad()
            for i, parameter in enumerate(layer.parameters()):
                parameter.data = numbers(parameter.numel(), stream + 4 + i).to(dtype).reshape(parameter.shape)
            x = numbers(3 * 5 * 4, stream).to(dtype).reshape(3, 5, 4).requires_grad_()
            leaves = {"x": x}
            if name.endswith("_from"):  # ours are (samples, layers directions, hidden)
                for i, key in enumerate("hc" if name.startswith("lstm") else "h"):
                    leaves[key] = numbers(3 * 2 * 6, stream + 2 + i).to(dtype).reshape(3, 2, 6).requires_grad_()
                states = tuple(leaf.transpose(0, 1).contiguous() for leaf in list(leaves.values())[1:])
                y = layer(x, states if len(states) == 2 else states[0])[0]
            else:
                y = layer(x)
                y = y[0] if isinstance(y, tuple) else y
            (y * numbers(y.numel(), stream + 1).to(dtype).reshape(y.shape)).sum().backward()
            results[f"{name}.y"] = thin(y)
            for key, leaf in leaves.items():
                results[f"{name}.{key}"] = thin(leaf.grad)
            for key, parameter in layer.named_parameters():
                results[f"{name}.{key.removeprefix('layer.')}"] = thin(parameter.grad)
        save_file(results, FOLDER / f"recurrent_{suffix}.safetensors")


def main():
    FOLDER.mkdir(exist_ok=True)
    optim = torch.optim
    run("lenet", lenet, (1, 28, 28), lambda p: optim.SGD(p, lr=0.05, momentum=0.9))
    run("normalised", normalised, (20,), lambda p: optim.Adam(p, lr=0.01))
    run("sgd", tiny, (6,), lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True))
    run("adam", tiny, (6,), lambda p: optim.Adam(p, lr=0.02, betas=(0.8, 0.99), weight_decay=0.01))
    run("adamw", tiny, (6,), lambda p: optim.AdamW(p, lr=0.02, weight_decay=0.1))
    run("rmsprop", tiny, (6,), lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5, weight_decay=0.01))
    run("adagrad", tiny, (6,), lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.05, weight_decay=0.01))
    run("resnet8", ResNet8, (3, 8, 8), lambda p: optim.SGD(p, lr=0.01, momentum=0.9))
    sgd = lambda p: optim.SGD(p, lr=0.1, momentum=0.9)
    run("attention", lambda: of_tokens(SelfAttention(8, 2, causal=False)), (5, 6), sgd)
    run("causal_attention", lambda: of_tokens(SelfAttention(8, 2, causal=True)), (5, 6), sgd)
    run("encoder", lambda: of_tokens(encoder_layer()), (5, 6), sgd)
    run("encoder_norm_first", lambda: of_tokens(encoder_layer(activation="gelu", norm_first=True)), (5, 6), sgd)
    product_cases()
    loss_cases()
    layer_cases()
    recurrent_cases()


if __name__ == "__main__":
    main()
