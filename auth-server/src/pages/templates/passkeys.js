// Hands what a form says to navigator.credentials, and sends the form with what it answers. Without it, or where a browser has no
// passkeys, the forms stay hidden and everything else of the pages works.
"use strict";
(() => {
  const supported = Boolean(window.PublicKeyCredential && navigator.credentials);

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => {
    const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
    return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const withIds = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  const requestOptions = (json) =>
    PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? {
      ...json,
      challenge: bytes(json.challenge),
      allowCredentials: withIds(json.allowCredentials),
    };
  const creationOptions = (json) =>
    PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ?? {
      ...json,
      challenge: bytes(json.challenge),
      user: { ...json.user, id: bytes(json.user.id) },
      excludeCredentials: withIds(json.excludeCredentials),
    };

  // What the server reads of it. toJSON says more, and some extensions that hold passkeys have none.
  const answer = ({ id, type, response }) => {
    const said = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) said[name] = text(response[name]);
    }
    return JSON.stringify({ id, type, response: said });
  };

  // While a name is typed, the browser offers the passkeys that it has, where it can: until the button asks for one.
  let offered;
  const offer = async (form, publicKey) => {
    const field = document.querySelector("input[autocomplete~='webauthn']");
    if (!field || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    offered = new AbortController();
    const { signal } = offered;
    try {
      const chosen = await navigator.credentials.get({ publicKey: publicKey(), mediation: "conditional", signal });
      form.elements.credential.value = answer(chosen);
      form.submit();
    } catch {
      // Nobody has chosen one. The button is still there, and so is the password.
    }
  };

  const connect = (form, ask) => {
    form.hidden = false;
    const fault = form.querySelector("[data-passkey-fault]");
    const button = form.querySelector("button");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      fault.hidden = true;
      button.disabled = true;
      // A browser asks for one at a time.
      offered?.abort();
      try {
        form.elements.credential.value = answer(await ask());
        form.submit();
      } catch {
        fault.hidden = false;
        button.disabled = false;
      }
    });
  };

  if (!supported) {
    for (const told of document.querySelectorAll("[data-without-passkeys]")) told.hidden = false;
    return;
  }
  for (const form of document.querySelectorAll("form[data-passkeys]")) form.hidden = false;
  for (const form of document.querySelectorAll("form[data-get]")) {
    const publicKey = () => requestOptions(JSON.parse(form.dataset.get));
    connect(form, () => navigator.credentials.get({ publicKey: publicKey() }));
    offer(form, publicKey);
  }
  for (const form of document.querySelectorAll("form[data-create]")) {
    const publicKey = () => creationOptions(JSON.parse(form.dataset.create));
    connect(form, () => navigator.credentials.create({ publicKey: publicKey() }));
  }
})();
