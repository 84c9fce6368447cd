#!/usr/bin/env python3
"""The steps of bench/run/steps.cpp in PyTorch: eager, through torch.compile, and, to predict, as frozen TorchScript.

steps.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
from pytorch import find_torch, prediction, show, training


def networks(nn):
    def lenet():
        return nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))

    def perceptron():
        return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))

    def narrow():
        return nn.Sequential(*[part for _ in range(3) for part in (nn.Linear(64, 64), nn.ReLU())], nn.Linear(64, 64))

    return lenet, perceptron, narrow


def main():
    torch = find_torch()
    if torch is None:
        return
    torch.manual_seed(1)

    def train(name, make, shape, solver):
        x, y = torch.rand(shape) * 2 - 1, torch.randint(0, 10, shape[:1])
        show(name, **training(torch, make, torch.nn.functional.cross_entropy, solver, x, y))

    def predict(name, make, shape):
        show(name, **prediction(torch, make, torch.rand(shape) * 2 - 1))

    def sgd(parameters):
        return torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)

    def adam(parameters):
        return torch.optim.Adam(parameters, lr=1e-5)

    lenet, perceptron, narrow = networks(torch.nn)
    train('LeNet step, 64 samples, Sgd', lenet, (64, 1, 28, 28), sgd)
    train('LeNet step, 64 samples, Adam', lenet, (64, 1, 28, 28), adam)
    predict('LeNet inference, 64 samples', lenet, (64, 1, 28, 28))
    predict('LeNet inference, 1 sample', lenet, (1, 1, 28, 28))
    train('MLP 784-512-512-10 step, 128 samples, Sgd', perceptron, (128, 784), sgd)
    train('MLP 784-512-512-10 step, 128 samples, Adam', perceptron, (128, 784), adam)
    predict('MLP 784-512-512-10 inference, 128 samples', perceptron, (128, 784))
    predict('MLP 64 wide, 4 layers, inference, 65536 samples', narrow, (65536, 64))


if __name__ == '__main__':
    main()
