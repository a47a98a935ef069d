// A page that the browser kept and shows again with the back button asks the server first.
"use strict";

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
