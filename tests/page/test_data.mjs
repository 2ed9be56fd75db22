// Data sets that lie beside the page, on a busy machine: the files come late or not at all, the worker starts late, or is started
// anew on the way. Each time the story that needs them is told, and never the sentence that a file is missing. Every order of events
// is made by holding a fetch or a worker until something else has come about.
import assert from "node:assert/strict";
import { blank, click, close, linkTo, open, problems, serve, session, settled, state, until, visitor, watchedWorkers } from "./tools.mjs";

const address = await serve(), dose = address + linkTo("dose"), patients = "**/data/warfarin-simsl/*";
const command = (page, c) => page.evaluate(c => window.mid.command(c), c);
const capabilities = page => page.evaluate("window.mid.capabilities().then(({ catalogue, ...rest }) => rest)");
// A visitor whose fetches of the patients wait for `release()`; `asked` is settled when the first one waits, `served` when one was answered.
async function slow(init, more) {
  const context = await visitor(watchedWorkers, more);
  if (init) await context.addInitScript(init);
  let release, asks, answered;
  const gate = new Promise(done => { release = done; }), asked = new Promise(done => { asks = done; }), served = new Promise(done => { answered = done; });
  await context.route(patients, async route => { asks(); await gate; await route.continue(); });
  context.on("requestfinished", r => { if (r.url().includes("warfarin-simsl")) answered(); });
  return { context, release, asked, served };
}
const told = async (page, what) => {
  const s = await settled(page, s => s.page.story === "dose");
  assert.equal(s.page.error, "", what);
  assert.equal(s.result.spec.data.name, "warfarin", what);
  return s;
};
async function restarts(page, times) {   // waitForFunction would not wait for a promise's value
  for (const end = Date.now() + 120000; Date.now() < end; await page.waitForTimeout(50))
    if ((await capabilities(page)).restarts === times) return;
  assert.fail(`the worker was not started anew: ${JSON.stringify(await capabilities(page))}`);
}

{ // ---- the second of the core's modules is held, and then refused: the first picture needs none of it, another story waits for it ----
  for (const locale of ["en-GB", "de-DE"]) {
    const context = await visitor(null, { locale }), page = await blank(context);
    let release, refuse = false;
    const gate = new Promise(done => { release = done; });
    await context.route("**/midlab-late-*", async route => { await gate; await (refuse ? route.abort() : route.continue()); });
    await page.goto(address);
    await page.evaluate("mid.ready");
    await until(page, s => s.result, "the first picture");
    assert.equal((await capabilities(page)).waited, 0);
    if (locale === "de-DE") {
      refuse = true;
      release();
      await page.locator("#note-act").waitFor();
      refuse = false;
      await page.locator("#note-act").click();
    }
    const commanded = page.evaluate(() => window.mid.command({ do: "run", preset: "confidence" }));
    release();
    await commanded;
    const s = await settled(page, s => s.page.story === "confidence");
    assert.equal(s.page.error, "");
    assert.equal((await capabilities(page)).waited, 0, "somebody could not wait for the second module");
    await context.close();
  }
  problems.splice(0, problems.length, ...problems.filter(p => !/ERR_FAILED/.test(p)));
}

{ // ---- the worker is ready long before the files ----
  const { context, release, asked } = await slow(), page = await open(context, dose);
  await asked;
  assert.equal((await capabilities(page)).host, "worker");
  release();
  await told(page, "files after the worker");
  await context.close();
}

{ // ---- the files are here long before the worker ----
  const { context, release, served } = await slow(() => { window.hold = true; }), page = await blank(context);
  await page.goto(dose);
  await page.waitForFunction(() => window.workers?.length === 1);
  release();
  await served;
  await page.evaluate("letStart()");
  await page.evaluate("mid.ready");
  await told(page, "the worker after the files");
  await context.close();
}

{ // ---- no worker at all, and late files ----
  const { context, release, asked } = await slow(() => { window.Worker = function () { throw new Error("not here"); }; }), page = await open(context, dose);
  await asked;
  assert.equal((await capabilities(page)).host, "page");
  release();
  await told(page, "files after the page's own host");
  await context.close();
}

{ // ---- the worker dies while the files are on their way, and when it hears of the run ----
  const { context, release, asked } = await slow(() => { window.dieAt = '"do":"run"'; }), page = await open(context, address + linkTo("confidence"));
  await restarts(page, 1);
  await settled(page);
  await command(page, { do: "run", preset: "dose" });
  await asked;
  await page.evaluate("workers.at(-1).dispatchEvent(new ErrorEvent('error', { message: 'died' }))");   // as a browser tells of it
  await restarts(page, 2);
  release();
  await told(page, "files after a worker that was started anew");
  await context.close();
}
{
  const { context, release } = await slow(() => { window.dieAt = '"name":"warfarin"'; }), page = await open(context, dose);
  release();
  await restarts(page, 1);
  await told(page, "a worker that was started anew with the run");
  await context.close();
}

{ // ---- another story is chosen, or the run is given up, while the files are on their way: they do not bring it back ----
  const { context, release, asked, served } = await slow(), page = await open(context, dose);
  await asked;
  await command(page, { do: "run", preset: "confidence" });
  await settled(page, s => s.page.story === "confidence");
  release();
  await served;
  await page.evaluate(() => fetch("data/warfarin-simsl/warfarin_simsl.csv").then(r => r.text()));   // the page has read its own by now
  const s = await settled(page);
  assert.equal(s.page.story, "confidence");
  assert.ok(!s.saved.runs.some(r => r.spec.data.name === "warfarin"), "the story that was left has been run");
  await command(page, { do: "run", preset: "dose" });
  await told(page, "chosen again");
  await context.close();
}
{
  const { context, release, asked, served } = await slow(), page = await open(context, address + linkTo("confidence"));
  await settled(page);
  await command(page, { do: "run", preset: "dose" });
  await asked;
  await command(page, { do: "pause" });
  await command(page, { do: "stop" });
  assert.equal((await state(page)).busy, false);
  release();
  await served;
  await page.evaluate(() => fetch("data/warfarin-simsl/warfarin_simsl.csv").then(r => r.text()));
  assert.equal((await state(page)).busy, false);
  await command(page, { do: "run", preset: "confidence" });
  const s = await settled(page, s => s.page.story === "confidence");
  assert.ok(!s.saved.runs.some(r => r.spec.data.name === "warfarin"), "the run that was given up has been run");
  await context.close();
}

{ // ---- no network: a sentence, and another try ----
  const context = await visitor(watchedWorkers);
  let there = false;
  await context.route(patients, route => there ? route.continue() : route.abort());
  const page = await open(context, dose), sentence = page.getByText("could not be fetched");
  await sentence.waitFor();
  // What needs none of it goes on meanwhile.
  await command(page, { do: "run", preset: "confidence" });
  await settled(page, s => s.page.story === "confidence");
  await sentence.waitFor({ state: "hidden" });
  await command(page, { do: "run", preset: "dose" });
  await sentence.waitFor();
  there = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await told(page, "the second try");
  assert.equal(await sentence.isVisible(), false);
  problems.splice(0, problems.length, ...problems.filter(p => !/ERR_FAILED/.test(p)));   // of the fetches that were cut off

  // ---- a later visit goes back to it by undo: its files are fetched then ----
  await command(page, { do: "run", preset: "confidence" });
  await settled(page, s => s.page.story === "confidence" && s.page.undo > 0);
  await page.waitForFunction(() => { const { session } = JSON.parse(localStorage.getItem("midlab") ?? "{}"); return session?.chosen?.data.name === "adult" && session.undo.some(s => s.data.name === "warfarin"); });
  const later = await open(context, address + linkTo("confidence"));
  await settled(later, s => s.page.undo > 0);
  while ((await session(later)).page.story !== "dose") {
    const { undo } = await state(later);
    assert.ok(undo > 0, "undo does not lead back");
    await command(later, { do: "undo" });
    const s = await settled(later, s => s.page.undo < undo || s.page.error);
    assert.equal(s.page.error, "");
  }
  await told(later, "undone");
  await context.close();
}

{ // ---- a question about a table is asked again of a worker that is started anew ----
  const page = await open(await visitor(watchedWorkers, {}), address + linkTo("confidence"));
  await settled(page);
  await page.evaluate("workers[0].terminate()");   // says nothing, ever again
  await page.evaluate(() => { mid.openTable(new File(["a,b,c\n" + Array.from({ length: 40 }, (_, i) => `${i % 2},${i % 3},${i % 5}\n`).join("")], "table.csv")); });
  await until(page, s => s.page.own.table?.rows === 40, "what is in the table");
  assert.equal((await capabilities(page)).restarts, 1);
  await page.context().close();
}

assert.deepEqual(problems.filter(p => !/died/.test(p)), [], "the browser's console complains");
await close();
console.log("stories get their data, whatever comes late");
