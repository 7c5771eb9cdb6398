// One message: who, when, its text or blocks, files and reactions.

import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { fullTime, time } from "./times.js";
import { usingMessage } from "./using.js";

const TOGETHER = 300; // seconds within which messages of one author stand under one name
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

/** A message as `GET /control/see/messages` tells it, drawn. */
export function drawMessage(message, page, where) {
  const { world } = page;
  const author = world.person(message.user);
  const name = author?.name ?? message.name;
  const at = time(message.ts, world);
  const spot = { user: world.me.handle, channel: where.id, ts: message.ts };
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  return h(
    "article",
    {
      class: `message${message.ephemeral ? " ephemeral" : ""}${isReply ? " reply" : ""}`,
      "aria-label": `${name}, ${at}`,
      tabindex: "-1",
      dataset: { ts: message.ts },
    },
    h("div", { class: "side" }, avatar(author), h("time", { "aria-hidden": "true" }, at)),
    h(
      "div",
      { class: "main" },
      message.ephemeral ? h("p", { class: "only-you" }, "Only visible to you") : null,
      h("div", { class: "by" }, h("b", {}, name), author?.bot ? h("span", { class: "tag" }, "APP") : null, h("time", { title: fullTime(message.ts, world) }, at)),
      content(message, usingMessage(world, spot)),
      message.files.map(drawFile),
      reactions(message),
    ),
  );
}

/** Whether two messages stand together without a second name. */
export function sameBlock(before, message) {
  const close = Number(message.ts) - Number(before.ts) < TOGETHER;
  const alike = before.user === message.user && before.ephemeral === message.ephemeral;
  return close && alike && before.thread_ts === message.thread_ts;
}

function content(message, ctx) {
  if (message.blocks.length) return h("div", { class: "blocks" }, drawBlocks(message.blocks, ctx));
  const edited = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
  return h("div", { class: "text" }, mrkdwn(message.mrkdwn, ctx.world), edited);
}

function drawFile(file) {
  const size = file.size < 1024 ? `${file.size} bytes` : `${Math.round(file.size / 1024)} kB`;
  const path = new URL(file.url, location.href).pathname;
  const link = h("a", { href: path, download: file.name, class: "file" }, h("b", {}, file.title || file.name), h("small", {}, `${file.name}, ${size}`));
  if (!PICTURE.test(file.name)) return link;
  return h("figure", { class: "picture" }, h("img", { src: path, alt: file.alt || file.title || file.name }), h("figcaption", {}, link));
}

function reactions(message) {
  const given = Object.entries(message.reactions ?? {});
  if (!given.length) return null;
  return h("ul", { class: "reactions", "aria-label": "Reactions" }, given.map(([name, users]) => h("li", {}, `${emoji(name) ?? `:${name}:`} ${users.length}`)));
}
