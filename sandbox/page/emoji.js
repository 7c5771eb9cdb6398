// Emoji short names, as Slack knows them.

import { h } from "./dom.js";

// Name and sign by turns: the few hundred that people type.
const KNOWN = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣 joy 😂
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩
stuck_out_tongue 😛 hugging_face 🤗 thinking_face 🤔 neutral_face 😐 face_with_rolling_eyes 🙄 grimacing 😬
pensive 😔 sleeping 😴 sunglasses 😎 partying_face 🥳 confused 😕 worried 😟 open_mouth 😮 cry 😢 sob 😭 scream 😱
disappointed 😞 tired_face 😫 rage 😡 angry 😠 exploding_head 🤯 melting_face 🫠 saluting_face 🫡 ghost 👻
robot_face 🤖 wave 👋 raised_hand ✋ ok_hand 👌 crossed_fingers 🤞 point_left 👈 point_right 👉 point_down 👇
point_up ☝️ +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 facepunch 👊 clap 👏 raised_hands 🙌 handshake 🤝 pray 🙏
muscle 💪 eyes 👀 bust_in_silhouette 👤 busts_in_silhouette 👥 shrug 🤷 face_palm 🤦 raising_hand 🙋 bow 🙇
technologist 🧑‍💻 heart ❤️ orange_heart 🧡 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔
sparkling_heart 💖 100 💯 boom 💥 dizzy 💫 zzz 💤 speech_balloon 💬 dog 🐶 cat 🐱 unicorn_face 🦄 bug 🐛
christmas_tree 🎄 seedling 🌱 four_leaf_clover 🍀 earth_africa 🌍 globe_with_meridians 🌐 star ⭐ sparkles ✨
zap ⚡ fire 🔥 sunny ☀️ rainbow 🌈 snowflake ❄️ hamburger 🍔 pizza 🍕 cookie 🍪 birthday 🎂 cake 🍰 popcorn 🍿
coffee ☕ tea 🍵 beer 🍺 beers 🍻 champagne 🍾 trophy 🏆 sports_medal 🏅 first_place_medal 🥇 dart 🎯 jigsaw 🧩
tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 airplane ✈️ rocket 🚀 construction 🚧 computer 💻
telephone_receiver 📞 bulb 💡 hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ wrench 🔧 hammer 🔨
hammer_and_wrench 🛠️ gear ⚙️ link 🔗 shield 🛡️ key 🔑 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 email 📧
envelope ✉️ incoming_envelope 📨 inbox_tray 📥 package 📦 memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄
clipboard 📋 calendar 📆 date 📅 spiral_calendar_pad 🗓️ chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 bar_chart 📊 pushpin 📌 round_pushpin 📍 paperclip 📎 scissors ✂️ book 📖 books 📚
bookmark 🔖 mag 🔍 mag_right 🔎 loudspeaker 📢 bell 🔔 mortar_board 🎓 warning ⚠️ no_entry ⛔ no_entry_sign 🚫
x ❌ heavy_check_mark ✔️ white_check_mark ✅ heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ exclamation ❗
information_source ℹ️ octagonal_sign 🛑 rotating_light 🚨 recycle ♻️ sos 🆘 new 🆕 ok 🆗 soon 🔜 arrow_right ➡️
arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrows_counterclockwise 🔄 repeat 🔁 twisted_rightwards_arrows 🔀
arrow_forward ▶️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢
large_blue_circle 🔵 large_purple_circle 🟣 zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣
seven 7️⃣ eight 8️⃣ nine 9️⃣ checkered_flag 🏁 triangular_flag_on_post 🚩 rainbow-flag 🏳️‍🌈
`.trim().split(/\s+/);

const SIGNS = new Map(KNOWN.flatMap((name, at) => (at % 2 ? [] : [[name, KNOWN[at + 1]]])));
const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];
const SHORT = /:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/g;

/** All short names there are. */
export const names = () => [...SIGNS.keys()];

/** The sign of a short name. */
export const emoji = (name) => SIGNS.get(name);

// A tone follows the first sign of those that are made of several.
const toned = (sign, tone) => (tone ? sign.replace(/^(.)\uFE0F?/u, `$1${TONES[tone - 2]}`) : sign);

/** A text with the short names we know replaced by their signs. */
export function withEmoji(text) {
  return text.replace(SHORT, (whole, name, tone) => (emoji(name) ? toned(emoji(name), tone) : whole));
}

/** One emoji: its sign, which screen readers read by its name. */
export function emojiNode(name, sign = emoji(name), tone = "") {
  const words = name.replace(/[_-]+/g, " ").trim() || name;
  const looks = { class: "emoji", role: "img", "aria-label": words, title: `:${name}:` };
  return h("span", looks, toned(sign, tone));
}

/** A text as nodes, short names as emoji. */
export function emojiNodes(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(SHORT)) {
    const [whole, name, tone] = found;
    if (!emoji(name)) continue;
    nodes.push(text.slice(from, found.index), emojiNode(name, emoji(name), tone));
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "")
    .map((node) => (typeof node === "string" ? document.createTextNode(node) : node));
}
