#!/usr/bin/env python3
"""The layers of bench/run/transformer.cpp in PyTorch: eager, through torch.compile, and, to predict, as frozen
TorchScript.

transformer.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
from pytorch import find_torch, prediction, show, training

TOKENS, WIDTH, HEADS, FEED_FORWARD, SAMPLES = 64, 128, 4, 512, 16


def main():
    torch = find_torch()
    if torch is None:
        return
    torch.manual_seed(1)
    nn = torch.nn
    x, y = torch.rand(SAMPLES, TOKENS, WIDTH) * 2 - 1, torch.rand(SAMPLES, TOKENS, WIDTH) * 2 - 1

    def layer(dropout, **options):
        return nn.TransformerEncoderLayer(WIDTH, HEADS, FEED_FORWARD, dropout, batch_first=True, **options)

    class Causal(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer(0.0, norm_first=True, activation='gelu')
            self.register_buffer('mask', nn.Transformer.generate_square_subsequent_mask(TOKENS))

        def forward(self, x):
            return self.layer(x, self.mask, is_causal=True)

    def adam(parameters):
        return torch.optim.Adam(parameters)

    def train(name, make):
        show(name, **training(torch, make, nn.functional.mse_loss, adam, x, y))

    train('encoder step, 16 samples, Adam', lambda: layer(0.0))
    train('encoder step, with dropout 0.1', lambda: layer(0.1))
    train('encoder step, norms first, Gelu, causal', Causal)
    show('encoder inference, 16 samples', **prediction(torch, lambda: layer(0.0), x))
    show('encoder inference, norms first, Gelu, causal', **prediction(torch, Causal, x))


if __name__ == '__main__':
    main()
