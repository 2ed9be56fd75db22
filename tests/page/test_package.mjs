// The npm package as somebody has it who installs it: packed, installed without a network into an empty project, and there compared with
// the command line, in node, in a node worker and, bundled by esbuild, in a page's module worker. Types are compiled against use and
// against what came out; every example of docs/javascript.md runs.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { pathToFileURL } from "node:url";
import { compare, json, native } from "./figures.mjs";

const { MIDLAB_SOURCE: source, MIDLAB_BUILD: build, MIDLAB_BIN: mid, NODE_PATH: modules } = process.env;
const project = mkdtempSync(path.join(tmpdir(), "midlab-package-"));
const began = performance.now(), tell = what => console.log(`${((performance.now() - began) / 1000).toFixed(1)} s  ${what}`);
const npm = (...words) => execFileSync("npm", [...words, "--offline", "--no-audit", "--no-fund", "--loglevel=error", "--cache", path.join(project, "cache")], { cwd: project, encoding: "utf8" });
const refused = async (promise, kind, sentence) => {
  const error = await promise.then(() => assert.fail("nothing was refused"), e => e);
  assert.equal(error.name, kind, error);
  if (sentence !== undefined) assert.match(error.message, sentence);
  return error;
};
const printed = words => { try { execFileSync(mid, words, { encoding: "utf8", stdio: "pipe" }); } catch (e) { return e.stderr.replace(/^mid: /, "").trim(); } return assert.fail("mid refused nothing"); };

// Made-up people: an income that hangs on age, and a secret that the tree asks for.
const people = "age,sex,hours,income\n" + Array.from({ length: 240 }, (_, i) => `${20 + i * 7 % 50},${i % 3 ? "f" : "m"},${20 + i * 11 % 40},${i * 7 % 50 > 25 || i % 3 === 0 ? "high" : "low"}\n`).join("");
const table = { data: { csv: "people.csv", target: "income", sensitive: "sex" }, model: { kind: "tree" }, attack: { kind: "tree_black_box" } };
const words = fields => Object.entries(fields).map(([path, value]) => `${path}=${JSON.stringify(value)}`);

// ---- packed and installed ----

function install() {
  const [packed] = JSON.parse(npm("pack", path.join(build, "package"), "--json"));
  const files = packed.files.map(file => file.path);
  for (const file of ["package.json", "README.md", "LICENSE", "LICENSES.md", "licences/eigen.txt", "index.js", "node.js", "index.d.ts", "core.wasm", "data/warfarin-simsl/COPYING", "data/london-faces64/LICENSE-CC-BY-4.0.md"])
    assert.ok(files.includes(file), `${file} is not in the package: ${files}`);
  for (const set of readdirSync(path.join(source, "core/data"), { withFileTypes: true }).filter(entry => entry.isDirectory()))
    assert.ok(files.includes(`data/${set.name}/README.md`), `the data set ${set.name} is not in the package`);
  assert.equal(packed.version, execFileSync(mid, ["--version"], { encoding: "utf8" }).trim());
  writeFileSync(path.join(project, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  npm("install", `./${packed.filename}`);
  assert.deepEqual(readdirSync(path.join(project, "node_modules")).filter(name => !name.startsWith(".")), ["midlab"]);
  writeFileSync(path.join(project, "people.csv"), people);
  tell(`packed (${(packed.size / 1e6).toFixed(1)} MB) and installed`);
}

// ---- the same figures ----

const cases = {
  "confidence, two rounds": ["preset:confidence", { "train.epochs": 2, "data.private": 600, "data.held_out": 600 }],
  "confidence, answers dealt to others": ["preset:confidence", { "train.epochs": 2, "data.private": 600, "data.held_out": 600, control: "permuted" }],
  "visitors, two rounds": ["preset:visitors", { "train.epochs": 2 }],
  dose: ["preset:dose", {}],
  "survey-tree": ["preset:survey-tree", { "data.private": 1000, "data.held_out": 500 }],
  "a table of one's own": [table, {}],
};
async function figures(midlab) {
  writeFileSync(path.join(project, "table.json"), JSON.stringify(table));
  const results = {};
  for (const [what, [spec, set]] of Object.entries(cases)) {
    const mine = results[what] = await midlab.run(spec, { set, files: spec === table ? { "people.csv": people } : {} });
    const theirs = native(spec === table ? "table.json" : spec, words(set), { cwd: project });
    compare(theirs, mine, what, true);
    assert.deepEqual(mine.warnings, theirs.warnings, what);
    assert.deepEqual(Object.keys(mine.notes ?? {}), Object.keys(theirs.notes ?? {}), what);
    assert.deepEqual(Object.keys(mine).filter(key => !(key in theirs)), ["pictures", "beliefs", "tree", "model"], what);
    assert.deepEqual(Object.keys(theirs).filter(key => !(key in mine)), [], what);
    assert.deepEqual(structuredClone(mine), mine, `${what}: a result can be sent to a worker`);
    assert.match(await midlab.text(mine), new RegExp(`run ${mine.id}, .*What the attacker gets`, "s"), what);
  }
  assert.ok(Object.values(results).some(r => r.warnings.length) && Object.values(results).some(r => r.notes), "warnings and notes are among what was compared");
  assert.ok("control" in results["confidence, answers dealt to others"].spec);
  tell(`${Object.keys(cases).length} runs agree with the command line`);
  return results;
}

async function everybody(midlab) {
  const set = { "train.epochs": 1, "data.attacked": 150 };
  const some = await midlab.run("preset:which-seven", { set }), all = await midlab.run("preset:which-seven", { set, allVictims: true });
  assert.deepEqual([some.pictures.guess.shape[0], all.pictures.guess.shape[0], all.pictures.names.length], [60, 150, 150]);
  assert.deepEqual(all.pictures.guess.data.subarray(0, some.pictures.guess.data.length), some.pictures.guess.data);
  assert.deepEqual(all.privacy, some.privacy);
}

function arrays(results) {
  const { pictures } = results["visitors, two rounds"], [rows, height, width] = pictures.guess.shape;
  assert.deepEqual([rows, height, width], [40, 64, 64]);
  for (const kind of ["truth", "guess", "average"]) {
    assert.ok(pictures[kind].data instanceof Uint8Array, kind);
    assert.equal(pictures[kind].data.length, rows * height * width, kind);
  }
  assert.equal(pictures.names.length, rows);
  assert.match(pictures.credit, /CC BY/);
  assert.ok(pictures.line_up.length === rows && pictures.line_up.every(p => p >= 0 && p <= 1), `line_up ${pictures.line_up}`);
  assert.deepEqual(pictures.line_ups.candidate.shape, [rows, 10]);
  const spread = pictures.answers.value;
  assert.equal(spread.data.length, spread.shape[0] * spread.shape[1]);

  const { beliefs, privacy: { attack_accuracy } } = results["confidence, two rounds"], [victims, values] = beliefs.after.shape;
  let right = 0;
  for (let i = 0; i < victims; ++i) {
    const row = beliefs.after.data.subarray(i * values, (i + 1) * values);
    assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
    right += row.indexOf(Math.max(...row)) === beliefs.truth[i];
  }
  assert.ok(attack_accuracy.n !== victims || Math.abs(right / victims - attack_accuracy.value) < 1e-9, "the beliefs are those behind the figure");
  const { model } = results["confidence, two rounds"];
  assert.ok(JSON.parse(new TextDecoder().decode(model.subarray(8, 8 + Number(new DataView(model.buffer).getBigUint64(0, true))))), "the model is a safetensors file");
  const { tree } = results["a table of one's own"];
  assert.ok(tree.nodes.length > 1 && tree.nodes[0].parent === -1);
}

// A file of numbers as `mid data export --format npy` writes it.
function npy(file, Type) {
  const bytes = readFileSync(file), start = 10 + bytes.readUInt16LE(8);
  return new Type(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}
async function records(midlab, results) {
  for (const [spec, set] of [["preset:confidence", { "data.private": 600 }], ["preset:dose", {}], ["preset:visitors", {}]]) {
    const mine = await midlab.data(spec, { set }), [n, inputs] = mine.inputs.shape;
    const sets = words(set).flatMap(word => ["--set", word]), folder = path.join(project, "records", spec.slice(7));
    const theirs = json(mid, ["data", "columns", spec, "--json", ...sets]);
    assert.deepEqual(mine.columns.map(c => [c.name, c.meaning, c.unit]), theirs.inputs.map(c => [c.name, c.meaning, c.unit]), spec);
    assert.deepEqual(mine.about.target.classes, theirs.target.classes, spec);
    for (const part of ["train", "test", "auxiliary"]) {
      assert.equal(mine[part].length, theirs.records[part], `${spec}: ${part}`);
      assert.ok(mine[part].every(i => mine.part[i] === part), `${spec}: ${part}`);
    }
    assert.ok(mine.attacked.length > 0 && inputs === mine.columns.length);
    execFileSync(mid, ["data", "export", spec, ...sets, "--out", folder, "--format", "npy"]);
    for (const [name, numbers] of [["inputs", mine.inputs.data], ["target", mine.target], ["row", mine.row]]) {
      const written = npy(path.join(folder, name + ".npy"), numbers.constructor);
      assert.equal(numbers.length, written.length, `${spec}: ${name}`);
      assert.ok(written.every((x, i) => Math.abs(x - numbers[i]) <= 1e-6 * Math.max(1, Math.abs(x)) || (x !== x && numbers[i] !== numbers[i])), `${spec}: ${name} are those of mid data export`);
    }
    if (!mine.pictures) continue;
    assert.deepEqual(mine.pictures.shape, [n, 64, 64]);   // a victim's true picture is that of its record
    const { truth } = results["visitors, two rounds"].pictures, pixels = 64 * 64;
    for (const row of [0, truth.shape[0] - 1])
      for (let i = 0; i < pixels; ++i)
        assert.ok(Math.abs(truth.data[row * pixels + i] - 255 * mine.pictures.data[mine.attacked[row] * pixels + i]) <= 1, `${spec}: pixel ${i} of victim ${row}`);
  }
  tell("records");
}

// ---- what goes wrong, and what goes on ----

async function manners(midlab) {
  const { run, MidlabError } = midlab, small = cases["confidence, two rounds"][1];
  const bad = { "defense.beta": -1 }, error = await refused(run("preset:confidence", { set: bad }), "MidlabError");
  assert.ok(error instanceof MidlabError && error.input && error.field === "defense.beta");
  assert.equal(error.message, printed(["run", "preset:confidence", "--set", "defense.beta=-1"]));
  assert.equal((await refused(run("preset:nobody"), "MidlabError")).message, printed(["run", "preset:nobody"]));
  await refused(run(3), "MidlabError", /must be an object/);
  await refused(run(table), "MidlabError", /people\.csv/);
  await refused(run(table, { files: { "/dev/null": "x" } }), "MidlabError", /names of their own/);
  await refused(run({ ...table, model: { kind: "black_box", command: ["true"] } }, { files: { "people.csv": people } }), "MidlabError");
  await refused(midlab.data(table), "MidlabError", /people\.csv/);

  const told = [];
  await run("preset:visitors", { set: { "train.epochs": 3, seed: 5 }, onProgress: p => told.push(p) });
  assert.ok(told.length > 0 && told.every(p => p.fraction >= 0 && p.fraction <= 1 && p.stage && p.total >= p.done), JSON.stringify(told));
  await refused(run("preset:visitors", { set: { seed: 6 }, onProgress: () => { throw new TypeError("mine"); } }), "TypeError", /^mine$/);

  // Stopped before, by a timer that has its turn between two slices, and while others work.
  await refused(run("preset:visitors", { signal: AbortSignal.abort() }), "AbortError");
  const one = new AbortController(), two = new AbortController(), seen = [];
  const first = run("preset:visitors", { signal: one.signal, set: { "train.epochs": 1000, seed: 7 }, onProgress: p => seen.push(p) }), second = run("preset:visitors", { signal: two.signal });
  two.abort(new RangeError("no patience"));
  await refused(second, "RangeError", /no patience/);
  setTimeout(() => one.abort(), 1);
  await refused(first, "AbortError");

  // Several at once come out each with its own figures, and nobody's file is left to the next.
  const both = await Promise.all([run("preset:confidence", { set: small }), run(table, { files: { "people.csv": people } }), run("preset:confidence", { set: { ...small, seed: 2 } })]);
  assert.deepEqual(both.map(r => [r.spec.data.name ?? null, r.spec.seed]), [["adult", 1], [both[1].spec.data.name ?? null, 1], ["adult", 2]]);
  await refused(run(table), "MidlabError", /people\.csv/);
  assert.ok(seen.every(p => p.done < 1000), `the run that was stopped went on: ${JSON.stringify(seen.at(-1))}`);
  tell("sentences, progress, stopping, several at once");
}

async function lists(midlab) {
  const [catalogue, schema] = [json(mid, ["schema", "--catalogue"]), json(mid, ["schema"])];
  assert.deepEqual(await midlab.catalogue(), catalogue);
  assert.deepEqual(await midlab.schema(), schema);
  assert.deepEqual(await midlab.presets(), catalogue.presets);
  assert.deepEqual(await midlab.specification("preset:dose"), catalogue.presets.dose);
  return catalogue;
}

// ---- types ----

// A value as TypeScript would write it: then the compiler says what a type lacks and what it has too much.
function literal(value) {
  if (ArrayBuffer.isView(value)) return `new ${value.constructor.name}(0)`;
  if (Array.isArray(value)) return `[${value.slice(0, 30).map(literal)}]`;
  if (value && typeof value === "object") return `{${Object.entries(value).map(([key, v]) => `${JSON.stringify(key)}: ${literal(v)}`)}}`;
  return JSON.stringify(value);
}
async function types(midlab, results, catalogue) {
  const seen = Object.values(results).map((result, i) => `export const result${i}: Result = ${literal(result)};`);
  seen.push(`export const catalogue: Catalogue = ${literal(catalogue)};`, `export const data: Data = ${literal(await midlab.data("preset:dose"))};`);
  writeFileSync(path.join(project, "seen.ts"), `import type { Catalogue, Data, Result } from "midlab";\n${seen.join("\n")}\n`);
  cpSync(path.join(source, "tests/page/package_types.ts"), path.join(project, "use.ts"));
  const exported = Object.keys(midlab).sort(), declared = [...readFileSync(path.join(project, "node_modules/midlab/index.d.ts"), "utf8").matchAll(/^export (?:function|class) (\w+)/gm)].map(m => m[1]).sort();
  assert.deepEqual(exported, declared, "what is exported is what has a type");
  const tsc = path.join(modules, "typescript/lib/tsc.js");
  assert.ok(existsSync(tsc), `${tsc} is missing: core/cmake/setup.sh check brings it`);
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const compilerOptions = { ...strict, noEmit: true, module: "nodenext", target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [] };
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts", "seen.ts"] }));
  const done = await promisify(execFile)(process.execPath, [tsc, "--pretty", "false"], { cwd: project }).catch(e => e);
  if (done.stdout) assert.fail(`the types:\n${done.stdout}`);
  tell("types are compiled");
}

// ---- the document's examples ----

async function examples() {
  const document = readFileSync(path.join(source, "docs/javascript.md"), "utf8");
  const blocks = [...document.matchAll(/^```js\n(.*?)^```/gms)].map(m => m[1]), named = {};
  let ran = 0;
  for (const block of blocks) {
    const name = block.match(/^\/\/ (\w+\.js)\n/)?.[1];
    if (name) named[name] = block;
    const file = path.join(project, name ?? `example${++ran}.js`);
    writeFileSync(file, block);
    if (!name) await promisify(execFile)(process.execPath, [file], { cwd: project });
  }
  assert.ok(ran >= 7 && Object.keys(named).sort().join() === "page.js,worker.js", `of the document ${ran} examples run, ${Object.keys(named)} are for a browser`);
  assert.match(readFileSync(path.join(project, "guess.pgm"), "latin1"), /^P5 64 2560 255\n/);
  tell(`${ran} examples run`);
}

async function bundled() {
  const dist = path.join(project, "dist"), whole = path.join(project, "node_modules/midlab");
  execFileSync("esbuild", ["page.js", "worker.js", "--bundle", "--format=esm", `--outdir=${dist}`, "--log-level=error"], { cwd: project, stdio: "inherit" });
  for (const part of ["core.wasm", "data"]) cpSync(path.join(whole, part), path.join(dist, part), { recursive: true });
  const { blank, close, problems, serve, visitor } = await import("./tools.mjs");
  try {
    const address = await serve({ folder: dist, pages: { "/": '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="page.js"></script>' } });
    const page = await blank(await visitor());
    await page.goto(address);
    await page.waitForSelector("canvas, p:text-matches('must|broke|answered')", { timeout: 120000 });
    const said = await page.textContent("p"), { line_up } = native("preset:visitors", ["train.epochs=2"]).privacy;
    const [, value, baseline] = said.match(/picked among ten: ([\d.]+) \(guessing: ([\d.]+)\).*CC BY/) ?? assert.fail(said);
    assert.ok(Math.abs(value - line_up.value) <= 3 / line_up.n && Math.abs(baseline - line_up.baseline) < 1e-9, `${said}, the command line says ${line_up.value}`);
    const colours = await page.evaluate(() => new Set(document.querySelector("canvas").getContext("2d").getImageData(0, 0, 64, 64).data).size);
    assert.ok(colours > 12, `the picture has ${colours} shades`);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
  tell("bundled, in a page's module worker");
}

try {
  install();
  const midlab = await import(pathToFileURL(path.join(project, "node_modules/midlab/node.js")).href);
  const catalogue = await lists(midlab), results = await figures(midlab);
  arrays(results);
  await everybody(midlab);
  for (const part of [records, manners, types, examples, bundled])   // or those that the arguments name
    if (process.argv.length === 2 || process.argv.includes(part.name)) await part(midlab, results, catalogue);
} finally {
  rmSync(project, { recursive: true });
}
