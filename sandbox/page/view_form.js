// A view of inputs: what is typed in it stays on this page until it is told, and survives being drawn again.

import { act } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { showError } from "./elements.js";
import { keyOf } from "./field.js";
import { rememberFocus } from "./focus.js";

/**
 * The blocks of one modal or Home. Everything told to the workspace from here (a press, a choice, the submit)
 * carries along what was entered in all inputs, so that nothing typed can come too late.
 */
export class ViewForm {
  /** *spot* says where for the acts: `{view: id}` or `{home: true}`. */
  constructor(world, spot, surface, changed = () => {}) {
    Object.assign(this, { world, surface, changed, spot: { user: world.me.handle, ...spot } });
    this.node = h("div", { class: "blocks" });
    this.entered = new Map(); // by key: what this page entered, whether or not it was told yet
    this.drawn = new Map(); // by block_id: what stands in the page
  }

  /** Draw a view as `see` tells it. Blocks that are the same stay the nodes they are. */
  show(view) {
    const { blocks, errors_at: errors = {} } = view;
    const values = view.wire.state?.values ?? {};
    const ctx = this.#context(values);
    this.#forget(blocks);
    const restore = rememberFocus(this.node);
    const before = this.drawn;
    this.drawn = new Map(blocks.map((block) => [block.block_id, this.#drawn(block, ctx, before)]));
    this.#place([...this.drawn.values()].map((one) => one.node));
    for (const [id, { node }] of this.drawn) showError(node, errors[id] ?? "");
    restore();
  }

  /** What was entered, as the acts take it. */
  get values() {
    return [...this.entered.values()];
  }

  #context(values) {
    return {
      world: this.world,
      surface: this.surface,
      values,
      errors: {},
      held: (block, element) => this.entered.get(keyOf(block, element))?.value,
      hold: (block, element, value) => this.#hold(block, element, value),
      use: (block, element, value) => this.#use(block, element, value),
      options: (block, element, typed) => this.#options(block, element, typed),
    };
  }

  #hold(block, element, value) {
    const { block_id, action_id } = { ...block, ...element };
    if (!this.there.has(keyOf(block, element))) return;
    this.entered.set(keyOf(block, element), { block_id, action_id, value });
    showError(this.drawn.get(block_id)?.node, "");
    this.changed();
  }

  async #use(block, element, value) {
    const { block_id, action_id } = { ...block, ...element };
    // A text that is taken off the page in the middle of typing still reports its last change.
    if (!this.there.has(keyOf(block, element))) return { status: "nothing" };
    try {
      return await act("use", { ...this.spot, block_id, action_id, value, values: this.values });
    } catch (refusal) {
      return { status: "refused", warning: true, text: refusal.message };
    }
  }

  async #options({ block_id }, { action_id }, typed) {
    const told = await act("options", { ...this.spot, block_id, action_id, typed });
    if (told.failed) throw new Error("The app did not send options.");
    return told.groups?.length ? told.groups : told.raw;
  }

  // An input that is gone, or is of another kind now, has lost what was entered.
  #forget(blocks) {
    this.there = new Set(blocks.flatMap((block) => keysOf(block)));
    for (const key of this.entered.keys()) if (!this.there.has(key)) this.entered.delete(key);
  }

  #drawn(block, ctx, before) {
    const same = JSON.stringify(block);
    const held = JSON.stringify(ctx.values[block.block_id] ?? null);
    const old = before.get(block.block_id);
    const mine = keysOf(block).some((key) => this.entered.has(key));
    if (old?.same === same && (mine || old.held === held)) return old;
    const drawn = drawBlocks([block], ctx);
    const node = drawn.children.length === 1 ? drawn.firstElementChild : h("div", {}, drawn);
    return { node, same, held };
  }

  // Nodes that stay are not moved: moving one takes the focus out of it.
  #place(nodes) {
    const stay = new Set(nodes);
    for (const child of [...this.node.children]) if (!stay.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.node.children[index] !== node) this.node.insertBefore(node, this.node.children[index] ?? null);
    });
  }
}

/** The keys of all that can be used in a block, however deep it stands. */
function keysOf(part, blockId = part.block_id) {
  const own = part.action_id ? [keyOf({ block_id: blockId }, part)] : [];
  const inner = Object.values(part).filter((one) => one && typeof one === "object");
  return own.concat(inner.flatMap((one) => keysOf(one, one.block_id ?? blockId)));
}
