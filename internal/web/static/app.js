// The pages work without this script. It does two things more: it puts the
// focus on what went wrong, and it warns before the session ends.
"use strict";

document.querySelector(".fault[tabindex]")?.focus();

const about = document.querySelector("[data-ends]");
if (about) {
  const say = about.dataset;
  const early = 5 * 60 * 1000;
  let ends = Date.parse(say.ends);
  let timer;

  const box = document.createElement("dialog");
  box.className = "now";
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-labelledby", "ends-h");
  box.setAttribute("aria-describedby", "ends-p");
  const heading = document.createElement("h2");
  heading.id = "ends-h";
  heading.textContent = say.title;
  const words = document.createElement("p");
  words.id = "ends-p";
  const stay = document.createElement("button");
  stay.type = "button";
  stay.className = "do";
  stay.textContent = say.stay;
  box.append(heading, words, stay);
  document.body.append(box);

  const wait = () => {
    clearTimeout(timer);
    const left = ends - Date.now();
    if (left <= 0) {
      words.textContent = say.ended;
      stay.hidden = true;
      if (!box.open) box.showModal();
    } else if (left <= early) {
      words.textContent = say.warn;
      if (!box.open) box.showModal();
      timer = setTimeout(wait, left);
    } else {
      // A timer longer than 24 days would fire at once.
      timer = setTimeout(wait, Math.min(left - early, 86400000));
    }
  };

  stay.addEventListener("click", async () => {
    const answer = await fetch(say.ping, {cache: "no-store", redirect: "error"}).catch(() => null);
    const next = Date.parse(answer?.headers.get("Session-Ends") ?? "");
    ends = answer?.ok && next ? next : 0;
    if (ends > Date.now() + 1000) box.close();
    wait();
  });
  document.addEventListener("visibilitychange", wait);
  wait();
}
