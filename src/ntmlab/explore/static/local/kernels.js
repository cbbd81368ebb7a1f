// The compiled scans and draws, and the memory that they share with this worker.

// The C++ library writes somewhere when it gives up; here it may not.
const WASI = { fd_close: () => 8, fd_seek: () => 8, fd_write: () => 8 };

const MAGIC = "\0asm";

// The compiled module; throws where this browser cannot run it, in one line.
export async function compiled(bytes) {
  if (String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength))) !== MAGIC) throw new Error("kernels.wasm is damaged: it is no WebAssembly.");
  if (WebAssembly.validate(bytes)) return WebAssembly.compile(bytes);
  throw new Error("This browser cannot run the page's kernels: WebAssembly with 128-bit vectors is in Chromium 91, Firefox 89, Safari 16.4 and later.");
}

export class Kernels {
  static async load(module) {
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: WASI });
    instance.exports._initialize();
    return new Kernels(instance.exports);
  }

  constructor(call) {
    this.call = call;
  }

  // An address of so many bytes; throws where there are no more.
  take(bytes) {
    const address = this.call.take(Math.max(bytes, 64));
    if (!address) throw new Error("there is not enough memory for this");
    return address;
  }

  // A copy of an array in the module's memory.
  put(array) {
    const address = this.take(array.byteLength);
    this.write(address, array);
    return address;
  }

  write(address, array) {
    new array.constructor(this.call.memory.buffer, address, array.length).set(array);
  }

  // An array of the module's memory, valid until more of it is taken.
  at(Kind, address, count) {
    return new Kind(this.call.memory.buffer, address, count);
  }

  // Calls `work` with a scope that gives back at its end what was taken in it.
  within(work) {
    const taken = [];
    const kept = (address) => (taken.push(address), address);
    try {
      return work({ put: (array) => kept(this.put(array)), take: (bytes) => kept(this.take(bytes)) });
    } finally {
      for (const address of taken) this.call.give(address);
    }
  }
}
