#!/usr/bin/env python3
"""The network of bench/run/resnet.cpp in PyTorch: eager, through torch.compile, and, to predict, as frozen TorchScript.

resnet.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
from pytorch import find_torch, prediction, show, training

SAMPLES = 16


def resnet18(nn):
    class Block(nn.Module):
        def __init__(self, channels, filters, stride):
            super().__init__()
            self.body = nn.Sequential(
                nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
                nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))
            same = stride == 1 and channels == filters
            self.skip = nn.Identity() if same else nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

        def forward(self, x):
            return nn.functional.relu(self.body(x) + self.skip(x))

    layers, channels = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
    for filters, stride in (64, 1), (128, 2), (256, 2), (512, 2):
        layers += [Block(channels, filters, stride), Block(filters, filters, 1)]
        channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def main():
    torch = find_torch()
    if torch is None:
        return
    torch.manual_seed(1)
    x, y = torch.rand(SAMPLES, 3, 32, 32) * 2 - 1, torch.arange(SAMPLES) % 10

    def make():
        return resnet18(torch.nn)

    def sgd(parameters):
        return torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)

    show('ResNet-18 step, 16 samples, Sgd', **training(torch, make, torch.nn.functional.cross_entropy, sgd, x, y))
    show('ResNet-18 inference, 16 samples', **prediction(torch, make, x))


if __name__ == '__main__':
    main()
