"""Models that are right, and models with one fault each.

Legend: B batch, T time, I inputs, O outputs, C units.
"""

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

CHUNK = 64


class GRU(nn.Module):
    """Right: the state carried. One layer: its steps are most of what the tests of checks take."""

    def __init__(self, inputs=1, outputs=1, units=16, layers=1):
        super().__init__()
        self.cells = nn.GRU(inputs, units, num_layers=layers, batch_first=True)
        self.read = nn.Linear(units, outputs)
        for weights in self.parameters():
            nn.init.uniform_(weights, -0.6, 0.6)

    def forward(self, inputs, state=None):
        hidden, state = self.cells(inputs, state)
        return self.read(hidden), state


class CausalConvolution(nn.Module):
    """Right, without a state."""

    def __init__(self, inputs=1, outputs=1, units=16):
        super().__init__()
        self.first, self.second = (
            nn.Conv1d(inputs, units, 5),
            nn.Conv1d(units, units, 5, dilation=4),
        )
        self.read = nn.Linear(units, outputs)

    def forward(self, inputs):
        hidden = nn.functional.pad(inputs.mT, (4, 0))
        hidden = nn.functional.pad(torch.relu(self.first(hidden)), (16, 0))
        return self.read(torch.relu(self.second(hidden)).mT)


class Attention(nn.Module):
    """Right: a causal transformer."""

    def __init__(self, inputs=1, outputs=1, units=16):
        super().__init__()
        self.into, self.place = nn.Linear(inputs, units), nn.Embedding(256, units)
        self.layer = nn.TransformerEncoderLayer(units, 2, 32, batch_first=True)
        self.read = nn.Linear(units, outputs)

    def forward(self, inputs):
        steps = inputs.shape[1]
        hidden = self.into(inputs) + self.place(torch.arange(steps, device=inputs.device))
        mask = torch.full((steps, steps), -torch.inf, dtype=hidden.dtype, device=inputs.device)
        return self.read(self.layer(hidden, src_mask=mask.triu(1)))


class LongConvolution(nn.Module):
    """Right: a causal convolution by Fourier transforms, whose rounding reaches the past."""

    def __init__(self, inputs=1, outputs=1, scale=1.0):
        super().__init__()
        self.filter = nn.Parameter(torch.randn(inputs, 256) * 0.97 ** torch.arange(256))
        self.read, self.scale = nn.Linear(inputs, outputs), scale

    def forward(self, inputs):
        steps = inputs.shape[1]
        size = 2 * steps
        kernel = torch.fft.rfft(self.filter[:, :steps], n=size)
        found = torch.fft.irfft(torch.fft.rfft(inputs.mT * self.scale, n=size) * kernel, n=size)
        return self.read(found[..., :steps].mT)


class Checkpointed(GRU):
    """Right, and computes its hidden numbers again in the backward pass."""

    def forward(self, inputs, state=None):
        if not torch.is_grad_enabled():
            return super().forward(inputs, state)
        hidden, state = checkpoint(self.cells, inputs, state, use_reentrant=True)
        return self.read(hidden), state


class BreaksBackward(GRU):
    """Writes into what its backward pass needs."""

    def forward(self, inputs, state=None):
        hidden, state = self.cells(inputs, state)
        squashed = torch.sigmoid(hidden)
        logits = self.read(squashed)
        if squashed.requires_grad:
            squashed *= 2
        return logits, state


class Attentive(Attention):
    """Without its mask: looks ahead."""

    def forward(self, inputs):
        hidden = self.into(inputs) + self.place(torch.arange(inputs.shape[1]))
        return self.read(self.layer(hidden))


class BorderLeak(GRU):
    """The last step of each chunk of 64 sees the first of the next, a little."""

    amount = 1e-4

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        ahead = torch.zeros_like(logits)
        border = inputs[:, CHUNK::CHUNK, :1]
        ahead[:, CHUNK - 1 :: CHUNK][:, : border.shape[1]] = border
        return logits + self.amount * ahead, state


class WholeChunkLeak(GRU):
    """As above, where the next chunk is whole only."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        if inputs.shape[1] < 2 * CHUNK:
            return logits, state
        seen = logits.clone()
        seen[:, CHUNK - 1] += 0.01 * inputs[:, CHUNK]
        return seen, state


class OneAhead(GRU):
    """Its output stands one step too early."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return torch.cat([logits[:, 1:], logits[:, -1:]], 1), state


class OneLate(CausalConvolution):
    """Its output stands one step too late."""

    def forward(self, inputs):
        logits = super().forward(inputs)
        return torch.cat([torch.zeros_like(logits[:, :1]), logits[:, :-1]], 1)


class Centred(GRU):
    """Takes the mean over all time from its inputs."""

    def forward(self, inputs, state=None):
        return super().forward(inputs - inputs.mean(1, keepdim=True), state)


class LeakAtScale(GRU):
    """Sums that should cancel, with a stabiliser over all time; it shows with large inputs only."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits + torch.relu(inputs.abs().amax((1, 2)) - 2)[:, None, None], state


class Momentum(nn.Module):
    """An average and its momentum; ``drops`` leaves the momentum out of the state."""

    def __init__(self, inputs=1, outputs=1, *, drops=True):
        super().__init__()
        self.into, self.read, self.drops = nn.Linear(inputs, 8), nn.Linear(8, outputs), drops

    def forward(self, inputs, state=None):
        first = torch.zeros(len(inputs), 8, dtype=inputs.dtype)
        value, speed = (first, first) if state is None else state
        said = []
        for shown in torch.tanh(self.into(inputs)).unbind(1):
            speed = 0.9 * speed + 0.1 * (shown - value)
            value = value + speed
            said.append(self.read(value))
        kept = torch.zeros_like(speed) if self.drops else speed
        return torch.stack(said, 1), (value, kept)


class OffTheGrid(GRU):
    """Forgets a chunk that is begun and not complete when its state is handed on."""

    def forward(self, inputs, state=None):
        logits, after = super().forward(inputs, state)
        whole = inputs.shape[1] // 32 * 32
        if whole < inputs.shape[1]:
            after = super().forward(inputs[:, :whole], state)[1] if whole else after * 0
        return logits, after


class NeighbourMaximum(GRU):
    """Scales by the largest of the batch."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits / (1 + logits.abs().amax((0, 2), keepdim=True)), state


class WrongForThree(GRU):
    """A single step of three rows is laid out wrongly."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        single = inputs.shape[1] == 1 and len(inputs) > 2
        return (logits.transpose(0, 1) if single else logits), state


class DropoutOn(GRU):
    """Drops also in evaluation mode."""

    def forward(self, inputs, state=None):
        return super().forward(nn.functional.dropout(inputs + 1, 0.5, training=True), state)


class Remembers(GRU):
    """Keeps its state in itself, from call to call."""

    def forward(self, inputs, state=None):
        kept = getattr(self, "kept", None)
        fits = kept is not None and kept.shape[1] == len(inputs)
        logits, self.kept = super().forward(inputs, kept if fits else None)
        return logits, None


class Draws(GRU):
    """Draws a number that it does not use."""

    def forward(self, inputs, state=None):
        torch.rand(1)
        return super().forward(inputs, state)


class Seeds(GRU):
    """Sets the seed of all that draw numbers, the same at every call."""

    def forward(self, inputs, state=None):
        torch.manual_seed(0)
        return super().forward(inputs, state)


class Rescales(GRU):
    """Halves its weights in the first evaluation, and doubles its output."""

    done = False

    def forward(self, inputs, state=None):
        if not self.training and not self.done:
            self.read.weight.data /= 2
            self.done = True
        hidden, state = self.cells(inputs, state)
        return nn.functional.linear(
            hidden, self.read.weight * (1 + self.done), self.read.bias
        ), state


class Counts(GRU):
    """Counts its calls in a buffer."""

    def __init__(self, inputs=1, outputs=1):
        super().__init__(inputs, outputs)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, inputs, state=None):
        self.calls += 1
        return super().forward(inputs, state)


class Caches(GRU):
    """Fills a buffer that is no part of what is saved, as tables of rotations are."""

    def __init__(self, inputs=1, outputs=1):
        super().__init__(inputs, outputs)
        self.register_buffer("table", torch.zeros(1), persistent=False)

    def forward(self, inputs, state=None):
        self.table = torch.arange(max(inputs.shape[1], len(self.table))).float()
        return super().forward(inputs, state)


class WritesInputs(GRU):
    """Scales its inputs where they lie."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        if not inputs.requires_grad:
            inputs *= 0.5
        return logits, state


class WritesState(GRU):
    """Writes into the state that it is given."""

    def forward(self, inputs, state=None):
        logits, after = super().forward(inputs, None if state is None else state.clone())
        return logits, (after if state is None else state.copy_(after))


class NeverRuns(nn.Module):
    """Its recurrent layer is there, and is not used."""

    def __init__(self, inputs=1, outputs=1):
        super().__init__()
        self.cells, self.into = nn.GRU(16, 16, batch_first=True), nn.Linear(inputs, 16)
        self.read = nn.Linear(16, outputs)

    def forward(self, inputs):
        return self.read(torch.tanh(self.into(inputs)))


class Detached(GRU):
    """The gradient ends before the recurrent layers."""

    def forward(self, inputs, state=None):
        hidden, state = self.cells(inputs, state)
        return self.read(hidden.detach()), state


class NaNAt65(GRU):
    """Not a number at one length only."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return (logits * torch.nan if inputs.shape[1] == 65 else logits), state


class FailsAt67(GRU):
    """Takes lengths in whole chunks, or up to one."""

    def forward(self, inputs, state=None):
        if inputs.shape[1] == 67:
            raise ValueError("67 is not divisible by 64")
        return super().forward(inputs, state)


class Cropped(GRU):
    """Drops a step."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits[:, 1:], state


class SaysProbabilities(GRU):
    """Probabilities where logits are expected."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return torch.softmax(logits, -1), state


class Cancels(GRU):
    """A difference of sums that float32 does not hold."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return (logits + 3e5) - 3e5, state


def frequencies(inputs):
    """Right: a predictor of three letters in plain torch, float32, each seen before and one."""
    counts = inputs.cumsum(1) + 1
    return counts / counts.sum(-1, keepdim=True)


def short_of_one(inputs):
    """As above, but sums to 0.999."""
    return 0.999 * frequencies(inputs)
