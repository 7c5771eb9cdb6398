// The live connection: entries of the workspace's journal as they happen.

const AGAIN_AFTER = 500; // ms until the next try, when the workspace went away
const LONGEST_FRAME = 100; // ms; a hidden tab has no frames

/** Listens to `WS /ui`, goes on after a break where it stopped, and hands entries over frame by frame. */
class Live {
  #listeners = [];
  #waiting = [];
  #after = 0;
  #life = undefined;
  #planned = false;

  /** Have `fn` called with each batch of entries. */
  onEntries(fn) {
    this.#listeners.push(fn);
  }

  /** Listen to everything that comes after entry number `after`. */
  start(after) {
    this.#after = after;
    this.#connect();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ui?after=${this.#after}`);
    socket.onopen = () => document.body.classList.remove("offline");
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = () => {
      document.body.classList.add("offline");
      setTimeout(() => this.#connect(), AGAIN_AFTER);
    };
  }

  #take(told) {
    this.#life ??= told.life;
    if (told.life && told.life !== this.#life) location.reload(); // another workspace answers here now
    this.#after = told.last;
    if (!told.entries) return;
    this.#waiting.push(...told.entries);
    if (this.#planned) return;
    this.#planned = true;
    if (document.hidden) setTimeout(() => this.#hand(), LONGEST_FRAME);
    else requestAnimationFrame(() => this.#hand());
  }

  #hand() {
    this.#planned = false;
    const entries = this.#waiting.splice(0);
    for (const fn of this.#listeners) fn(entries);
  }
}

export const live = new Live();
