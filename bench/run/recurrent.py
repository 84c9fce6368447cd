#!/usr/bin/env python3
"""The steps of bench/run/recurrent.cpp in PyTorch, forward and back to x and all weights: eager, and through
torch.compile.

recurrent.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
from pytorch import find_torch, show

STEPS, FEATURES, HIDDEN, SAMPLES = 64, 64, 128, 32


def main():
    torch = find_torch()
    if torch is None:
        return
    torch.manual_seed(1)
    x = (torch.rand(SAMPLES, STEPS, FEATURES) * 0.2 - 0.1).requires_grad_()
    cotangent = torch.rand(SAMPLES, STEPS, HIDDEN) * 0.2 - 0.1

    def train(name, layer):
        def of(run, net):
            weights = [x, *net.parameters()]

            def step():
                return torch.autograd.grad((run(x)[0] * cotangent).sum(), weights)
            return step

        def eager():
            net = layer(FEATURES, HIDDEN, batch_first=True)
            return of(net, net)

        def compiled():
            net = layer(FEATURES, HIDDEN, batch_first=True)
            return of(torch.compile(net), net)

        show(name, eager=eager, compiled=compiled)

    train('LSTM step, 32 samples of 64 steps', torch.nn.LSTM)
    train('GRU step', torch.nn.GRU)
    train('RNN step', torch.nn.RNN)


if __name__ == '__main__':
    main()
