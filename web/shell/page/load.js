// Fetches script and module with real bytes in the bar; in the one-file page they lie in the page itself.
const say = (id, text) => { document.getElementById(id).textContent = text; };

function showBytes(done, total) {
  const mb = n => (n / 1048576).toFixed(1);
  say("bytes", total ? said("bytes", mb(done), mb(total)) : mb(done) + " MB");
  document.getElementById("done").style.width = total ? (100 * done / total).toFixed(1) + "%" : "0";
}

function giveUp(title, why) {
  say("say", title);
  say("why", why);
  say("bytes", "");
  document.getElementById("bar").hidden = true;
  document.getElementById("skeleton").hidden = false;
}

// One sentence over the canvas, beside it a button that does something about it, or a text to copy by hand.
function note(text, { verb = "", act, copy = "" } = {}) {
  const [box, field, button, close] = ["note", "note-copy", "note-act", "note-close"].map(id => document.getElementById(id));
  say("note-text", text);
  box.hidden = !text;
  field.hidden = !copy, field.value = copy;
  button.hidden = !verb, button.textContent = verb, button.onclick = act;
  close.onclick = () => { box.hidden = true; document.getElementById("canvas").focus(); };
  if (copy) { field.focus(); field.select(); }
}

// A sentence about what this browser lacks, or "".
function missing() {
  if (typeof WebAssembly !== "object") return said("no_webassembly");
  const canvas = document.createElement("canvas"), gl = canvas.getContext("webgl2");
  if (!gl) return said("no_webgl");
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return "";
}

function fromBase64(id) {
  const text = atob(document.getElementById(id).textContent.trim()), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function fetched(address, onBytes) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(said("answered", address, answer.status));
  const reader = answer.body.getReader(), parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    onBytes(value.length);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) { bytes.set(part, at); at += part.length; }
  return bytes;
}

// Gives a promise of the file with the texts of a language.
const textsIn = files => files ? code => fetched(files.texts[code], () => {}) : async code => fromBase64("texts/" + code);

// { script: text, module, data: { path: bytes } }; data are the sets that lie in the page itself
async function load(files) {
  if (!files) {
    const script = new TextDecoder().decode(fromBase64("core-script")), bytes = fromBase64("core-module");
    showBytes(bytes.length, bytes.length);
    const data = Object.fromEntries([...document.querySelectorAll("script[id^='data/']")].map(({ id }) => ["/" + id, fromBase64(id)]));
    return { script, module: await WebAssembly.compile(bytes), data };
  }
  let done = 0;
  const total = files.script.bytes + files.module.bytes, onBytes = n => showBytes(done += n, total);
  showBytes(0, total);
  const [script, bytes] = await Promise.all([fetched(files.script.name, onBytes), fetched(files.module.name, onBytes)]);
  return { script: new TextDecoder().decode(script), module: await WebAssembly.compile(bytes), data: {} };
}
