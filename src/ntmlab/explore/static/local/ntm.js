// A Neural Turing Machine on one sequence, by the compiled scan.
//
// Legend: T time, I inputs, O outputs, N slots, W slot width, R read heads, V write heads, C controller size,
// L controller layers, S shifts, G gates times C, P parameters of all heads.

// What a sigmoid turns into exactly 0 in float32.
const SHUT = -1e4;

const WEIGHTS = ["input_weights", "input_bias", "read_weights", "recurrent_weights", "layer_weights", "layer_bias", "head_weights", "head_bias", "output_weights", "output_bias"];

export class NTM {
  kind = "ntm";

  // `tensors` maps the names of weights to arrays; those that a controller lacks are missing.
  constructor(kernels, options, tensors) {
    Object.assign(this, { kernels, options, tensors });
    const o = options;
    const lstm = o.controller === "lstm";
    this.inputs = o.input_size;
    this.outputs = o.output_size;
    this.heads = o.read_heads + o.write_heads;
    this.shifts = 2 * o.shift_range + 1;
    this.address = o.slot_width + 3 + this.shifts; // parameters of a read head
    this.raw = this.heads * this.address + 2 * o.write_heads * o.slot_width;
    const seen = o.controller_size + (o.output_reads ? o.read_heads * o.slot_width : 0);
    this.sizes = [this.inputs, o.slots, o.slot_width, o.read_heads, o.write_heads, o.controller_size, o.controller_layers,
      this.shifts, lstm ? 4 : 1, Number(o.activation === "relu"), this.outputs, seen];
    this.weights = WEIGHTS.map((name) => kernels.put(tensors[name] ?? new Float32Array(0)));
    this.packed = this.#within(1, [], (sizes, arrays) => {
      const packed = kernels.take(4 * kernels.call.ntm_packed(sizes));
      kernels.call.ntm_pack(sizes, arrays, packed);
      return packed;
    });
  }

  // Memory, reads, weightings of read and write heads, the controller's state.
  get start() {
    const { tensors: t, options: o } = this;
    const nothing = () => new Float32Array(0);
    const memory = t.initial_memory ?? new Float32Array(o.slots * o.slot_width).fill(o.memory_scale);
    const weightings = (logits) => softmaxed(logits, o.slots);
    return [memory, t.initial_reads, weightings(t.initial_read_weightings), weightings(t.initial_write_weightings),
      t.initial_hidden ?? nothing(), t.initial_cell ?? nothing()];
  }

  // Numbers a step of what `run` gives.
  get widths() {
    return { logits: this.outputs, weightings: this.heads * this.options.slots, raw: this.raw };
  }

  // Goes on from a state over inputs (T, I); writes what it gives at each step, returns its state after the last.
  run(inputs, steps, state, out) {
    const { kernels, widths } = this;
    return this.#within(steps, [inputs, state], (sizes, arrays, { given, scope }) => {
      const scratch = scope.take(4 * kernels.call.ntm_scratch(sizes));
      kernels.call.ntm_run(sizes, arrays, this.packed, scratch);
      const at = (address, count) => kernels.at(Float32Array, address, count);
      const [, ...rest] = given;
      Object.entries(widths).forEach(([name, width], i) => out[name].set(at(rest[2 * state.length + i], steps * width)));
      return state.map((part, i) => at(rest[state.length + i], part.length).slice());
    });
  }

  // The same machine with erases and adds of exactly 0.
  frozen() {
    return (this.still ??= new NTM(this.kernels, this.options, { ...this.tensors, ...this.#shut() }));
  }

  #shut() {
    const { slot_width: width, controller_size: units, read_heads: reads, write_heads: writes } = this.options;
    const [weights, bias] = [this.tensors.head_weights.slice(), this.tensors.head_bias.slice()];
    for (let head = 0; head < writes; head++) {
      const erase = reads * this.address + head * (this.address + 2 * width) + this.address;
      weights.fill(0, erase * units, (erase + 2 * width) * units);
      bias.fill(SHUT, erase, erase + width).fill(0, erase + width, erase + 2 * width);
    }
    return { head_weights: weights, head_bias: bias };
  }

  // Sizes and arrays of a call: inputs, weights, state before, state after, what is given.
  #within(steps, [inputs, state], work) {
    const { kernels, widths, weights } = this;
    return kernels.within((scope) => {
      const sizes = scope.put(Int32Array.of(steps, ...this.sizes));
      const given = inputs ? [inputs, ...state].map(scope.put) : [];
      if (inputs) {
        for (const part of state) given.push(scope.take(4 * part.length));
        for (const width of Object.values(widths)) given.push(scope.take(4 * steps * width));
      }
      const [first = 0, ...rest] = given;
      const arrays = Uint32Array.of(first, ...weights, ...rest, ...Array(26 - 1 - weights.length - rest.length).fill(0));
      return work(sizes, scope.put(arrays), { given, scope });
    });
  }
}

// Each row of logits as a distribution.
function softmaxed(logits, width) {
  const result = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += width) {
    const row = logits.subarray(at, at + width);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const powers = Float64Array.from(row, (x) => Math.exp(x - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, i) => (result[at + i] = power / sum));
  }
  return result;
}
