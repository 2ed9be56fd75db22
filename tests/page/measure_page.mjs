// Measures the page in headless Chromium and prints JSON; docs/write_benchmarks.py writes it down. No test: machines differ.
import { heap, wasm, watched } from "./memory.mjs";
import { close, drag, open, quiet, serve, settled, until, visitor } from "./tools.mjs";

const address = await serve({ gzip: true });
async function newcomer() {   // what an earlier visit left would make it another load
  const context = await visitor(() => {
    const ask = window.requestAnimationFrame;   // counts; notes the first frame
    window.requestAnimationFrame = f => ask(t => { f(t); window.firstFrame ??= performance.now(); });
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
console.log(JSON.stringify({ loads, rest, training, heap: await heap(page), wasm: await wasm(page) }));
await close();
