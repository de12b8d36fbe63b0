/* Passkeys need a browser that knows them. Until this runs, everything about them stays hidden. */

if (window.PublicKeyCredential) {
  for (const element of document.querySelectorAll("[data-passkey]")) {
    element.hidden = false;
  }
  for (const element of document.querySelectorAll("[data-without-passkey]")) {
    element.hidden = true;
  }
}

/* Cancelled by the person, timed out, or refused by the device: say it on the page. */
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const element of document.querySelectorAll("[data-passkey-error]")) {
    element.hidden = false;
  }
});
