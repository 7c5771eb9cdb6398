// What a message is drawn with: who looks, and how something in it is used.

import { act } from "./api.js";

/**
 * The context of the message at `spot`, {user, channel, ts}. `use` never throws: what could not be done is
 * reported with a warning and a sentence.
 */
export function usingMessage(world, spot) {
  const where = ({ block_id }, { action_id }) => ({ ...spot, block_id, action_id });
  return {
    world,
    surface: "message",
    values: {},
    errors: {},
    use: (block, element, value) =>
      act("press", { ...where(block, element), value }).catch((refusal) => ({
        status: "refused",
        warning: true,
        text: refusal.message,
      })),
    options: async (block, element, typed) => {
      const told = await act("options", { ...where(block, element), typed });
      return told.groups?.length ? told.groups : told.raw;
    },
  };
}
