/** Emoji short names, as Slack knows them. */

import { h } from "./dom.js";

// Name and sign by turns: the few hundred that people type.
const KNOWN = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣 joy 😂
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 smiling_face_with_3_hearts 🥰 heart_eyes 😍
star-struck 🤩 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 stuck_out_tongue_winking_eye 😜 zany_face 🤪 hugging_face 🤗
thinking_face 🤔 shushing_face 🤫 zipper_mouth_face 🤐 face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑
no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷
nerd_face 🤓 sunglasses 😎 partying_face 🥳 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯
astonished 😲 flushed 😳 pleading_face 🥺 fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩
tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠 exploding_head 🤯 melting_face 🫠 saluting_face 🫡 skull 💀
hankey 💩 poop 💩 clown_face 🤡 ghost 👻 alien 👽 robot_face 🤖 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊
wave 👋 raised_hand ✋ vulcan_salute 🖖 ok_hand 👌 pinched_fingers 🤌 v ✌️ crossed_fingers 🤞 call_me_hand 🤙 point_left 👈
point_right 👉 point_up_2 👆 point_down 👇 point_up ☝️ +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 punch 👊
clap 👏 raised_hands 🙌 open_hands 👐 palms_up_together 🤲 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪 eyes 👀 eye 👁️
brain 🧠 ear 👂 nose 👃 lips 👄 tongue 👅 baby 👶 boy 👦 girl 👧 adult 🧑 man 👨 woman 👩 older_man 👴 older_woman 👵
bust_in_silhouette 👤 busts_in_silhouette 👥 family 👪 people_hugging 🫂 shrug 🤷 face_palm 🤦 raising_hand 🙋 bow 🙇
technologist 🧑‍💻 male-technologist 👨‍💻 female-technologist 👩‍💻 teacher 🧑‍🏫 student 🧑‍🎓 dancer 💃 man_dancing 🕺 runner 🏃
walking 🚶 santa 🎅 superhero 🦸 mage 🧙 zombie 🧟 ninja 🥷
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍
brown_heart 🤎 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 heartpulse 💗 revolving_hearts 💞 gift_heart 💝 100 💯 boom 💥
collision 💥 dizzy 💫 sweat_drops 💦 dash 💨 zzz 💤 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ wavy_dash 〰️
dog 🐶 cat 🐱 mouse 🐭 hamster 🐹 rabbit 🐰 fox_face 🦊 bear 🐻 panda_face 🐼 koala 🐨 tiger 🐯 lion_face 🦁 cow 🐮 pig 🐷
frog 🐸 monkey_face 🐵 chicken 🐔 penguin 🐧 bird 🐦 owl 🦉 unicorn_face 🦄 horse 🐴 bee 🐝 bug 🐛 butterfly 🦋 snail 🐌
turtle 🐢 snake 🐍 octopus 🐙 crab 🦀 fish 🐟 dolphin 🐬 whale 🐳 elephant 🐘 sloth 🦥 otter 🦦 hedgehog 🦔 dragon 🐉
t-rex 🦖 cactus 🌵 christmas_tree 🎄 evergreen_tree 🌲 deciduous_tree 🌳 palm_tree 🌴 seedling 🌱 herb 🌿
four_leaf_clover 🍀 maple_leaf 🍁 fallen_leaf 🍂 mushroom 🍄 bouquet 💐 tulip 🌷 rose 🌹 sunflower 🌻 cherry_blossom 🌸
sun_with_face 🌞 full_moon 🌕 crescent_moon 🌙 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐 star ⭐
star2 🌟 sparkles ✨ zap ⚡ fire 🔥 sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ rainbow 🌈 umbrella ☔ snowflake ❄️
snowman ⛄ ocean 🌊 droplet 💧 volcano 🌋
apple 🍎 green_apple 🍏 pear 🍐 tangerine 🍊 lemon 🍋 banana 🍌 watermelon 🍉 grapes 🍇 strawberry 🍓 cherries 🍒 peach 🍑
pineapple 🍍 avocado 🥑 tomato 🍅 carrot 🥕 corn 🌽 hot_pepper 🌶️ bread 🍞 croissant 🥐 cheese_wedge 🧀 egg 🥚 bacon 🥓
pancakes 🥞 hamburger 🍔 fries 🍟 pizza 🍕 sandwich 🥪 taco 🌮 burrito 🌯 sushi 🍣 ramen 🍜 spaghetti 🍝 rice 🍚 icecream 🍦
doughnut 🍩 cookie 🍪 birthday 🎂 cake 🍰 cupcake 🧁 chocolate_bar 🍫 candy 🍬 popcorn 🍿 coffee ☕ tea 🍵 teapot 🫖 milk 🥛
beer 🍺 beers 🍻 wine_glass 🍷 cocktail 🍸 champagne 🍾 clinking_glasses 🥂 tropical_drink 🍹 cup_with_straw 🥤
fork_and_knife 🍴 salt 🧂 honey_pot 🍯
soccer ⚽ basketball 🏀 football 🏈 baseball ⚾ tennis 🎾 volleyball 🏐 8ball 🎱 golf ⛳ trophy 🏆 medal 🏅 sports_medal 🏅
first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 dart 🎯 game_die 🎲 jigsaw 🧩 video_game 🎮 art 🎨
performing_arts 🎭 musical_note 🎵 notes 🎶 microphone 🎤 headphones 🎧 guitar 🎸 clapper 🎬 ticket 🎫 admission_tickets 🎟️
tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 ribbon 🎀 crystal_ball 🔮 magic_wand 🪄
car 🚗 taxi 🚕 bus 🚌 train 🚆 bike 🚲 airplane ✈️ rocket 🚀 ship 🚢 boat ⛵ anchor ⚓ construction 🚧 vertical_traffic_light 🚦
house 🏠 house_with_garden 🏡 office 🏢 school 🏫 hospital 🏥 bank 🏦 hotel 🏨 tent ⛺ mountain ⛰️ beach_with_umbrella 🏖️
world_map 🗺️ compass 🧭 statue_of_liberty 🗽
watch ⌚ iphone 📱 computer 💻 keyboard ⌨️ desktop_computer 🖥️ printer 🖨️ floppy_disk 💾 camera 📷 video_camera 📹 tv 📺 radio 📻
telephone ☎️ telephone_receiver 📞 battery 🔋 electric_plug 🔌 bulb 💡 flashlight 🔦 candle 🕯️ hourglass ⌛
hourglass_flowing_sand ⏳ stopwatch ⏱️ timer_clock ⏲️ alarm_clock ⏰ moneybag 💰 dollar 💵 credit_card 💳 gem 💎 scales ⚖️
wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ toolbox 🧰 magnet 🧲 link 🔗 chains ⛓️ microscope 🔬 telescope 🔭 test_tube 🧪
shield 🛡️ key 🔑 lock 🔒 unlock 🔓 closed_lock_with_key 🔐 door 🚪 bed 🛏️ broom 🧹 wastebasket 🗑️ shopping_trolley 🛒
email 📧 envelope ✉️ incoming_envelope 📨 envelope_with_arrow 📩 inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫
memo 📝 pencil 📝 pencil2 ✏️ black_nib ✒️ lower_left_ballpoint_pen 🖊️ page_facing_up 📄 bookmark_tabs 📑 clipboard 📋
calendar 📆 date 📅 spiral_calendar_pad 🗓️ card_index 📇 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
bar_chart 📊 pushpin 📌 round_pushpin 📍 paperclip 📎 straight_ruler 📏 scissors ✂️ file_folder 📁 open_file_folder 📂
card_file_box 🗃️ book 📖 books 📚 notebook 📓 newspaper 📰 bookmark 🔖 label 🏷️ mag 🔍 mag_right 🔎 loudspeaker 📢 mega 📣
bell 🔔 no_bell 🔕 mute 🔇 speaker 🔈 loud_sound 🔊 mortar_board 🎓 briefcase 💼 school_satchel 🎒 eyeglasses 👓 tophat 🎩
crown 👑 ring 💍 lipstick 💄 shirt 👕 necktie 👔 athletic_shoe 👟
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 x ❌ o ⭕ heavy_check_mark ✔️ white_check_mark ✅ ballot_box_with_check ☑️
heavy_multiplication_x ✖️ heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗
heavy_exclamation_mark ❗ grey_exclamation ❕ bangbang ‼️ interrobang ⁉️ information_source ℹ️ octagonal_sign 🛑
rotating_light 🚨 recycle ♻️ infinity ♾️ radioactive_sign ☢️ sos 🆘 new 🆕 free 🆓 up 🆙 cool 🆒 ok 🆗 id 🆔 top 🔝 soon 🔜
back 🔙 end 🔚 on 🔛 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️
arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄 repeat 🔁 twisted_rightwards_arrows 🔀
arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ fast_forward ⏩ rewind ⏪
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵
large_purple_circle 🟣 black_circle ⚫ white_circle ⚪ large_red_square 🟥 large_green_square 🟩 large_blue_square 🟦
white_large_square ⬜ black_large_square ⬛ small_orange_diamond 🔸 small_blue_diamond 🔹 radio_button 🔘
zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣
checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳️ rainbow-flag 🏳️‍🌈 pirate_flag 🏴‍☠️ flag-br 🇧🇷 flag-de 🇩🇪 de 🇩🇪
flag-es 🇪🇸 es 🇪🇸 flag-eu 🇪🇺 flag-fr 🇫🇷 fr 🇫🇷 flag-gb 🇬🇧 gb 🇬🇧 flag-in 🇮🇳 flag-it 🇮🇹 it 🇮🇹 flag-jp 🇯🇵 jp 🇯🇵
flag-us 🇺🇸 us 🇺🇸
`.trim().split(/\s+/);

const SIGNS = new Map(KNOWN.flatMap((name, at) => (at % 2 ? [] : [[name, KNOWN[at + 1]]])));
const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];
const SHORT = /:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/g;

/** The sign of a short name. */
export const emoji = (name) => SIGNS.get(name);

const toned = (sign, tone) => (tone ? sign.replace("\uFE0F", "") + TONES[tone - 2] : sign);

/** A text with the short names we know replaced by their signs. */
export function withEmoji(text) {
  return text.replace(SHORT, (whole, name, tone) => (emoji(name) ? toned(emoji(name), tone) : whole));
}

/** One emoji: its sign, which screen readers read by its name. */
export function emojiNode(name, sign = emoji(name), tone = "") {
  const words = name.replace(/[_-]+/g, " ").trim() || name;
  return h("span", { class: "emoji", role: "img", "aria-label": words, title: `:${name}:` }, toned(sign, tone));
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
