// The command line, the WebAssembly under node and the page give the same result: without timing, device and version, 1e-4
// relative for stories of two rounds; proportions of whole presets within 3 / n.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(path.join(process.env.NODE_PATH ?? ".", "x.js"))("playwright-core");
const site = process.env.MIDLAB_SITE, source = process.env.MIDLAB_SOURCE, mid = process.env.MIDLAB_BIN;
const folder = mkdtempSync(path.join(tmpdir(), "midlab-agreement-"));
const json = (program, words) => JSON.parse(execFileSync(program, words, { encoding: "utf8", maxBuffer: 1 << 26 }));

function native(preset, set) {
  return json(mid, ["run", `preset:${preset}`, "--json", "--no-cache", ...set.flatMap(s => ["--set", s])]);
}
function node(spec) {
  const file = path.join(folder, "spec.json");
  writeFileSync(file, JSON.stringify(spec));
  return json("node", [path.join(source, "web/shell/run_node.mjs"), file, path.join(process.env.MIDLAB_BUILD, "bin")]);
}

// Figures that count records jump by whole records where two classes are nearly alike.
function close(a, b, name, tolerance) {
  if (a === null || b === null) return assert.equal(a, b, name);
  assert.ok(Math.abs(a - b) <= tolerance(Math.max(Math.abs(a), Math.abs(b))), `${name}: ${a} and ${b}`);
}
function compare(one, other, what, exact) {
  assert.deepEqual(one.spec, other.spec, what);
  for (const group of ["utility", "privacy", "information"]) {
    assert.deepEqual(Object.keys(one[group]), Object.keys(other[group]), what);
    for (const [name, m] of Object.entries(one[group])) {
      const counts = m.unit === "proportion" || name === "mcc";
      if (!exact && !counts) continue;
      close(m.value, other[group][name].value, `${what}: ${group}.${name}`, size => counts ? 3 / m.n : 1e-4 * Math.max(size, 1e-3));
    }
  }
}

const browser = await chromium.launch({
  executablePath: process.env.MIDLAB_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path.join(site, "midlab.html")).href);
  await page.evaluate("window.mid.ready");
  for (const preset of ["visitors", "confidence", "which-seven", "survey-tree"]) {
    const two = native(preset, preset === "survey-tree" ? [] : ["train.epochs=2"]);   // a tree has no rounds
    compare(two, node(two.spec), `${preset}, two rounds, command line and node`, true);
    compare(two, await page.evaluate(spec => window.mid.run(spec), two.spec), `${preset}, two rounds, command line and page`, true);
    const whole = native(preset, []);
    compare(whole, node(whole.spec), `${preset}, command line and node`, false);
    console.log(`${preset}: command line, node and page agree`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
