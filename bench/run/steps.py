#!/usr/bin/env python3
"""The steps of bench/run/steps.cpp in PyTorch: eager, through torch.compile, and, to predict, as frozen TorchScript.

steps.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
from pytorch import find_torch, show


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

        def step_of(net, run):
            optimiser = solver(net.parameters())

            def step():
                optimiser.zero_grad()
                torch.nn.functional.cross_entropy(run(x), y).backward()
                optimiser.step()
            return step

        def eager():
            net = make()
            return step_of(net, net)

        def compiled():
            net = make()
            return step_of(net, torch.compile(net))

        show(name, eager=eager, compiled=compiled)

    def predict(name, make, shape):
        x, net = torch.rand(shape) * 2 - 1, make().eval()

        def of(run):
            def call():
                with torch.inference_mode():
                    return run(x)
            return call

        show(name, eager=lambda: of(net), compiled=lambda: of(torch.compile(net)),
             frozen=lambda: of(torch.jit.optimize_for_inference(torch.jit.script(net))))

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
