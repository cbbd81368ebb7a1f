// The panel of the machine, for any task: weightings over time, memory at the cursor.

import { $, number } from "./dom.js";
import { readThenWritten, focus } from "./marks.js";
import { drawMachine, machinePanels, shownSlots } from "./machine.js";
import { drawMemory, memoryFrame, Replay, slotAt, weightOf } from "./memory.js";
import { fitted } from "./surface.js";

export class MachinePanel {
  constructor(app) {
    this.app = app;
    $("memory").addEventListener("click", (event) => {
      const slot = this.frame && slotAt(this.frame, event.offsetX);
      if (slot !== undefined) app.set({ slot });
    });
  }

  // Takes a view's arrays, or null to hide the panel.
  take(view) {
    this.view = view?.header.machine ? view : null;
    $("machine-panel").hidden = !this.view;
    if (!this.view) return;
    this.replay = new Replay(view.arrays, view.header.machine.starts);
    this.slots = null;
  }

  // Draws all that does not follow the cursor.
  draw(axis, theme, { shown, marks, changes }) {
    if (!this.view) return;
    const { arrays } = this.view;
    const how = this.app.state.slots;
    if (this.slots?.how !== how) this.slots = { how, list: shownSlots(arrays, how) };
    const panels = machinePanels(arrays, this.slots.list, theme);
    const surface = fitted($("machine"), axis.width, panels.height);
    drawMachine(surface, panels, arrays, axis, theme, { shown, marks, changes });
    this.panels = panels;
    this.options = { shown, marks, changes };
    this.#tellMarks(marks);
  }

  // Draws the memory as the step under the cursor reads it.
  drawAt(step, axis, theme) {
    if (!this.view) return;
    const { arrays } = this.view;
    const { state } = this.app;
    const narrow = axis.left < 90;
    const frame = memoryFrame(axis.width, this.slots.list, arrays.memory.shape[2], narrow);
    const surface = fitted($("memory"), axis.width, frame.height);
    const memory = this.replay.at(step);
    const touched = this.#touched(step);
    drawMemory(surface, frame, memory, arrays, step, theme, { chosen: state.slot, touched });
    this.frame = frame;
    $("memory-title").textContent = `Memory as step ${step} reads it`;
    $("memory-text").textContent = this.#words(step, memory);
  }

  // At a marked step, the slots most read and, on the next step, most written.
  #touched(step) {
    if (!this.options?.marks.includes(step)) return [];
    const { read_weightings: reads } = this.view.arrays;
    return Array.from({ length: reads.shape[1] }, (_, head) => focus(reads, step, head));
  }

  #words(step, memory) {
    const { arrays } = this.view;
    const { slot } = this.app.state;
    const heads = (weightings) =>
      Array.from({ length: weightings.shape[1] }, (_, head) => focus(weightings, step, head)).join(", ");
    const parts = [`Most read: slot ${heads(arrays.read_weightings)}.`, `Most written: slot ${heads(arrays.write_weightings)}.`];
    const [, slots, width] = arrays.memory.shape;
    if (slot < slots) {
      const norm = Math.hypot(...memory.subarray(slot * width, (slot + 1) * width));
      const [read, write] = [arrays.read_weightings, arrays.write_weightings].map((w) => weightOf(w, step, slot));
      parts.push(`Slot ${slot}: read ${number(read)}, written ${number(write)}, length ${number(norm)}.`);
    }
    return parts.join(" ");
  }

  #tellMarks(marks) {
    const { state } = this.app;
    if (!state.mark || !marks.length) {
      $("mark-text").textContent = "";
      return;
    }
    const { same, of } = readThenWritten(this.view.arrays, marks);
    $("mark-text").textContent =
      `Context ${state.mark} predicts ${marks.length} steps; at ${same} of ${of} the slot read is the slot written on the next step.`;
  }
}
