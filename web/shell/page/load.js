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

// { script: text, module, late, lateAddress, data: { path: bytes } }: late is the second module (late.js), null unless `whole`: it is fetched
// later, from lateAddress; data are the sets that lie in the page itself
async function load(files, whole) {
  if (!files) {
    const script = new TextDecoder().decode(fromBase64("core-script")), bytes = fromBase64("core-module");
    showBytes(bytes.length, bytes.length);
    const data = Object.fromEntries([...document.querySelectorAll("script[id^='data/']")].map(({ id }) => ["/" + id, fromBase64(id)]));
    const [module, late] = await Promise.all([bytes, fromBase64("core-late")].map(b => WebAssembly.compile(b)));
    return { script, module, late, data };
  }
  let done = 0;
  const needed = [files.script, files.module, ...whole ? [files.late] : []];
  const total = needed.reduce((sum, file) => sum + file.bytes, 0), onBytes = n => showBytes(done += n, total);
  showBytes(0, total);
  const [script, ...modules] = await Promise.all(needed.map(file => fetched(file.name, onBytes)));
  const [module, late = null] = await Promise.all(modules.map(bytes => WebAssembly.compile(bytes)));
  return { script: new TextDecoder().decode(script), module, late, lateAddress: new URL(files.late.name, location).href, data: {} };
}
