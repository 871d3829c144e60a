// What the keyboard walk asks of the page: where is the focus, has it been
// there before, and can a person see it?
globalThis.browsertestFocus ??= (() => {
  let seen = new WeakMap();
  let steps = 0;
  let last = null;
  let within = 0;

  // A field for a day or a time has stops of its own inside: year, month, day,
  // the button of its calendar. The browser leads through them, and as long as
  // it leads out again nobody is held.
  const parted = new Set(["date", "time", "datetime-local", "month", "week"]);
  const parts = 8;

  function ring(el) {
    const style = getComputedStyle(el);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  }

  // An element is in view when something of it lies in the window and nothing
  // foreign lies over all of it: a sticky header must not hide the focus.
  function inView(el) {
    for (const box of el.getClientRects()) {
      const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
      const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
      if (left >= right || top >= bottom) continue;
      const xs = [left + 1, (left + right) / 2, right - 1];
      const ys = [top + 1, (top + bottom) / 2, bottom - 1];
      for (const x of xs) {
        for (const y of ys) {
          const over = document.elementFromPoint(x, y);
          const label = over?.closest("label");
          if (over && (el === over || el.contains(over) || label?.control === el)) return true;
        }
      }
    }
    return false;
  }

  return {
    begin() {
      seen = new WeakMap();
      steps = 0;
      last = null;
      // Focusing and leaving the root moves the start of the walk to the top.
      const root = document.documentElement;
      const had = root.getAttribute("tabindex");
      root.setAttribute("tabindex", "-1");
      root.focus({ preventScroll: false });
      root.blur();
      had === null ? root.removeAttribute("tabindex") : root.setAttribute("tabindex", had);
      scrollTo(0, 0);
      return true;
    },
    look() {
      const el = document.activeElement;
      if (!el || el === document.body || el === document.documentElement || !document.hasFocus()) {
        return { Outside: true };
      }
      const before = seen.get(el) ?? 0;
      within = el === last ? within + 1 : 0;
      last = el;
      if (within > 0 && parted.has(el.type)) return within < parts ? { Within: true } : { Held: true, Seen: before };
      if (!before) seen.set(el, ++steps);
      return { Seen: before, Tag: el.tagName.toLowerCase(), Ring: ring(el), InView: inView(el) };
    },
  };
})();
