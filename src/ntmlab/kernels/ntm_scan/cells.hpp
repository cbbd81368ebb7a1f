// The elementwise part of a controller step on panels: rows are sequences, lanes are units.
#pragma once
#include "panels.hpp"

namespace ntmlab::NTMLAB_ISA::ntm {

// Feedforward units are tanh or rectified; NaN passes through both, forward and backward.
inline void units_forward(bool relu, Panels pre, Index panels, Index rows, Panels hidden) {
  for (Index p = 0; p < panels; ++p)
    for (Index r = 0; r < rows; ++r) {
      const Vec x = load(pre.at(p, r));
      store(hidden.at(p, r), relu ? (x <= Vec{} ? Vec{} : x) : tanh(x));
    }
}

inline void units_backward(bool relu, Panels grad_hidden, Panels hidden, Index panels, Index rows, Panels grad_pre) {
  for (Index p = 0; p < panels; ++p)
    for (Index r = 0; r < rows; ++r) {
      const Vec h = load(hidden.at(p, r)), dh = load(grad_hidden.at(p, r));
      store(grad_pre.at(p, r), relu ? (h <= Vec{} ? Vec{} : dh) : dh * (1.0f - h * h));
    }
}

// Gates i, f, g, o stand one after the other, `panels` panels each. Keeps them after their nonlinearities.
inline void lstm_forward(Panels pre, Index panels, Index rows, Panels before, Panels cell, Panels gates,
                         Panels hidden) {
  for (Index p = 0; p < panels; ++p)
    for (Index r = 0; r < rows; ++r) {
      const Vec i = sigmoid(load(pre.at(p, r))), f = sigmoid(load(pre.at(panels + p, r)));
      const Vec g = tanh(load(pre.at(2 * panels + p, r))), o = sigmoid(load(pre.at(3 * panels + p, r)));
      const Vec c = f * load(before.at(p, r)) + i * g;
      store(gates.at(p, r), i), store(gates.at(panels + p, r), f);
      store(gates.at(2 * panels + p, r), g), store(gates.at(3 * panels + p, r), o);
      store(cell.at(p, r), c);
      store(hidden.at(p, r), o * tanh(c));
    }
}

// From the gradients of hidden and, in grad_cell, of the cell to those of the gates before their
// nonlinearities and, in grad_cell, of the cell before.
inline void lstm_backward(Panels grad_hidden, Panels before, Panels cell, Panels gates, Index panels, Index rows,
                          Panels grad_cell, Panels grad_pre) {
  for (Index p = 0; p < panels; ++p)
    for (Index r = 0; r < rows; ++r) {
      const Vec i = load(gates.at(p, r)), f = load(gates.at(panels + p, r));
      const Vec g = load(gates.at(2 * panels + p, r)), o = load(gates.at(3 * panels + p, r));
      const Vec c = tanh(load(cell.at(p, r))), dh = load(grad_hidden.at(p, r));
      const Vec dc = load(grad_cell.at(p, r)) + dh * o * (1.0f - c * c);
      store(grad_pre.at(p, r), dc * g * i * (1.0f - i));
      store(grad_pre.at(panels + p, r), dc * load(before.at(p, r)) * f * (1.0f - f));
      store(grad_pre.at(2 * panels + p, r), dc * i * (1.0f - g * g));
      store(grad_pre.at(3 * panels + p, r), dh * c * o * (1.0f - o));
      store(grad_cell.at(p, r), dc * f);
    }
}

}  // namespace ntmlab::NTMLAB_ISA::ntm
