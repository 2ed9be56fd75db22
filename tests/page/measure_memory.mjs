// Trains and attacks without a pause, one long run after another, and prints a line of JSON a minute: the memory of the page and
// of its worker in MB, and how many runs there were. Is it flat?  node measure_memory.mjs [MINUTES = 30 [FIRST = 60]]. No test: it
// takes long. Before the clock starts FIRST short runs fill the cache of finished stages (64 MB), which is to grow.
import { heap, wasm, watched } from "./memory.mjs";
import { close, open, serve, settled, until, visitor } from "./tools.mjs";

const minutes = +(process.argv[2] ?? 30);
const context = await visitor();
await context.addInitScript(watched);
const page = await open(context, await serve({ gzip: true }));
await settled(page);

const first = +(process.argv[3] ?? 60);
let runs = 1, spoken = 0, start = Date.now();
const mb = bytes => +(bytes / 1e6).toFixed(2);
for (let seed = 2; runs <= first || Date.now() - start < 6e4 * minutes; ++seed, ++runs) {
  const filling = runs < first;
  if (runs === first) start = Date.now();
  await page.evaluate(([seed, epochs]) => window.mid.command({ do: "set", fields: { seed, "train.epochs": epochs } }), [seed, filling ? 2 : 10000]);
  if (!filling) await until(page, s => s.progress?.stage === "training" && s.progress.done > 2, "training");
  await page.waitForTimeout(50);
  for (;;) {
    const minute = (Date.now() - start) / 6e4;
    if (!filling && minute >= spoken) {
      const [js, web] = [await heap(page), await wasm(page)];
      console.log(JSON.stringify({ minute: +minute.toFixed(1), runs, page: mb(js.page), worker: mb(js.worker), wasm_page: mb(web.page), wasm_worker: mb(web.worker) }));
      spoken = Math.floor(minute) + 1;
    }
    const s = await page.evaluate(async () => { const { result, page } = await window.mid.session(); return { result: !!result, page }; });
    if (s.result && !s.page.busy && !s.page.stale && !s.page.comparing) break;
    await page.waitForTimeout(filling ? 50 : 500);
  }
}
await close();
