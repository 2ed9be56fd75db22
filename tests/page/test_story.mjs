// The page as a visitor meets it: from a server and as one file from the disk, in headless Chromium. It waits for the story,
// drags the slider, reloads from the link, tries hostile links, and looks at what is painted. Nothing here is timed.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(import.meta.url)("playwright-core");   // NODE_PATH: only require() reads it
const site = process.env.MIDLAB_SITE, shots = path.join(process.env.MIDLAB_BUILD, "screenshots");
mkdirSync(shots, { recursive: true });

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const server = createServer((request, answer) => {
  const name = decodeURIComponent(request.url.split("?")[0]), file = path.join(site, name === "/" ? "index.html" : path.normalize(name));
  if (!existsSync(file)) { answer.writeHead(404); answer.end(); return; }
  answer.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream" });
  answer.end(readFileSync(file));
});
await new Promise(done => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;
const profile = mkdtempSync(path.join(os.tmpdir(), "midlab-page-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.MIDLAB_CHROMIUM || "/usr/bin/chromium", viewport: { width: 1280, height: 720 }, colorScheme: "light",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
await browser.addInitScript(() => {
  const original = window.requestAnimationFrame;
  window.framesDrawn = 0;
  window.requestAnimationFrame = f => original(t => { ++window.framesDrawn; f(t); });
});

// ---- tools ----

const problems = [];
async function open(where, width = 1280, height = 720) {
  const page = await browser.newPage();
  page.on("console", m => { if (m.type() === "error") problems.push(m.text()); });
  page.on("pageerror", e => problems.push(String(e)));
  await page.setViewportSize({ width, height });
  await page.goto(where);
  await page.evaluate("window.mid.ready");
  return page;
}
const session = page => page.evaluate("window.mid.session()");
const state = async page => (await session(page)).page;
// Until the page rests: the story is told and the marks without defence are there.
async function settled(page, wish = () => true) {
  for (let i = 0; i < 1200; ++i) {
    const s = await session(page);
    if (s.result && !s.page.busy && !s.page.stale && !s.page.comparing && wish(s)) return s;
    await page.waitForTimeout(100);
  }
  assert.fail(`the page did not come to rest: ${JSON.stringify((await session(page)).page)}`);
}
async function place(page, control) {
  const box = (await state(page)).controls[control];
  assert.ok(box, `no control '${control}' on the page`);
  return box;
}
async function click(page, control) {
  const [x, y, w, h] = await place(page, control);
  await page.mouse.click(x + w / 2, y + h / 2);
  await page.waitForTimeout(300);
}
// Drags the thumb from stop to stop of `stops`.
async function drag(page, from, to, stops) {
  const [x, y, w] = await place(page, "strength"), at = i => x + 16 + (w - 32) * i / (stops - 1);
  await page.mouse.move(at(from), y + 22);
  await page.mouse.down();
  for (let i = 1; i <= 8; ++i) await page.mouse.move(at(from) + (at(to) - at(from)) * i / 8, y + 22);
  await page.waitForTimeout(150);
  await page.mouse.up();
}
const numbers = s => [s.result.utility.accuracy.value, (s.result.privacy.line_up ?? s.result.privacy.attack_accuracy).value];

// Pixel statistics of regions [x, y, w, h]: how many colours, and how far the brightness spreads.
const eye = await browser.newPage();
async function look(page, name, regions) {
  const png = await page.screenshot({ path: path.join(shots, name + ".png") });
  return eye.evaluate(async ([data, boxes]) => {
    const image = new Image();
    image.src = "data:image/png;base64," + data;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), paper = canvas.getContext("2d");
    paper.drawImage(image, 0, 0);
    return boxes.map(([x, y, w, h]) => {
      const { data: p } = paper.getImageData(x, y, w, h), colours = new Set();
      let sum = 0, squares = 0;
      for (let i = 0; i < p.length; i += 4) {
        colours.add(p[i] << 16 | p[i + 1] << 8 | p[i + 2]);
        sum += p[i + 1], squares += p[i + 1] ** 2;
      }
      const n = p.length / 4;
      return { colours: colours.size, spread: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)) };
    });
  }, [png.toString("base64"), regions]);
}
// Painted where it should be, and nothing runs over the page's edge: its margins are bare.
async function painted(page, name, full, bare) {
  const seen = await look(page, name, [...full, ...bare]);
  full.forEach((box, i) => assert.ok(seen[i].colours > 12 && seen[i].spread > 4, `${name}: blank at ${box}: ${JSON.stringify(seen[i])}`));
  bare.forEach((box, i) => assert.equal(seen[full.length + i].colours, 1, `${name}: something reaches into the margin ${box}`));
}
const base64url = value => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

// ---- the story, from a server ----

let page = await open(address);
const off = await settled(page);
assert.equal(off.page.story, "visitors");
assert.equal(off.result.spec.defense.kind, "none");
assert.equal(off.sheet.truth.constructor === Object ? Object.keys(off.sheet.truth).length : off.sheet.truth.length,
             off.sheet.rows * off.sheet.height * off.sheet.width);
const [accuracy, found] = numbers(off);
assert.ok(accuracy > .85 && found > .6, `off: ${accuracy}, ${found}`);
await page.mouse.move(640, 8);
await page.waitForTimeout(700);
await painted(page, "visitors-off-1280x720",
              [[196, 199, 588, 88], [196, 299, 588, 88], [196, 399, 588, 88], [44, 530, 850, 80], [44, 625, 850, 70], [936, 70, 320, 360], [936, 443, 320, 260]],
              [[0, 60, 16, 660], [1262, 60, 18, 660], [0, 714, 1280, 6]]);

// At rest nothing is drawn.
await page.waitForTimeout(1500);
const before = await page.evaluate("framesDrawn");
await page.waitForTimeout(1500);
assert.equal(await page.evaluate("framesDrawn"), before, "the page draws frames at rest");

await drag(page, 0, 4, 6);
const strong = await settled(page, s => s.page.strength === .1);
assert.equal(strong.result.spec.defense.beta, .1);
assert.ok(numbers(strong)[1] < found - .1, `the defence did not show: ${found} to ${numbers(strong)[1]}`);
assert.ok(strong.page.runs >= 2);
await page.mouse.move(640, 8);
await page.waitForTimeout(900);
await painted(page, "visitors-0.1-1280x720", [[196, 299, 588, 88], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);

// The link holds all of it.
assert.match(page.url(), /#s=[\w-]+$/);
const link = page.url();
await page.reload();
const again = await settled(page);
assert.deepEqual(numbers(again), numbers(strong));
assert.equal(again.page.strength, .1);

// A program's run beside it changes nothing on the page.
const small = { ...again.spec, train: { ...again.spec.train, epochs: 2 }, defense: { kind: "none" } };
const result = await page.evaluate(spec => window.mid.run(spec), small);
assert.equal(result.failed, null);
assert.equal(result.spec.train.epochs, 2);
assert.ok(result.utility.accuracy.value >= 0 && result.utility.accuracy.value < again.result.utility.accuracy.value);
assert.equal((await state(page)).strength, .1);
const refused = await page.evaluate(() => window.mid.run({ data: { name: "no-such-data" } }));
assert.match(refused.failed.sentence, /data\.name/);
assert.ok((await page.evaluate("window.mid.capabilities()")).worker, "the core does not run in a worker");

// A click on the first dot brings that run back.
await click(page, "dotOff/1");
assert.deepEqual(numbers(await settled(page, s => s.page.strength === 0)), [accuracy, found]);

// Tab reaches every control and leaves the canvas at the last.
await page.reload();
await settled(page);
let steps = 0;
await page.keyboard.press("Tab");
assert.equal(await page.evaluate("document.activeElement.id"), "canvas");
await page.waitForTimeout(150);
for (; steps < 80 && await page.evaluate("document.activeElement.id === 'canvas'"); ++steps) {
  await page.keyboard.press("Tab");
  await page.waitForTimeout(60);
}
assert.ok(steps > 8 && steps < 80, `Tab left the canvas after ${steps} presses`);

await click(page, "track.survey");
const survey = await settled(page, s => s.page.story === "confidence");
assert.ok(numbers(survey)[1] > .98, `sexes named: ${numbers(survey)[1]}`);
await drag(page, 0, 3, 6);
await settled(page, s => s.page.strength === .003);
await page.mouse.move(640, 8);
await page.waitForTimeout(900);
await painted(page, "confidence-0.003-1280x720", [[44, 240, 460, 180], [540, 200, 350, 200], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);
await click(page, "theme");
await page.mouse.move(640, 8);
await page.waitForTimeout(700);
await look(page, "confidence-dark-1280x720", []);
await page.close();

// ---- links from elsewhere ----

for (const bad of ["%%%", "AAAA", base64url("[[[["), base64url("[".repeat(20000)), base64url({ spec: 7, story: [], view: "x" }), "x".repeat(70000),
                   base64url({ story: "visitors", spec: { data: "faces", seed: "one", defense: { kind: "mid", beta: -1 } } })]) {
  page = await open(address + "#s=" + bad);
  await settled(page);
  await page.close();
}
page = await open(address + "#s=" + base64url({ story: "visitors", spec: { ...again.spec, colour: "red", defense: { kind: "mid", beta: .03, gamma: 2 } }, view: { draw: 2, zoom: 9 } }));
const tolerant = await settled(page);
assert.equal(tolerant.page.strength, .03);
assert.match(tolerant.page.notice, /colour/);
assert.match(tolerant.page.notice, /gamma/);
await page.close();

// ---- 800 x 600, and the whole page in one file from the disk ----

page = await open(link, 800, 600);
await settled(page);
await page.waitForTimeout(700);
await painted(page, "visitors-0.1-800x600", [[160, 118, 500, 80], [160, 208, 500, 80], [40, 420, 720, 80], [40, 510, 720, 70]],
              [[0, 60, 8, 540], [792, 60, 8, 540], [0, 598, 800, 2]]);
await page.close();

page = await open(address, 390, 844);
await settled(page);
await page.waitForTimeout(700);
await look(page, "visitors-390x844", []);
await page.close();

page = await open(pathToFileURL(path.join(site, "midlab.html")).href);
const fromDisk = await settled(page);
assert.deepEqual(numbers(fromDisk), [accuracy, found]);
await page.waitForTimeout(700);
await painted(page, "one-file-1280x720", [[196, 199, 588, 88], [196, 299, 588, 88], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);
await page.close();

assert.deepEqual(problems, [], "the browser's console complains");
await browser.close();
server.close();
rmSync(profile, { recursive: true, force: true });
console.log("the page tells its story: site, link, one file");
