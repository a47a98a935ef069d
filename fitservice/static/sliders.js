// Shows a slider beside each number. Without this file the number alone is typed.
"use strict";

for (const slider of document.querySelectorAll("[data-slider]")) {
  const range = slider.querySelector("input[type=range]");
  const number = slider.querySelector("input[type=text]");
  const comma = document.documentElement.lang !== "en";

  const follow = () => {
    const value = Number.parseFloat(number.value.replace(",", "."));
    const answered = Number.isFinite(value);
    range.value = answered ? value : (Number(range.min) + Number(range.max)) / 2;
    range.classList.toggle("unanswered", !answered);
    range.setAttribute("aria-valuetext", answered ? number.value : "–");
  };

  const show = () => {
    const text = Number(range.value).toFixed(1);
    number.value = comma ? text.replace(".", ",") : text;
    range.classList.remove("unanswered");
    range.setAttribute("aria-valuetext", number.value);
  };

  range.hidden = false;
  slider.classList.add("with-range");
  range.addEventListener("input", show);
  // a tap on the middle, where an unanswered slider stands, is an answer too
  range.addEventListener("click", show);
  number.addEventListener("input", follow);
  follow();
}
