// Shows what arrives as it arrives, unless somebody is reading a letter or writing an answer.

const busy = () => document.querySelector("details[open]") || document.activeElement?.matches("input");

const socket = new WebSocket(`ws://${location.host}/ui`);
socket.addEventListener("message", (event) => {
  const { entries = [] } = JSON.parse(event.data);
  if (entries.some(({ kind }) => kind === "mail" || kind === "text") && !busy()) location.reload();
});
