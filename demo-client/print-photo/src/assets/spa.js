// The client `photo-spa`: a page without a server. It shows the authorization code grant with PKCE
// (RFC 7636) and the implicit grant (RFC 6749 §4.2), and every step of both.
"use strict";

const page = document.getElementById("spa");
const authorizationServer = page.dataset.authorizationServer;
const requireIss = page.dataset.requireIss === "true";
const resourceServer = page.dataset.resourceServer;
const clientId = page.dataset.clientId;
const redirectUri = page.dataset.redirectUri;
const SCOPE = "photo.read";
const RESOURCE_ID = "photo-space";
// What the page remembers while the browser is away. Session storage belongs to this tab.
const PENDING = "pending-authorization";
const STEPS = "steps";
const PUBLIC = new Set(["client_id", "response_type", "redirect_uri", "scope", "code_challenge",
  "code_challenge_method", "grant_type", "token_type", "expires_in", "iss", "error", "error_description",
  "error_uri", "aud", "exp", "user_name", "active", "photos"]);

const status = document.getElementById("spa-status");

function say(text, kind) {
  status.textContent = text;
  status.className = "status-line" + (kind ? " " + kind : "");
}

// The start is the same in all JWTs and in all handles of one grant.
function mask(text) {
  return text.length < 24 ? "…" : "…" + text.slice(-6);
}

function shown(pairs) {
  return Object.entries(pairs).map(([name, value]) => [name, PUBLIC.has(name) ? String(value) : mask(String(value))]);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function list(pairs) {
  const made = element("dl");
  for (const [name, value] of pairs) {
    const row = element("div");
    row.append(element("dt", "", name), element("dd", "", value));
    made.append(row);
  }
  return made;
}

function draw(step) {
  const why = element("div", "why");
  why.append(element("h3", "", step.title), element("p", "route", step.route), element("p", "", step.explanation));
  const rule = element("a", "rule", "RFC " + step.rfc + " §" + step.section);
  rule.href = "https://www.rfc-editor.org/rfc/rfc" + step.rfc + "#section-" + step.section;
  rule.rel = "noreferrer";
  const paragraph = element("p");
  paragraph.append(rule);
  why.append(paragraph);
  const wire = element("div", "wire");
  const line = element("p", "line");
  line.append(element("span", "method", step.method), " ", element("span", "url", step.url));
  wire.append(line);
  if (step.sent.length) wire.append(list(step.sent));
  if (step.status) {
    const answer = element("p", "line answer");
    answer.append(element("span", step.status >= 400 ? "status bad" : "status", String(step.status)), " answer");
    wire.append(answer);
  }
  if (step.received.length) wire.append(list(step.received));
  const item = element("li", "step");
  item.append(why, wire);
  document.getElementById("spa-flow").append(item);
  document.getElementById("spa-inspector").hidden = false;
}

// Steps are kept masked, so that they can be shown again when the browser is back.
function record(step) {
  const steps = JSON.parse(sessionStorage.getItem(STEPS) || "[]");
  steps.push(step);
  sessionStorage.setItem(STEPS, JSON.stringify(steps));
  draw(step);
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function randomText() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function start(kind) {
  const pending = { kind, state: randomText() };
  const request = { response_type: kind === "pkce" ? "code" : "token", client_id: clientId,
    redirect_uri: redirectUri, scope: SCOPE, state: pending.state };
  if (kind === "pkce") {
    pending.codeVerifier = randomText();
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.codeVerifier));
    request.code_challenge = base64url(new Uint8Array(digest));
    request.code_challenge_method = "S256";
  }
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  sessionStorage.removeItem(STEPS);
  const explanation = kind === "pkce"
    ? "The script keeps a random state and the code verifier in this tab and sends only the verifier’s hash."
    : "The script asks for the token itself. It keeps a random state in this tab.";
  record({ title: "Ask the owner", route: "Your browser → authorization server", method: "GET",
    url: authorizationServer + "/oauth/authorize", sent: shown(request), status: null, received: [],
    explanation, rfc: "6749", section: kind === "pkce" ? "4.1.1" : "4.2.1" });
  location.assign(authorizationServer + "/oauth/authorize?" + new URLSearchParams(request));
}

async function post(path, form, step) {
  const response = await fetch(authorizationServer + path, { method: "POST", body: new URLSearchParams(form),
    headers: { Accept: "application/json" }, credentials: "omit", cache: "no-store" });
  const answer = await response.json().catch(() => ({}));
  record({ ...step, route: "This script → authorization server", method: "POST", url: authorizationServer + path,
    sent: shown(form), status: response.status, received: shown(answer) });
  if (!response.ok) throw new Error("The authorization server says no: " + (answer.error || response.status));
  return answer;
}

async function exchange(code, codeVerifier) {
  const answer = await post("/oauth/token",
    { grant_type: "authorization_code", client_id: clientId, code, redirect_uri: redirectUri, code_verifier: codeVerifier },
    { title: "Exchange the code", rfc: "7636", section: "4.5",
      explanation: "The script shows the verifier. The server hashes it and compares: only this tab can have it." });
  if (String(answer.token_type).toLowerCase() !== "bearer") throw new Error("The token is of an unknown type.");
  return answer.access_token;
}

// RFC 9700 §2.1.2: any page can send a browser here with a token that was issued to itself.
async function checked(token) {
  const info = await post("/oauth/check_token", { client_id: clientId, token },
    { title: "Whose token is it?", rfc: "9700", section: "2.1.2",
      explanation: "A token in an address may come from anybody. Before using it the script asks whom it was issued to and what it is for." });
  const audience = [].concat(info.aud || []);
  if (info.client_id !== clientId || !audience.includes(RESOURCE_ID)) {
    throw new Error("This token was not issued to this page. It is not used.");
  }
  return token;
}

async function showPhotos(token) {
  const headers = { Authorization: "Bearer " + token };
  const response = await fetch(resourceServer + "/photos", { headers, credentials: "omit", cache: "no-store" });
  const photos = response.ok ? await response.json() : [];
  record({ title: "Use the token", route: "This script → Photo Space", method: "GET", url: resourceServer + "/photos",
    sent: [["Authorization", "Bearer " + mask(token)]], status: response.status,
    received: response.ok ? [["photos", String(photos.length)]] : [["WWW-Authenticate", response.headers.get("WWW-Authenticate") || ""]],
    explanation: "Photo Space lives at another origin, so its answer has to allow this page (CORS). The token travels in a header, never in an address.",
    rfc: "6750", section: "2.1" });
  if (!response.ok) throw new Error("Photo Space says no: " + response.status);
  const gallery = document.getElementById("spa-photos");
  for (const photo of photos) {
    const answer = await fetch(resourceServer + "/photos/" + encodeURIComponent(photo.id), { headers, credentials: "omit" });
    if (!answer.ok) continue;
    const item = element("li", "photo");
    const image = element("img");
    image.alt = photo.title;
    image.src = URL.createObjectURL(await answer.blob());
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    const caption = element("p");
    caption.append(element("b", "", photo.title), " ", element("span", "owner", photo.owner));
    item.append(image, caption);
    gallery.append(item);
  }
  gallery.hidden = false;
  say(photos.length + " photos, fetched by this page itself.", "good");
}

async function resume(answer, inFragment) {
  // The token or code leaves the address bar and the history before anything else happens.
  history.replaceState(null, "", location.pathname);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) || "null");
  sessionStorage.removeItem(PENDING);
  JSON.parse(sessionStorage.getItem(STEPS) || "[]").forEach(draw);
  record({ title: answer.has("error") ? "Back without a token" : inFragment ? "Back with a token" : "Back with a code",
    route: "Authorization server → your browser → this script", method: "GET", url: location.pathname,
    sent: shown(Object.fromEntries(answer)), status: null, received: [],
    explanation: (inFragment ? "The answer is in the fragment, which browsers keep to themselves. " : "The answer is in the query. ")
      + "The script compares state with the one in this tab and cleans the address bar.",
    rfc: "6749", section: inFragment ? "4.2.2" : "4.1.2" });
  if (!pending || answer.get("state") !== pending.state) {
    throw new Error("This answer does not belong to this tab. Nothing in it was used.");
  }
  // RFC 9207 §2.4: an `iss` that is there has to be right, and where it always is there it has to be there.
  if (answer.has("iss") ? answer.get("iss") !== authorizationServer : requireIss) {
    throw new Error("This answer comes from another authorization server.");
  }
  if (answer.get("error") === "access_denied") throw new Error("You said no, and that is fine: this page got nothing.");
  if (answer.has("error")) throw new Error("The authorization server says no: " + answer.get("error"));
  if (inFragment !== (pending.kind === "implicit")) throw new Error("This is not the kind of answer that was asked for.");
  say("Getting the photos…");
  const token = inFragment ? await checked(answer.get("access_token") || "") : await exchange(answer.get("code") || "", pending.codeVerifier);
  await showPhotos(token);
}

function fail(error) {
  const unreachable = error instanceof TypeError;
  say(unreachable ? "A server does not answer, or does not allow this page to ask. Are all three services running?" : error.message, "bad");
}

document.getElementById("start-pkce").addEventListener("click", () => start("pkce").catch(fail));
document.getElementById("start-implicit").addEventListener("click", () => start("implicit").catch(fail));
const fragment = new URLSearchParams(location.hash.slice(1));
const query = new URLSearchParams(location.search);
if (fragment.has("access_token") || fragment.has("error")) {
  resume(fragment, true).catch(fail);
} else if (query.has("code") || query.has("error")) {
  resume(query, false).catch(fail);
}
