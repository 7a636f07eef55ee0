// Shows what the bank says, twice a second, and hands on what a person does. Works by keyboard alone: a scanner types
// its code and ends with Enter; F1 to F9 press the buttons, which show the key.
"use strict";

const $ = (id) => document.getElementById(id);
let shown = "";

function draw(screen) {
  const now = JSON.stringify(screen);
  if (now === shown) return;
  shown = now;
  $("message").textContent = screen.text;
  $("door").textContent = screen.compartment;
  $("door").hidden = screen.compartment === "";
  $("offline").hidden = screen.linked;
  $("entry").hidden = !(screen.scan_wanted || screen.pin_wanted);
  $("keypad").hidden = !screen.pin_wanted;
  $("presence").textContent = $("presence").dataset.text.replace("{code}", screen.presence_code);
  $("choices").replaceChildren(...screen.choices.map(([key, text], index) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.dataset.key = `F${index + 1}`;
    button.addEventListener("click", () => send("/choose", { choice: key }));
    item.append(button);
    return item;
  }));
  const image = $("receipt").querySelector("img");
  $("receipt").hidden = !screen.receipt;
  if (screen.receipt) image.src = `/receipt.svg?${Date.now()}`;
  if (!$("entry").hidden) $("text").focus();
}

// Ten digits for whoever has no keyboard; with one, they are passed over by Tab.
function keypad() {
  const erase = $("keypad").dataset.erase;
  $("keypad").replaceChildren(...["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", erase].map((label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.textContent = label;
    button.addEventListener("click", () => {
      const text = $("text");
      text.value = label === erase ? text.value.slice(0, -1) : text.value + label;
      text.focus();
    });
    return button;
  }));
}

async function look() {
  try {
    draw(await (await fetch("/screen")).json());
  } catch {
    // The agent starts anew; the next look finds it.
  }
}

async function send(path, body) {
  await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  await look();
}

$("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  $("text").value = "";
  if (text !== "") send("/enter", { text });
});

document.addEventListener("keydown", (event) => {
  const match = /^F([1-9])$/.exec(event.key);
  const button = match && $("choices").querySelectorAll("button")[Number(match[1]) - 1];
  if (button) {
    event.preventDefault();
    button.click();
  }
});

keypad();
look();
setInterval(look, 500);
