// What the page's tests share: a server, a browser, and ways to wait, to click and to look. Nothing here is timed; whoever
// waits, waits for a state.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { gzipSync } from "node:zlib";

const { chromium } = createRequire(import.meta.url)("playwright-core");   // NODE_PATH: only require() reads it
export const site = process.env.MIDLAB_SITE;
const shots = path.join(process.env.MIDLAB_BUILD, "screenshots");
mkdirSync(shots, { recursive: true });

const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const servers = [];
// The site at an address of its own, which is an origin of its own. `gzip`: as most servers send it; `goOn`: a promise, before which
// no file of more than 1 MB gets far beyond its first half; `pages`: other pages beside it, path to HTML; `folder`: another one than the
// site's.
export async function serve({ gzip = false, goOn = null, pages = {}, folder = site } = {}) {
  const server = createServer(async (request, answer) => {
    const name = decodeURIComponent(request.url.split("?")[0]), file = path.join(folder, name === "/" ? "index.html" : path.normalize(name));
    if (Object.hasOwn(pages, name)) { answer.writeHead(200, { "content-type": "text/html" }); answer.end(pages[name]); return; }
    if (!existsSync(file)) { answer.writeHead(404); answer.end(); return; }
    const bytes = gzip ? gzipSync(readFileSync(file), { level: 1 }) : readFileSync(file);
    answer.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream", "content-length": bytes.length,
                            ...(gzip ? { "content-encoding": "gzip" } : {}) });
    for (let i = 0; i < bytes.length && !answer.destroyed; i += 65536) {
      if (goOn && bytes.length > 1 << 20 && i > bytes.length / 2) await goOn;
      answer.write(bytes.subarray(i, i + 65536));
    }
    answer.end();
  });
  await new Promise(done => server.listen(0, "127.0.0.1", done));
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}/`;
}

// Half of what opening the page costs the processor is spared where nothing is measured: the pages that the browser's address bar keeps
// ready, and the compilation of WebAssembly for the second time, which pays only after longer than most tests run. (Of several lists
// of features that are off the last one counts, so the driver's are named again.)
const measured = path.basename(process.argv[1]).startsWith("measure_");
const spared = ["--js-flags=--wasm-tiering-budget=1000000000",
                "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,BoundaryEventDispatchTracksNodeRemoval," +
                "DestroyProfileOnBrowserClose,DialMediaRouteProvider,GlobalMediaControls,HttpsUpgrades,LensOverlay,MediaRouter,OptimizationHints," +
                "PaintHolding,RenderDocument,ThirdPartyStoragePartitioning,Translate"];
const browser = await chromium.launch({
  executablePath: process.env.MIDLAB_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", ...(measured ? [] : spared)],
});
// A visitor: storage of its own. `init` runs in each page before its scripts. The page's frames and timers are watched: restless()
// says that one is due within half a second (tooltips come after less, notices go after more).
export async function visitor(init, more = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: "light", ...more });
  await context.addInitScript(() => {
    const frame = window.requestAnimationFrame, later = window.setTimeout, never = window.clearTimeout, soon = new Set();
    let due = 0;
    window.framesDrawn = 0;
    window.requestAnimationFrame = f => { ++due; return frame(t => { --due; ++window.framesDrawn; f(t); }); };
    window.setTimeout = (f, delay = 0, ...rest) => {
      const id = later(() => { soon.delete(id); f(...rest); }, delay);
      if (delay <= 500) soon.add(id);
      return id;
    };
    window.clearTimeout = id => { soon.delete(id); never(id); };
    window.restless = () => due > 0 || soon.size > 0;
  });
  if (init) await context.addInitScript(init);
  return context;
}

export const problems = [];   // what browsers' consoles complain about
export async function blank(context, width = 1280, height = 720) {
  const page = await context.newPage();
  page.setDefaultTimeout(120000);   // as until(): a machine that has more to do is slow, and not at fault
  page.on("console", m => { if (m.type() === "error") problems.push(m.text()); });
  page.on("pageerror", e => problems.push(String(e)));
  await page.setViewportSize({ width, height });
  return page;
}
export async function open(context, where, width = 1280, height = 720) {
  const page = await blank(context, width, height);
  await page.goto(where);
  await page.evaluate("window.mid.ready");
  return page;
}
export async function close() {
  await browser.close();
  for (const server of servers) server.closeAllConnections(), server.close();
}

// ---- what the page says of itself ----

export const session = page => page.evaluate("window.mid.session()");
// Without pictures and beliefs, which are many numbers; as text, because the driver takes four times as long over an object.
const news = async page => JSON.parse(await page.evaluate(async () => JSON.stringify({ ...await window.mid.session(), sheet: undefined, beliefs: undefined })));
export const state = async page => (await news(page)).page;
export async function until(page, wish, what) {
  let s;
  for (const end = Date.now() + 120000; Date.now() < end; await page.waitForTimeout(50))
    if (wish(s = await news(page))) return s;
  assert.fail(`waited in vain for ${what}: ${s.state}, ${JSON.stringify({ ...s.page, controls: undefined })}`);
}
// Until the page rests: the story is told and the marks without defence are there.
// The result's own words, too: that of the run before may stand beside a choice that has just been run.
const isOfChoice = ({ result, page }) => ["defense", "release", "seed"].every(part => JSON.stringify(result.spec[part]) === JSON.stringify(page.spec[part]));
export const settled = (page, wish = () => true) =>
  until(page, s => s.result && !s.page.busy && !s.page.stale && !s.page.comparing && isOfChoice(s) && wish(s), "rest" + wish);
// Frames that the page draws, if it wants to: what was done to it before has been seen.
export const frames = (page, n = 2) =>
  page.evaluate(async n => { for (let i = 0; i < n; ++i) await new Promise(done => requestAnimationFrame(done)); }, n);
// Until nothing is drawn any more and nothing is due soon, at two looks with a frame between them; fails if the page never stops.
export async function quiet(page) {
  let rests = 0;
  for (const end = Date.now() + 120000; Date.now() < end; await page.waitForTimeout(20)) {
    rests = await page.evaluate("restless()") ? 0 : rests + 1;
    if (rests === 2) return;
    await frames(page, 1);
  }
  assert.fail("the page goes on drawing frames");
}
export const numbers = s => [s.result.utility.accuracy.value, (s.result.privacy.line_up ?? s.result.privacy.attack_accuracy).value];
// A table (text) or a model (bytes) of the visitor's own, dropped on the page (or on the page in a frame).
export const drop = (page, name, content) => page.evaluate(([name, content]) => {
  const data = new DataTransfer();
  data.items.add(new File([typeof content === "string" ? content : new Uint8Array(content)], name));
  document.getElementById("canvas").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}, [name, typeof content === "string" ? content : [...content]]);
// Runs in each page before its scripts, for visitor(): the page's workers stand in window.workers. window.hold as the page begins
// keeps them from starting until window.letStart() is called; window.dieAt: the first worker dies when it hears a command whose text
// contains this.
export const watchedWorkers = () => {
  const Original = Worker;
  window.workers = [];
  const held = [];
  window.letStart = () => { window.hold = false; for (const start of held.splice(0)) start(); };
  window.Worker = function (url) {
    const mortal = window.dieAt && !window.workers.length ? `addEventListener("message", e => { if (e.data.command?.includes(${JSON.stringify(window.dieAt)})) { e.stopImmediatePropagation(); close(); throw new Error("died"); } });` : "";
    const code = `${mortal}\nimportScripts(${JSON.stringify(url)});`;
    const worker = new Original(URL.createObjectURL(new Blob([code], { type: "text/javascript" }))), post = worker.postMessage.bind(worker);
    worker.postMessage = (message, ...rest) => { if (window.hold && message.module) held.push(() => post(message, ...rest)); else post(message, ...rest); };
    window.workers.push(worker);
    return worker;
  };
};
export const base64url = value => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
export const linkTo = story => "#s=" + base64url({ story });

// ---- hands ----

// In CSS pixels: a presentation has larger ones of its own.
export async function place(page, control) {
  const s = (await until(page, s => s.page.controls[control], `a control '${control}'`)).page;
  const larger = s.scale / await page.evaluate("devicePixelRatio");
  return s.controls[control].map(v => v * larger);
}
export async function click(page, control) {
  const [x, y, w, h] = await place(page, control);
  await page.mouse.click(x + w / 2, y + h / 2);
  await frames(page);
}
// Drags the thumb from stop to stop of `stops`.
export async function drag(page, from, to, stops) {
  const [x, y, w] = await place(page, "strength"), at = i => x + 16 + (w - 32) * i / (stops - 1);
  await page.mouse.move(at(from), y + 22);
  await page.mouse.down();
  for (let i = 1; i <= 8; ++i) await page.mouse.move(at(from) + (at(to) - at(from)) * i / 8, y + 22);
  await frames(page);
  await page.mouse.up();
}
// Where no tooltip is.
export async function away(page) {
  await page.mouse.move(640, 8);
  await frames(page);
  await quiet(page);
}

// ---- eyes ----

const eye = await browser.newPage();
export const shot = (page, name, more = {}) => page.screenshot({ path: path.join(shots, name + ".png"), ...more });
// Pixel statistics of regions [x, y, w, h]: how many colours, and how far the brightness spreads.
export async function look(page, name, regions) {
  const png = await shot(page, name);
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
export async function painted(page, name, full, bare) {
  const seen = await look(page, name, [...full, ...bare]);
  full.forEach((box, i) => assert.ok(seen[i].colours > 12 && seen[i].spread > 4, `${name}: blank at ${box}: ${JSON.stringify(seen[i])}`));
  bare.forEach((box, i) => assert.equal(seen[full.length + i].colours, 1, `${name}: something reaches into the margin ${box}`));
}
