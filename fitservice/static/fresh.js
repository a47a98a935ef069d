// A page that the browser kept and shows again with the back button asks the server first. And when the screen is
// handed over, what stands open in other tabs goes away: the server leads them to the questions as well.
"use strict";

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});

const tabs = new BroadcastChannel("hand-over");
if (document.body.hasAttribute("data-handed-over")) {
  tabs.postMessage("handed over");
} else {
  tabs.addEventListener("message", () => {
    document.body.hidden = true;
    window.location.replace("/");
  });
}
