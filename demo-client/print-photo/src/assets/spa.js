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

// What the page says, in the language of its reader.
const words = Object.fromEntries([...document.querySelectorAll("#spa-words li")]
  .map((sentence) => [sentence.dataset.key, sentence.textContent]));

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
    answer.append(element("span", step.status >= 400 ? "status bad" : "status", String(step.status)), " " + words["script-answer"]);
    wire.append(answer);
  }
  if (step.received.length) wire.append(list(step.received));
  const item = element("li", "step");
  item.append(why, wire);
  const flow = document.getElementById("spa-flow");
  flow.append(item);
  item.id = "spa-step-" + flow.children.length;
  drawn.push(step);
  document.getElementById("spa-diagram").replaceChildren(diagram(420, "narrow"), diagram(960, "wide"));
  document.getElementById("spa-inspector").hidden = false;
}

// The sequence diagram, as the server draws it for the grants that it takes part in.
const LIFELINES = ["role-owner", "script-lifeline", "role-authorization-server", "role-resource-server"];
const drawn = [];

function svg(parent, tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

function arrow(parent, from, to, y, kind) {
  const back = from < to ? -1 : 1;
  svg(parent, "path", { class: kind, d: `M${from} ${y} H${to + 8 * back}`, fill: "none", "stroke-width": 2,
    ...(kind === "ask" ? {} : { "stroke-dasharray": "5 4" }) });
  svg(parent, "path", { class: kind + " tip", d: `M${to} ${y} l${10 * back} -5 v10 Z` });
}

function diagram(width, kind) {
  const columns = [0.12, 0.37, 0.63, 0.87].map((share) => Math.round(share * width));
  const height = 60 + drawn.length * 84;
  const size = kind === "wide" ? 14 : 11;
  const picture = svg(null, "svg", { class: "diagram " + kind, viewBox: `0 0 ${width} ${height}`, role: "group",
    "aria-label": words["inspector-diagram"], "font-family": "system-ui, sans-serif" });
  LIFELINES.forEach((key, place) => {
    const x = columns[place];
    svg(picture, "line", { class: "life", x1: x, y1: 40, x2: x, y2: height - 8, "stroke-width": 2 });
    words[key].replace(" ", "\n").split("\n").forEach((line, row) => svg(picture, "text", { class: "role", x, y: 14 + 15 * row,
      "text-anchor": "middle", "font-size": size, "font-weight": 700 }, line));
  });
  drawn.forEach((step, place) => {
    const y = 84 + place * 84;
    const link = svg(picture, "a", { href: "#spa-step-" + (place + 1) });
    svg(link, "rect", { class: "hit", x: 0, y: y - 26, width, height: 74, rx: 6, fill: "none", "pointer-events": "all" });
    const [from, to] = [columns[step.from], columns[step.to]];
    const label = (className, below, text) => svg(link, "text", { class: className, x: Math.min(Math.max((from + to) / 2, width * 0.3), width * 0.7),
      y: y + below, "text-anchor": "middle", "font-size": className === "title" ? size : size - 2, "stroke-width": 4, "paint-order": "stroke" }, text);
    label("title", -10, step.title);
    arrow(link, from, to, y, "ask");
    label("path", 16, step.method + " " + new URL(step.url, location.href).pathname);
    if (step.status) {
      const answer = step.status >= 400 ? "no" : "yes";
      label(answer, 34, String(step.status));
      arrow(link, to, from, y + 40, answer);
    }
    svg(link, "circle", { class: "number", cx: from, cy: y, r: 11 });
    svg(link, "text", { class: "digit", x: from, y: y + 4, "text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: "#fff" }, String(place + 1));
  });
  return picture;
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
    ? words["script-ask-pkce-text"]
    : words["script-ask-implicit-text"];
  record({ title: words["script-ask"], route: words["script-browser-to-server"], from: 0, to: 2, method: "GET",
    url: authorizationServer + "/oauth/authorize", sent: shown(request), status: null, received: [],
    explanation, rfc: "6749", section: kind === "pkce" ? "4.1.1" : "4.2.1" });
  location.assign(authorizationServer + "/oauth/authorize?" + new URLSearchParams(request));
}

async function post(path, form, step) {
  const response = await fetch(authorizationServer + path, { method: "POST", body: new URLSearchParams(form),
    headers: { Accept: "application/json" }, credentials: "omit", cache: "no-store" });
  const answer = await response.json().catch(() => ({}));
  record({ ...step, route: words["script-to-server"], from: 1, to: 2, method: "POST", url: authorizationServer + path,
    sent: shown(form), status: response.status, received: shown(answer) });
  if (!response.ok) throw new Error(words["script-says-no"] + " " + (answer.error || response.status));
  return answer;
}

async function exchange(code, codeVerifier) {
  const answer = await post("/oauth/token",
    { grant_type: "authorization_code", client_id: clientId, code, redirect_uri: redirectUri, code_verifier: codeVerifier },
    { title: words["script-exchange"], rfc: "7636", section: "4.5", explanation: words["script-exchange-text"] });
  if (String(answer.token_type).toLowerCase() !== "bearer") throw new Error(words["script-unknown-type"]);
  return answer.access_token;
}

// RFC 9700 §2.1.2: any page can send a browser here with a token that was issued to itself.
async function checked(token) {
  const info = await post("/oauth/check_token", { client_id: clientId, token },
    { title: words["script-whose"], rfc: "9700", section: "2.1.2", explanation: words["script-whose-text"] });
  const audience = [].concat(info.aud || []);
  if (info.client_id !== clientId || !audience.includes(RESOURCE_ID)) {
    throw new Error(words["script-not-ours"]);
  }
  return token;
}

async function showPhotos(token) {
  const headers = { Authorization: "Bearer " + token };
  const response = await fetch(resourceServer + "/photos", { headers, credentials: "omit", cache: "no-store" });
  const photos = response.ok ? await response.json() : [];
  record({ title: words["script-use"], route: words["script-to-photos"], from: 1, to: 3, method: "GET", url: resourceServer + "/photos",
    sent: [["Authorization", "Bearer " + mask(token)]], status: response.status,
    received: response.ok ? [["photos", String(photos.length)]] : [["WWW-Authenticate", response.headers.get("WWW-Authenticate") || ""]],
    explanation: words["script-use-text"],
    rfc: "6750", section: "2.1" });
  if (!response.ok) throw new Error(words["script-photos-say-no"] + " " + response.status);
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
  say(photos.length + " " + words["script-photos"], "good");
}

async function resume(answer, inFragment) {
  // The token or code leaves the address bar and the history before anything else happens.
  history.replaceState(null, "", location.pathname);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) || "null");
  sessionStorage.removeItem(PENDING);
  JSON.parse(sessionStorage.getItem(STEPS) || "[]").forEach(draw);
  record({ title: answer.has("error") ? words["script-back-without"] : inFragment ? words["script-back-with-token"] : words["script-back-with-code"],
    route: words["script-back"], from: 0, to: 1, method: "GET", url: location.pathname,
    sent: shown(Object.fromEntries(answer)), status: null, received: [],
    explanation: words[inFragment ? "script-in-fragment" : "script-in-query"] + " " + words["script-compares"],
    rfc: "6749", section: inFragment ? "4.2.2" : "4.1.2" });
  if (!pending || answer.get("state") !== pending.state) {
    throw new Error(words["script-not-this-tab"]);
  }
  // RFC 9207 §2.4: an `iss` that is there has to be right, and where it always is there it has to be there.
  if (answer.has("iss") ? answer.get("iss") !== authorizationServer : requireIss) {
    throw new Error(words["script-other-issuer"]);
  }
  if (answer.get("error") === "access_denied") throw new Error(words["script-denied"]);
  if (answer.has("error")) throw new Error(words["script-says-no"] + " " + answer.get("error"));
  if (inFragment !== (pending.kind === "implicit")) throw new Error(words["script-other-kind"]);
  say(words["script-getting"]);
  const token = inFragment ? await checked(answer.get("access_token") || "") : await exchange(answer.get("code") || "", pending.codeVerifier);
  await showPhotos(token);
}

function fail(error) {
  const unreachable = error instanceof TypeError;
  say(unreachable ? words["script-unreachable"] : error.message, "bad");
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
