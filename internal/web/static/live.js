// A page of a meeting works without this script: it is read again by its link.
// With it, it hears when the meeting has become another, asks for the page anew
// and puts in the parts that differ. Focus stays where it is, and so does what
// has been typed.
"use strict";

const live = document.getElementById("live");
if (live && "EventSource" in window) {
  const said = document.getElementById("live-said");
  let stream;
  let asking = false;
  let again = false;

  const hears = yes => {
    const sign = document.getElementById("live-on");
    if (sign) sign.hidden = !yes;
  };

  const fields = part => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(f => f.id);
  const refused = !!document.getElementById("fault"); // what was typed stands there as if it were the page's own
  const typed = f => refused || (f.type === "radio" || f.type === "checkbox" ? f.checked !== f.defaultChecked
    : f.tagName === "SELECT" ? [...f.options].some(o => o.selected !== o.defaultSelected)
    : f.value !== f.defaultValue);

  // What somebody has begun is his until he sends it, with the version that he
  // read: who was first is told on sending.
  const keep = (was, is) => {
    for (const f of fields(was)) {
      const to = is.querySelector("#" + CSS.escape(f.id));
      if (!to || !typed(f)) continue;
      if (f.type === "radio" || f.type === "checkbox") to.checked = f.checked;
      else to.value = f.value;
      const version = f.form?.elements.version, now = to.form?.elements.version;
      if (version && now) now.value = version.value;
    }
    for (const d of was.querySelectorAll("details[id]")) {
      const to = is.querySelector("#" + CSS.escape(d.id));
      if (to) to.open = d.open;
    }
    for (const s of was.querySelectorAll(".scroll")) {
      const name = s.getAttribute("aria-label");
      const to = [...is.querySelectorAll(".scroll")].find(o => o.getAttribute("aria-label") === name);
      if (to && s.scrollLeft) requestAnimationFrame(() => { to.scrollLeft = s.scrollLeft; });
    }
  };

  // Where the focus is, in words that find it again in another page.
  const place = part => {
    const at = document.activeElement;
    if (!at || at === document.body || !part.contains(at)) return null;
    if (at.id) return {find: is => is.querySelector("#" + CSS.escape(at.id)), from: at.selectionStart, to: at.selectionEnd};
    const all = e => [...e.querySelectorAll("a, button, summary, [tabindex]")];
    const text = at.textContent.trim();
    const nth = all(part).filter(e => e.tagName === at.tagName && e.textContent.trim() === text).indexOf(at);
    return {find: is => all(is).filter(e => e.tagName === at.tagName && e.textContent.trim() === text)[nth] ?? is.querySelector("h2, h3")};
  };

  const bare = part => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll("[name=key]").forEach(k => k.remove());
    copy.querySelectorAll("details").forEach(d => d.removeAttribute("open"));
    copy.querySelector("#live-on")?.removeAttribute("hidden");
    return copy.innerHTML;
  };
  const shown = new Map();
  const parts = page => [...page.querySelectorAll("[data-live]")];
  for (const p of parts(document)) shown.set(p.id, bare(p));

  const put = page => {
    let differs = false;
    for (const is of parts(page)) {
      const was = document.getElementById(is.id);
      const now = bare(is);
      if (!was || shown.get(is.id) === now) continue;
      differs = true;
      const focus = place(was);
      const next = document.importNode(is, true);
      keep(was, next);
      was.replaceWith(next);
      shown.set(is.id, now);
      if (!focus) continue;
      const to = focus.find(next);
      if (!to) continue;
      if (!to.matches("a, button, input, textarea, select, summary, [tabindex]")) to.tabIndex = -1;
      to.focus({preventScroll: true});
      if (focus.from != null) try { to.setSelectionRange(focus.from, focus.to); } catch { /* no text to stand in */ }
    }
    hears(true);
    if (differs) said.textContent = live.dataset.changed + " " + (document.querySelector("#live-state .lead")?.textContent ?? "");
  };

  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    do {
      again = false;
      const answer = await fetch(live.dataset.here, {cache: "no-store", headers: {Accept: "text/html"}}).catch(() => null);
      if (!answer) break; // the stream tells when the server is back
      if (!answer.ok) { location.replace(live.dataset.here); return; } // may not see it any more
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } while (again);
    asking = false;
  };

  const listen = () => {
    stream = new EventSource(live.dataset.events + "?seen=" + encodeURIComponent(live.dataset.seen));
    stream.addEventListener("open", () => hears(true));
    stream.addEventListener("changed", e => { live.dataset.seen = e.lastEventId; ask(); });
    stream.addEventListener("error", () => {
      hears(false);
      if (stream.readyState !== EventSource.CLOSED) return; // it tries again by itself
      ask(); // what the page itself says to that is what there is to say
      setTimeout(listen, 10000);
    });
  };
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", e => { if (e.persisted) listen(); });
  listen();
}
