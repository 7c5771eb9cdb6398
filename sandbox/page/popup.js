// A panel that hangs from a control, above everything else.

const GAP = 4;
const ROOM = 16;
const TALL = 320;

/** Shows and hides one panel; a press elsewhere hides it. */
export class Popup {
  constructor(anchor, panel, hidden = () => {}) {
    Object.assign(this, { anchor, panel, hidden });
    panel.popover = "manual";
  }

  get isOpen() {
    return this.panel.matches(":popover-open");
  }

  /** Show it under its anchor, or above where there is more room. */
  show() {
    if (this.isOpen) return;
    this.panel.showPopover();
    this.place();
    this.watch = new AbortController();
    const { signal } = this.watch;
    document.addEventListener("pointerdown", (event) => this.pressed(event), { capture: true, signal });
    window.addEventListener("scroll", () => this.place(), { capture: true, passive: true, signal });
    window.addEventListener("resize", () => this.place(), { signal });
  }

  /** Hide it. */
  hide() {
    this.watch?.abort();
    if (!this.isOpen) return;
    this.panel.hidePopover();
    this.hidden();
  }

  pressed(event) {
    if (!this.panel.contains(event.target) && !this.anchor.contains(event.target)) this.hide();
  }

  place() {
    if (!this.panel.isConnected) return this.watch?.abort();
    const box = this.anchor.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - ROOM;
    const above = box.top - ROOM;
    const under = below >= Math.min(TALL, this.panel.scrollHeight) || below >= above;
    const { style } = this.panel;
    style.minWidth = `${box.width}px`;
    style.maxHeight = `${Math.min(TALL, under ? below : above)}px`;
    style.left = `${Math.max(GAP, Math.min(box.left, window.innerWidth - this.panel.offsetWidth - GAP))}px`;
    style.top = under ? `${box.bottom + GAP}px` : "auto";
    style.bottom = under ? "auto" : `${window.innerHeight - box.top + GAP}px`;
  }
}
