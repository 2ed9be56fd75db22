// Measures the page in headless Chromium and prints JSON; docs/write_benchmarks.py writes it down. No test: machines differ.
import { heap, wasm, watched } from "./memory.mjs";
import { close, drag, linkTo, open, place, quiet, serve, settled, until, visitor } from "./tools.mjs";

const address = await serve({ gzip: true });
async function newcomer() {   // what an earlier visit left would make it another load
  const context = await visitor(() => {
    const ask = window.requestAnimationFrame;   // counts; notes the first frame, and how long those of a drag take
    window.requestAnimationFrame = f => ask(t => { f(t); window.firstFrame ??= performance.now(); window.shown?.push(t); });
  });
  await context.addInitScript(watched);
  return context;
}

const loads = [];
for (let i = 0; i < +(process.argv[2] ?? 5); ++i) {
  const context = await newcomer(), page = await context.newPage();
  await page.goto(address, { waitUntil: "commit" });
  const reconstruction = await page.evaluate(async () => {
    while (!window.mid) await new Promise(done => setTimeout(done, 5));
    await mid.ready;
    for (;;) {
      if ((await mid.session()).result) return performance.now();
      await new Promise(done => setTimeout(done, 20));
    }
  });
  loads.push({ first_frame: await page.evaluate("firstFrame") / 1000, first_reconstruction: reconstruction / 1000 });
  await context.close();
}

const page = await open(await newcomer(), address);
await settled(page);
await drag(page, 0, 4, 6);
await settled(page, s => s.page.strength === .1);
await page.mouse.move(640, 8);
await quiet(page);
const frames = async seconds => {
  const before = await page.evaluate("framesDrawn");
  await page.waitForTimeout(1000 * seconds);
  return (await page.evaluate("framesDrawn") - before) / seconds;
};
const rest = await frames(3);
await page.evaluate(() => window.mid.command({ do: "set", fields: { "train.epochs": 5000 } }));
await until(page, s => s.progress?.stage === "training" && s.progress.done > 2, "training");
const training = await frames(5);
await page.evaluate(() => window.mid.command({ do: "stop" }));
await settled(page);
const memory = { heap: await heap(page), wasm: await wasm(page) };
await page.context().close();

// A hand drags the slider over stops that nobody has run, a move a frame, and lets go: seconds until the figures of that stop stand on
// the page, and the milliseconds of the longest frame on the way. `slower`: so many times, the page's own thread; Chromium has no such
// brake for workers.
const stops = 6, ways = [[0, 4], [4, 2], [2, 5], [5, 1], [1, 3]];
async function drags(story, slower) {
  const page = await open(await newcomer(), address + linkTo(story)), answers = [], longest = [];
  await settled(page);
  const talk = await page.context().newCDPSession(page);
  await talk.send("Emulation.setCPUThrottlingRate", { rate: slower });
  for (const [from, to] of ways) {
    const [x, y, w] = await place(page, "strength"), at = i => x + 16 + (w - 32) * i / (stops - 1);
    await page.mouse.move(at(from), y + 22);
    await page.mouse.down();
    await page.evaluate("window.shown = []");
    for (let i = 1; i <= 30; ++i) await page.mouse.move(at(from) + (at(to) - at(from)) * i / 30, y + 22);
    const frames = await page.evaluate("window.shown");
    await page.evaluate("window.shown = null, window.released = null, window.addEventListener('pointerup', () => released = performance.now(), { capture: true, once: true })");
    await page.mouse.up();
    answers.push(await page.evaluate(async () => {
      for (;;) {
        const { result, page } = await mid.session();
        if (!page.busy && !page.stale && JSON.stringify(result?.spec) === JSON.stringify(page.spec)) return (performance.now() - released) / 1000;
        await new Promise(done => setTimeout(done, 10));
      }
    }));
    longest.push(Math.max(...frames.slice(1).map((t, i) => t - frames[i])));
    await settled(page);
  }
  await page.context().close();
  return { answers, longest };
}
const dragged = {};
for (const story of ["visitors", "confidence"]) for (const slower of [1, 4]) dragged[`${story} ${slower}`] = await drags(story, slower);
console.log(JSON.stringify({ loads, rest, training, ...memory, dragged }));
await close();
