/** Shows /openapi.json and lets every operation be tried, with nothing but this server. */

const state = { token: null };
const main = document.getElementById("operations");

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function pretty(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function parameterField(parameter) {
  const schema = parameter.schema ?? {};
  const choices = schema.enum ?? schema.anyOf?.find((choice) => choice.enum)?.enum;
  const name = `${parameter.name}${parameter.required ? " *" : ""}`;
  const attributes = { name: parameter.name, "data-in": parameter.in };
  const field = choices
    ? element("select", attributes, element("option", { value: "" }), ...choices.map((c) => element("option", {}, c)))
    : element("input", { ...attributes, placeholder: schema.examples?.[0] ?? schema.default ?? "" });
  return element("label", { title: parameter.description ?? null }, name, field);
}

function request(method, path, form) {
  const query = new URLSearchParams();
  const headers = {};
  let address = path;
  for (const field of form.querySelectorAll("[data-in]")) {
    const { name, value } = field;
    const place = field.dataset.in;
    if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(value));
    else if (value !== "" && place === "query") query.append(name, value);
    else if (value !== "" && place === "header") headers[name] = value;
  }
  const body = form.querySelector("textarea")?.value.trim();
  if (state.token) headers.Authorization = `Bearer ${state.token}`;
  const options = { method: method.toUpperCase(), headers };
  if (body) {
    const isForm = form.dataset.media !== "application/json";
    headers["Content-Type"] = form.dataset.media;
    options.body = isForm ? new URLSearchParams(JSON.parse(body)).toString() : body;
  }
  return fetch(query.size ? `${address}?${query}` : address, options);
}

async function send(event, method, path) {
  event.preventDefault();
  const form = event.currentTarget;
  const shown = form.parentElement.querySelector("output");
  shown.replaceChildren("Waiting…");
  try {
    const answer = await request(method, path, form);
    const text = await answer.text();
    let content = text;
    try {
      content = pretty(JSON.parse(text));
    } catch {
      // Not JSON: shown as it came.
    }
    shown.replaceChildren(element("p", {}, `${answer.status} ${answer.statusText}`), element("pre", {}, content));
  } catch (error) {
    shown.replaceChildren(element("pre", {}, String(error)));
  }
}

function tryForm(method, path, operation) {
  const content = operation.requestBody?.content;
  const media = content ? Object.keys(content)[0] : "application/json";
  const form = element("form", { "data-media": media });
  const fields = (operation.parameters ?? []).filter((p) => p.in !== "cookie").map(parameterField);
  form.append(element("div", { class: "row" }, ...fields));
  if (content) {
    const text = element("textarea", { "aria-label": "Body", spellcheck: "false" });
    text.value = pretty(content[media].example ?? {});
    form.append(text);
  }
  form.append(element("button", {}, "Send"));
  form.addEventListener("submit", (event) => send(event, method, path));
  return form;
}

function answersOf(operation) {
  return Object.entries(operation.responses).map(([status, response]) => {
    const [content] = Object.values(response.content ?? {});
    const example = content?.example === undefined ? null : element("pre", {}, pretty(content.example));
    return element("details", {}, element("summary", {}, `${status} ${response.description}`), example);
  });
}

function operationView(method, path, operation) {
  const access = operation.security ? "signed in" : "public";
  const view = element(
    "details",
    { "data-words": `${method} ${path} ${operation.summary}`.toLowerCase() },
    element(
      "summary",
      {},
      element("span", { class: "method" }, method.toUpperCase()),
      element("code", {}, path),
      ` ${operation.summary} (${access})`,
    ),
  );
  view.addEventListener(
    "toggle",
    () => {
      const description = element("p", {}, operation.description ?? "");
      view.append(description, tryForm(method, path, operation), element("output", { "aria-live": "polite" }), ...answersOf(operation));
    },
    { once: true },
  );
  return view;
}

function show(document_) {
  document.getElementById("about").textContent = document_.info.description.trim();
  const groups = new Map();
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "other";
      if (!groups.has(tag)) groups.set(tag, element("section", {}, element("h2", {}, tag)));
      groups.get(tag).append(operationView(method, path, operation));
    }
  }
  main.replaceChildren(...groups.values());
}

document.getElementById("filter").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase();
  for (const view of main.querySelectorAll("[data-words]")) {
    view.hidden = !view.dataset.words.includes(words);
  }
});

document.getElementById("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = document.getElementById("signed-in");
  const answer = await fetch("/auth/token", { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
  const found = await answer.json();
  state.token = answer.ok ? found.access_token : null;
  said.textContent = answer.ok ? "Signed in" : found.detail;
});

const found = await fetch("/openapi.json");
if (found.ok) show(await found.json());
else main.replaceChildren(element("p", {}, `The document could not be loaded: ${found.status}`));
