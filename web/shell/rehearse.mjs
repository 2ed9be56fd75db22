// A first visit as the page's module plays it, without a canvas, up to the first reconstruction: which functions were needed.
//
//   node rehearse.mjs SCRIPT MODULE PROFILE
//
// SCRIPT: midlab.js, MODULE: midlab.wasm as `wasm-split --instrument` made it, PROFILE: the file to write (web/shell/split_module.py).
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [script, file, profile] = process.argv.slice(2);
// In a language whose texts lie beside the module: that takes all that English does, and how they are read.
const language = "de", here = path.dirname(fileURLToPath(import.meta.url));
const { language: about, ...groups } = JSON.parse(readFileSync(path.join(here, `../../core/teach/texts/${language}.json`), "utf8"));
Object.defineProperty(globalThis, "navigator", { value: { language }, configurable: true });
// By a clock that goes on as it is looked at: the same functions are called on every machine.
let clock = 0;
performance.now = () => clock += .05;
Date.now = () => Math.floor(clock);
globalThis.matchMedia ??= () => ({ matches: false });
const nothing = () => {}, hooks = { answer: nothing, help: () => false, keepLink: nothing, keepState: nothing, announce: nothing, has: () => true,
                                    hasFile: () => false, hasManual: () => false, send: text => tell("_mid_command", text) };
const module = await WebAssembly.compile(readFileSync(file));
let instance;
const core = await createRequire(import.meta.url)(path.resolve(script))({
  page: hooks,
  instantiateWasm: (imports, done) => { WebAssembly.instantiate(module, imports).then(i => { instance = i; done(i, module); }); return {}; },
});
function tell(name, text) {
  const at = core.stringToNewUTF8(text);
  core[name](at);
  core._free(at);
}

core.FS.mkdirTree("/texts");
core.FS.writeFile(`/texts/${language}.json`, JSON.stringify(Object.assign({}, ...Object.values(groups))));
core.UTF8ToString(core._mid_catalogue());
let pictured = 0;   // frames since the first reconstruction
for (let frame = 0; frame < 10000 && pictured < 30; ++frame) {
  core._mid_page_rehearse();
  core._mid_advance(12);
  const from = core._mid_snapshot(0), bytes = core.HEAPU8.slice(from, from + core._mid_snapshot_size()), at = core._malloc(bytes.length);
  core.HEAPU8.set(bytes, at);
  if (core._mid_page_snapshot(at, bytes.length) || pictured) ++pictured;
  core._free(at);
  core._mid_page_work();
  core.UTF8ToString(core._mid_page_state());
  core.UTF8ToString(core._mid_page_summary());
}
if (!pictured) throw new Error("no reconstruction came in 10000 frames; look whether the page's first story runs (web/shell/run_node.mjs)");
const most = 1 << 20, at = core._malloc(most);
writeFileSync(profile, core.HEAPU8.slice(at, at + instance.exports.__write_profile(at, most)));
