// Measures the page in headless Chromium and prints JSON; docs/write_benchmarks.py writes it down. No test: machines differ.
import { close, drag, open, quiet, serve, settled, until, visitor } from "./tools.mjs";

const address = await serve({ gzip: true }), context = await visitor(() => {
  const ask = window.requestAnimationFrame;   // counts; notes the first frame
  window.requestAnimationFrame = f => ask(t => { f(t); window.firstFrame ??= performance.now(); });
  // Memories of all instances: the page's here, the worker's in the worker.
  const watched = "const make = WebAssembly.instantiate; WebAssembly.instantiate = (...all) => make(...all).then(i => { for (const e of Object.values(i.exports ?? {})) if (e instanceof WebAssembly.Memory) self.wasmMemory = e; return i; });";
  document.addEventListener("readystatechange", () => {
    if (window.watching) return;
    window.watching = true;
    const script = document.createElement("script");
    script.textContent = watched;
    document.documentElement.append(script);
  });
  const Original = Worker;
  window.Worker = function (url) {
    return new Original(URL.createObjectURL(new Blob([watched, `importScripts(${JSON.stringify(url)});`], { type: "text/javascript" })));
  };
});

async function heap(page) {   // of the page and of its worker: JavaScript's own, which holds no WebAssembly
  const talk = await context.newCDPSession(page), workers = [];
  talk.on("Target.attachedToTarget", e => workers.push(e.sessionId));
  const answer = new Promise(done => talk.on("Target.receivedMessageFromTarget", e => { const { id, result } = JSON.parse(e.message); if (id) done(result); }));
  await talk.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  await talk.send("HeapProfiler.collectGarbage");
  const own = await talk.send("Runtime.getHeapUsage");
  await talk.send("Target.sendMessageToTarget", { sessionId: workers[0], message: JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }) });
  return { page: own.usedSize, worker: (await answer).usedSize };
}

const loads = [];
for (let i = 0; i < +(process.argv[2] ?? 5); ++i) {
  const page = await context.newPage();
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
  await page.close();
}

const page = await open(context, address);
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
const wasm = { page: await page.evaluate("wasmMemory.buffer.byteLength"), worker: await page.workers()[0].evaluate("wasmMemory.buffer.byteLength") };
console.log(JSON.stringify({ loads, rest, training, heap: await heap(page), wasm }));
await close();
