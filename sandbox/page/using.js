// What blocks are drawn with: who looks, and how something in them is used.

import { act } from "./api.js";

/**
 * The context of one message, modal or Home: `deed` is the act (`press` or `use`) and `spot` says where.
 * `use` never throws: what could not be done is reported with a warning and a sentence.
 */
export function using(page, surface, deed, spot, { values = {}, errors = {} } = {}) {
  const where = (block, element) => ({ block_id: block.block_id, action_id: element.action_id });
  return {
    world: page.world,
    surface,
    values,
    errors,
    use: (block, element, value) =>
      act(deed, { ...spot, ...where(block, element), value }).catch((refusal) => ({
        status: "refused",
        warning: true,
        text: refusal.message,
      })),
    options: async (block, element, typed) =>
      (await act("options", { ...spot, ...where(block, element), typed })).raw,
  };
}
