// The LSTM baseline on one sequence, by the compiled scan. Legend: T time, L layers, C units a layer.

const WEIGHTS = ["input_weights", "bias", "recurrent_weights", "layer_weights"];

export class LSTM {
  kind = "lstm";

  constructor(kernels, options, tensors) {
    Object.assign(this, { kernels, options, tensors });
    this.inputs = options.input_size;
    this.outputs = options.output_size;
    this.units = options.layers * options.hidden_size;
    this.weights = WEIGHTS.map((name) => kernels.put(tensors[name] ?? new Float32Array(0))); // one layer has none below
    this.output = ["output_weights", "output_bias"].map((name) => kernels.put(tensors[name]));
    this.packed = kernels.within((scope) => {
      const sizes = this.#sizes(scope, 1);
      const arrays = scope.put(Uint32Array.of(0, ...this.weights, 0, 0, 0, 0, 0));
      const packed = kernels.take(4 * kernels.call.lstm_packed(sizes));
      kernels.call.lstm_pack(sizes, arrays, packed);
      return packed;
    });
  }

  get start() {
    return [this.tensors.initial_hidden, this.tensors.initial_cell];
  }

  get widths() {
    return { logits: this.outputs };
  }

  // Goes on from a state over inputs (T, I); writes logits (T, O), returns the state after the last step.
  run(inputs, steps, state, out) {
    const { kernels, units, outputs } = this;
    return kernels.within((scope) => {
      const sizes = this.#sizes(scope, steps);
      const given = [inputs, ...state].map(scope.put);
      const after = state.map((part) => scope.take(4 * part.length));
      const hidden = scope.take(4 * steps * units);
      const logits = scope.take(4 * steps * outputs);
      const arrays = scope.put(Uint32Array.of(given[0], ...this.weights, given[1], given[2], ...after, hidden));
      kernels.call.lstm_run(sizes, arrays, this.packed, scope.take(4 * kernels.call.lstm_scratch(sizes)));
      kernels.call.linear(steps, units, outputs, hidden, ...this.output, logits);
      const at = (address, count) => kernels.at(Float32Array, address, count);
      out.logits.set(at(logits, steps * outputs));
      return after.map((address, i) => at(address, state[i].length).slice());
    });
  }

  #sizes(scope, steps) {
    const { input_size: inputs, layers, hidden_size: units } = this.options;
    return scope.put(Int32Array.of(steps, inputs, layers, units));
  }
}
