// The command line, the WebAssembly under node and the page give the same result: without timing, device and version, 1e-4
// relative for stories of two rounds; proportions of whole presets within 3 / n.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compare, json, native } from "./figures.mjs";

const { chromium } = createRequire(path.join(process.env.NODE_PATH ?? ".", "x.js"))("playwright-core");
const site = process.env.MIDLAB_SITE, source = process.env.MIDLAB_SOURCE;
const folder = mkdtempSync(path.join(tmpdir(), "midlab-agreement-"));

function node(spec) {
  const file = path.join(folder, "spec.json");
  writeFileSync(file, JSON.stringify(spec));
  return json("node", [path.join(source, "web/shell/run_node.mjs"), file, path.join(process.env.MIDLAB_BUILD, "bin")]);
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
    const two = native(`preset:${preset}`, preset === "survey-tree" ? [] : ["train.epochs=2"]);   // a tree has no rounds
    compare(two, node(two.spec), `${preset}, two rounds, command line and node`, true);
    compare(two, await page.evaluate(spec => window.mid.run(spec), two.spec), `${preset}, two rounds, command line and page`, true);
    const whole = native(`preset:${preset}`);
    compare(whole, node(whole.spec), `${preset}, command line and node`, false);
    console.log(`${preset}: command line, node and page agree`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
