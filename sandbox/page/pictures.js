// Pictures of apps: those of this workspace are shown, others would have to be fetched elsewhere.

import { h } from "./dom.js";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** An image element or block: the picture, or a frame with its words when it cannot be shown here. */
export function picture(image, { title = "", small = false } = {}) {
  const alt = String(image.alt_text ?? "");
  const src = ownAddress(image);
  if (!src) return frame(alt || title, small);
  const shown = h("img", { src, alt, title: title || alt, loading: "lazy" });
  shown.addEventListener("error", () => shown.replaceWith(frame(alt || title, small)), { once: true });
  return shown;
}

/** Where a picture lies on our own origin, or "" when it lies elsewhere. */
function ownAddress({ image_url: address, slack_file: file }) {
  if (file?.id) return `/files/${encodeURIComponent(file.id)}/picture`;
  const wanted = address ?? file?.url;
  if (!URL.canParse(wanted, location.href)) return "";
  const url = new URL(wanted, location.href);
  const home = LOOPBACK.includes(url.hostname) && LOOPBACK.includes(location.hostname);
  const ours = url.origin === location.origin || (home && url.port === location.port);
  return ours ? url.pathname + url.search : "";
}

function frame(words, small) {
  const label = words || "Picture";
  const shown = small ? label.slice(0, 1).toUpperCase() : label;
  const sort = small ? "picture-frame small" : "picture-frame";
  return h("span", { class: sort, role: "img", "aria-label": label, title: label }, shown);
}
