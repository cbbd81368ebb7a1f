"""The matrix products around the kernels of the scan, of all steps at once and seed by seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ntmlab.kernels.ntm_scan.gpu.plan import Sizes
from ntmlab.kernels.ntm_scan.reference import OutputWeights, ScanWeights

Parts = dict[str, Tensor]


def batch_first(rows: Tensor) -> Tensor:
    """(Z, T, B, …) as (Z, B, T, …), contiguous; back as well."""
    return rows.transpose(1, 2).contiguous()


def as_rows(steps: Tensor) -> Tensor:
    """(Z, T, B, X) as (Z, T B, X), a view where the last is not cut."""
    return steps.flatten(1, 2)


def in_fours(weights: Tensor) -> Tensor:
    """Weights (…, targets, sources) as the kernels want them: (…, sources / 4, targets, 4)."""
    sources = weights.shape[-1]
    if sources % 4:
        weights = functional.pad(weights, (0, -sources % 4))
    fours: Tensor = weights.unflatten(-1, (-1, 4))
    return fours.transpose(-2, -3).contiguous()


def forward_weights(weights: ScanWeights) -> dict[str, Tensor]:
    """Weights of the forward kernel, from the numbers that a step goes through."""
    names = ("reads", "recurrent", "layers", "heads")
    found = {name: in_fours(getattr(weights, name)) for name in names}
    return found | {"layer_bias": weights.layer_bias, "heads_bias": weights.heads_bias}


def backward_weights(weights: ScanWeights) -> dict[str, Tensor]:
    """Weights of the backward kernel: turned round but for those of reads."""
    names = ("recurrent", "layers", "heads")
    found = {name: in_fours(getattr(weights, name).transpose(-1, -2)) for name in names}
    return found | {"reads": in_fours(weights.reads)}


def project(inputs: Tensor, weights: ScanWeights) -> Tensor:
    """What inputs (Z, B, T, I) and bias give the first layer, (Z, T B, G)."""
    rows = as_rows(batch_first(inputs))
    return torch.baddbmm(weights.input_bias.unsqueeze(1), rows, weights.inputs.transpose(1, 2))


def steps(outputs: OutputWeights | None, parts: Parts, z: Sizes) -> list[Tensor]:
    """Outputs of every step, or hidden vectors and reads; batch first."""
    hidden, reads = top_hidden(parts, z), parts["read_out"][:, 1:]
    if outputs is None:
        return [batch_first(hidden), batch_first(reads)]
    weights = outputs.weights.transpose(1, 2)
    found = torch.baddbmm(outputs.bias.unsqueeze(1), as_rows(hidden), weights[:, : z.C])
    if weights.shape[1] > z.C:
        found.baddbmm_(as_rows(reads), weights[:, z.C :])
    return [batch_first(found.view(z.Z, z.T, z.B, -1))]


def top_hidden(parts: Parts, z: Sizes) -> Tensor:
    """Hidden vectors of the top layer at every step, (Z, T, B, C)."""
    return parts["hidden"][:, int(z.lstm) :, :, z.L - 1]


@dataclass(frozen=True)
class Back:
    """The products of the backward pass."""

    inputs: Tensor  # (Z, B, T, I)
    weights: ScanWeights
    outputs: OutputWeights | None
    parts: Parts  # of the tape
    z: Sizes
    needed: Sequence[bool]  # gradients, in the order of a call's tensors

    def to_steps(self, arrived: Sequence[Tensor | None]) -> tuple[Tensor | None, Tensor | None]:
        """Gradients by top hidden vectors (Z, T, B, C) and reads, from those by the outputs."""
        if self.outputs is None:
            hidden, reads = (None if g is None else batch_first(g) for g in arrived)
            return hidden, reads
        if arrived[0] is None:
            return None, None
        rows = as_rows(batch_first(arrived[0]))
        weights, C = self.outputs.weights, self.z.C
        wide = weights.shape[2] > C
        return rows @ weights[:, :, :C], rows @ weights[:, :, C:] if wide else None

    def gradients(self, pre: Tensor, raw: Tensor) -> list[Tensor | None]:
        """Gradients by inputs and weights, from those by all pre-activations and raw parameters.

        ``pre`` is (Z, T, B, L, G), ``raw`` (Z, T, B, P).
        """
        parts, z = self.parts, self.z
        first, heads = as_rows(pre[:, :, :, 0]), as_rows(raw)
        layers = [as_rows(pre[:, :, :, layer]) for layer in range(z.L)]
        inputs = as_rows(batch_first(self.inputs))
        before = as_rows(parts["read_out"][:, :-1])
        by_inputs = None
        if self.needed[0]:
            by_inputs = batch_first((first @ self.weights.inputs).view(z.Z, z.T, z.B, -1))
        return [
            by_inputs,
            _outer(first, inputs),
            first.sum(1),
            _outer(first, before),
            self._recurrent(layers),
            self._layers(layers),
            pre[:, :, :, 1:].flatten(1, 2).sum(1),
            _outer(heads, as_rows(top_hidden(parts, z))),
            heads.sum(1),
        ]

    def of_outputs(self, arrived: Tensor | None) -> list[Tensor]:
        """Gradients by weights and bias of outputs."""
        assert self.outputs is not None
        if arrived is None:
            return [torch.zeros_like(part) for part in self.outputs]
        rows, parts = as_rows(batch_first(arrived)), self.parts
        seen = [as_rows(top_hidden(parts, self.z))]
        if self.outputs.weights.shape[2] > self.z.C:
            seen.append(as_rows(parts["read_out"][:, 1:]))
        return [torch.cat([_outer(rows, one) for one in seen], 2), rows.sum(1)]

    def _recurrent(self, layers: list[Tensor]) -> Tensor:
        if not self.z.lstm:
            return torch.empty_like(self.weights.recurrent)
        before = self.parts["hidden"][:, :-1]
        each = [_outer(d, as_rows(before[:, :, :, k])) for k, d in enumerate(layers)]
        return torch.stack(each, 1)

    def _layers(self, layers: list[Tensor]) -> Tensor:
        if self.z.L == 1:
            return torch.empty_like(self.weights.layers)
        below = self.parts["hidden"][:, int(self.z.lstm) :]
        each = [_outer(d, as_rows(below[:, :, :, k])) for k, d in enumerate(layers[1:])]
        return torch.stack(each, 1)


def _outer(left: Tensor, right: Tensor) -> Tensor:
    """The sum over rows of outer products: (Z, K, X) and (Z, K, Y) give (Z, X, Y)."""
    return torch.bmm(left.transpose(1, 2), right)
