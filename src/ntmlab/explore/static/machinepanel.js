// The panel of the machine, for any task: weightings over time, memory at the cursor.

import { $, h, number } from "./dom.js";
import { focus, slotRead, writtenLater } from "./marks.js";
import { drawMachine, headsOf, machinePanels, shownSlots } from "./machine.js";
import { drawMemory, memoryFrame, Replay, slotAt, weightOf } from "./memory.js";
import { fitted, widthOf } from "./surface.js";

export class MachinePanel {
  constructor(app) {
    this.app = app;
    $("head").addEventListener("change", () => app.set({ head: Number($("head").value) }));
    $("slots").addEventListener("change", () => app.set({ slots: $("slots").value }));
    $("memory").addEventListener("click", (event) => {
      const slot = this.frame && slotAt(this.frame, event.offsetY);
      if (slot !== undefined) app.set({ slot });
    });
  }

  // Takes a view's arrays, or null to hide the panel.
  take(view) {
    const before = this.view && this.replay;
    this.view = view?.header.machine ? view : null;
    $("machine-panel").hidden = $("memory-panel").hidden = !this.view;
    if (!this.view) return;
    this.replay = new Replay(view.arrays, view.header.machine.starts, before);
    this.slots = null;
    this.#fillHeads(headsOf(view.arrays));
    $("slots").value = this.app.state.slots;
  }

  // A choice of heads where there are several.
  #fillHeads(heads) {
    const select = $("head");
    $("head-label").hidden = heads < 2;
    if (select.options.length !== heads + 1) {
      const names = Array.from({ length: heads }, (_, i) => h("option", { value: i + 1 }, String(i + 1)));
      select.replaceChildren(h("option", { value: 0 }, "all"), ...names);
    }
    select.value = String(Math.min(this.app.state.head, heads));
  }

  // Draws all that does not follow the cursor.
  draw(axis, theme, { shown, marks, changes }) {
    if (!this.view) return;
    const { arrays } = this.view;
    const how = this.app.state.slots;
    const key = `${how} ${shown}`;
    if (this.slots?.key !== key) this.slots = { key, list: shownSlots(arrays, how, shown) };
    const later = writtenLater(arrays, marks);
    const { lag } = later.reduce((most, one) => (one.weight > most.weight ? one : most));
    const panels = machinePanels(arrays, this.slots.list, theme, this.app.state.head);
    const surface = fitted($("machine"), axis.width, panels.height);
    this.options = { shown, marks, changes, lag };
    drawMachine(surface, panels, arrays, axis, theme, this.options);
    this.#tellMarks(marks, later);
  }

  // Draws the memory as the step under the cursor reads it.
  drawAt(step, theme) {
    if (!this.view) return;
    const { arrays } = this.view;
    const canvas = $("memory");
    const frame = memoryFrame(widthOf($("memory-panel")) - 28, this.slots.list, arrays.memory.shape[2]);
    const surface = fitted(canvas, frame.width, frame.height);
    const memory = this.replay.at(step);
    const touched = this.options?.marks.includes(step) ? [slotRead(arrays.read_weightings, step)] : [];
    drawMemory(surface, frame, memory, arrays, step, theme, { chosen: this.app.state.slot, touched });
    this.frame = frame;
    $("memory-title").textContent = `Memory as step ${step} reads it`;
    $("memory-text").textContent = this.#words(step, memory);
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

  #tellMarks(marks, later) {
    const { state } = this.app;
    const words = later.map(({ lag, weight }) => `${number(weight, 2)} ${lag === 1 ? "on the next step" : "two steps later"}`);
    $("mark-text").textContent = marks.length
      ? `Context ${state.mark} comes before ${marks.length} steps. Boxes: the slot read there, and the same slot as it is written; mean weight ${words.join(", ")}.`
      : "";
  }
}
