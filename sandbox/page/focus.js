// Keeping one's place while what one works in is drawn again.

const FOCUSABLE = "input, textarea, button, a[href]";

/** Remember where in *root* the focus and caret are; the answer puts them back after a redraw. */
export function rememberFocus(root) {
  const active = document.activeElement;
  const holder = root.contains(active) ? active.closest("[data-key]") : null;
  if (!holder) return () => {};
  const index = [...holder.querySelectorAll(FOCUSABLE)].indexOf(active);
  const caret = [active.selectionStart, active.selectionEnd, active.selectionDirection];
  return () => {
    if (document.activeElement === active) return;
    const { key } = holder.dataset;
    const again = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    const control = again?.querySelectorAll(FOCUSABLE)[index];
    control?.focus({ preventScroll: true });
    if (typeof caret[0] === "number" && control?.setSelectionRange) control.setSelectionRange(...caret);
  };
}
