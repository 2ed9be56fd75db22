// Runs one specification in the page's own WebAssembly under node and prints the result's JSON.
//
//   node run_node.mjs SPEC.json|preset:NAME [FOLDER of midlab.js]
//
// Exit codes as the command line's: 0 done, 1 the run failed, 2 bad input (one sentence on standard error).
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const [what, folder = path.join(process.env.MIDLAB_BUILD ?? path.join(here, "../../build/web"), "bin")] = process.argv.slice(2);
if (!what) {
  console.error("usage: node run_node.mjs SPEC.json|preset:NAME [FOLDER of midlab.js]");
  process.exit(2);
}
const readCbor = new Function(readFileSync(path.join(here, "page/cbor.js"), "utf8") + "return readCbor;")();

let run;
try {
  run = what.startsWith("preset:") ? { do: "run", preset: what.slice(7) } : { do: "run", spec: JSON.parse(readFileSync(what, "utf8")) };
} catch (e) {
  console.error(`${what}: ${e.message}`);
  process.exit(2);
}
const midCore = createRequire(import.meta.url)(path.resolve(folder, "midlab.js"));
const core = await midCore({ wasmBinary: readFileSync(path.join(folder, "midlab.wasm")) });
// The packed data sets that lie beside the module (pack_page.py); the build keeps them beside its programs.
const sets = path.join(folder, "../data");
for (const set of existsSync(sets) ? readdirSync(sets).filter(name => name !== "SHA256SUMS") : []) {
  if (core.FS.analyzePath("/data/" + set).exists) continue;   // inside the module
  const packed = path.join(sets, set);
  core.FS.mkdirTree("/data/" + set);
  for (const file of readdirSync(packed)) core.FS.writeFile(`/data/${set}/${file}`, readFileSync(path.join(packed, file)));
}
const text = core.stringToNewUTF8(JSON.stringify(run));
core._mid_command(text);
core._free(text);
while (core._mid_advance(100));
const from = core._mid_snapshot(1);
const last = readCbor(core.HEAPU8.slice(from, from + core._mid_snapshot_size()));
if (last.error) {
  console.error(last.error.sentence);
  process.exit(last.error.field ? 2 : 1);
}
console.log(JSON.stringify(last.result, null, 1));
