// What may go wrong around the page: no WebGL or WebAssembly, no workers or one that dies, no storage or a spoilt one, lost
// graphics, a hidden tab, a refused clipboard, a slow server, a run that diverges. Each time the story goes on, or a sentence
// says why not.
import assert from "node:assert/strict";
import { away, base64url, blank, click, close, linkTo, open, painted, problems, quiet, serve, session, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve(), quick = linkTo("confidence");   // the story that trains fastest
const command = (page, c) => page.evaluate(c => window.mid.command(c), c);
const capabilities = page => page.evaluate("window.mid.capabilities().then(({ catalogue, ...rest }) => rest)");
async function restarted(page, times) {   // waitForFunction would not wait for a promise's value
  for (const end = Date.now() + 60000; Date.now() < end; await page.waitForTimeout(100))
    if ((await capabilities(page)).restarts === times) return;
  assert.fail(`the worker was not started anew: ${JSON.stringify(await capabilities(page))}`);
}
const stage = [44, 240, 460, 180], figures = [44, 625, 850, 70];

// ---- what this browser lacks ----

for (const [what, init, words, more] of [
  ["WebGL 2", () => { const get = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function (kind, ...rest) { return kind === "webgl2" ? null : get.call(this, kind, ...rest); }; }, /no WebGL 2/],
  ["WebAssembly", () => { delete window.WebAssembly; }, /no WebAssembly/],
  ["WebAssembly, in German", () => { delete window.WebAssembly; }, /kein WebAssembly/, { locale: "de-DE" }],
  ["WebAssembly, in French", () => { delete window.WebAssembly; }, /n’a pas WebAssembly/, { locale: "fr-CA" }]]) {
  const page = await blank(await visitor(init, more));
  await page.goto(address);
  await page.getByRole("alert").filter({ hasText: words }).waitFor();
  assert.match(await page.evaluate("window.mid.ready.then(() => '', e => e.message)"), words, what);
  await page.context().close();
}
{
  const page = await open(await visitor(() => { window.Worker = function () { throw new Error("not here"); }; }), address + quick);
  await settled(page);
  assert.equal((await capabilities(page)).host, "page");
  await away(page);
  await painted(page, "no-worker-1280x720", [stage, figures], []);
  await page.context().close();
}

// ---- storage ----

for (const init of [() => { Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } }); },
                    () => { Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error("refused"); }; }]) {
  const page = await open(await visitor(init), address + quick);
  await settled(page);
  await page.context().close();
}
{
  const context = await visitor(), page = await open(context, address + quick);
  await command(page, { do: "set", fields: { "defense.beta": .03, "defense.kind": "mid" } });
  await settled(page, s => s.page.strength === .03);
  await quiet(page);
  await page.waitForFunction(() => JSON.parse(localStorage.getItem("midlab") ?? "{}").session?.runs?.length >= 2);
  const kept = await page.evaluate("localStorage.getItem('midlab')");

  // The second visit begins as the first did, with the runs of the first in its list before its own has ended.
  await page.goto(address + "?again");
  const early = await until(page, s => s.page.runs > 1, "the runs of the visit before");
  assert.equal(early.result, null, "the runs came only with the first result");
  const again = await settled(page);
  assert.equal(again.page.story, "visitors");
  assert.equal(again.page.strength, 0);

  const spoilt = JSON.parse(kept);
  spoilt.session.runs = [7, null, {}, { spec: [] }, { spec: { data: { name: 3 } } }, { ...spoilt.session.runs[0], utility: "x", privacy: [1], failed: {} }];
  spoilt.session.chosen = "x", spoilt.session.undo = { a: 1 }, spoilt.session.redo = [[[]]];
  for (const text of ["{", "null", "7", "[".repeat(100000), kept.slice(0, kept.length / 2), kept.replaceAll("\"spec\"", "\"sp\""), JSON.stringify(spoilt),
                      JSON.stringify({ version: 1, link: 5, session: [] }), "\u0000\uD800".repeat(500)]) {
    await page.evaluate(text => localStorage.setItem("midlab", text), text);
    await page.goto(address + "?" + Math.random() + quick);
    await settled(page);
  }
  await context.close();
}

// ---- the worker ----
{
  // A worker that the test can get hold of, and that hangs when it is told to.
  const page = await open(await visitor(() => {
    const Original = Worker;
    window.workers = [];
    window.Worker = function (url) {
      const code = `addEventListener("message", e => { if (e.data.hang) for (;;); });\nimportScripts(${JSON.stringify(url)});`;
      const worker = new Original(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
      window.workers.push(worker);
      return worker;
    };
  }), address + quick);
  await settled(page);
  await command(page, { do: "set", fields: { "defense.beta": .03, "defense.kind": "mid" } });
  const before = await settled(page, s => s.page.strength === .03);
  assert.equal((await capabilities(page)).restarts, 0);

  await command(page, { do: "set", fields: { "train.epochs": 2000 } });
  await until(page, s => s.page.busy && s.state === "running" && s.progress.done > 1, "training");
  await page.evaluate("workers.at(-1).terminate()");   // says nothing, ever again
  const reached = (await session(page)).serial;
  await restarted(page, 1);   // a new Session counts from the beginning
  await until(page, s => s.serial < reached && s.page.busy && s.state === "running" && s.progress.done > 1, "training in the new worker");
  const after = await state(page);
  assert.ok(after.runs >= before.page.runs && after.undo > before.page.undo, `runs ${before.page.runs} to ${after.runs}, undo ${before.page.undo} to ${after.undo}`);

  await page.evaluate("workers.at(-1).postMessage({ hang: true })");
  await command(page, { do: "stop" });
  await restarted(page, 2);
  const stopped = await settled(page);
  assert.equal(stopped.page.spec.train.epochs, before.page.spec.train.epochs);
  assert.ok(stopped.page.runs >= before.page.runs, "the list of runs was lost");
  await command(page, { do: "undo" });
  await until(page, s => s.page.undo < after.undo, "undo");
  const undone = await settled(page);
  assert.equal(undone.page.error, "");
  await away(page);
  await painted(page, "new-worker-1280x720", [stage, figures], []);
  await page.context().close();
}

// ---- a run that diverges ----
{
  const page = await open(await visitor(), address + quick), good = await settled(page);
  await command(page, { do: "run", spec: { ...good.page.spec, defense: { kind: "mid", beta: .003 }, train: { ...good.page.spec.train, learning_rate: 10, optimizer: "sgd", momentum: .99, epochs: 60 } } });
  const bad = await until(page, s => s.page.error, "the sentence of a run that diverged");
  assert.match(bad.page.error, /learning rate 10 is too large/);
  await away(page);
  await shot(page, "diverged-1280x720");
  await click(page, "error.back");
  const back = await settled(page, s => !s.page.error);
  assert.deepEqual(back.page.spec, good.page.spec);

  // ---- the clipboard (the same page) ----
  await page.evaluate(() => { navigator.clipboard.writeText = async () => { throw new Error("refused"); }; });
  await click(page, "share");
  await click(page, "share.link");
  const field = page.getByLabel("Link to this state");
  await field.waitFor();
  assert.match(await field.inputValue(), /#s=[\w-]+$/);
  assert.deepEqual(await field.evaluate(e => [document.activeElement === e, e.selectionEnd - e.selectionStart]), [true, (await field.inputValue()).length]);
  assert.equal((await state(page)).notice, "", "it says that the link was copied");
  await quiet(page);
  await shot(page, "no-clipboard-1280x720");
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal(await field.isVisible(), false);
  await page.context().close();
}

// ---- graphics that are lost and come back ----
{
  const page = await open(await visitor(), address);
  await settled(page);
  await away(page);
  const before = await shot(page, "before-loss-1280x720");
  await page.evaluate("window.gl = document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context'), gl.loseContext()");
  await page.waitForFunction("document.getElementById('canvas').getContext('webgl2').isContextLost()");
  const frames = await page.evaluate("framesDrawn");
  await command(page, { do: "set", fields: { seed: 2 } });
  const unseen = await settled(page, s => s.result.spec.seed === 2);   // the session goes on
  assert.ok(await page.evaluate("framesDrawn") <= frames + 1, "frames are drawn without a surface");
  await command(page, { do: "set", fields: { seed: 1 } });
  await settled(page, s => s.result.spec.seed === 1);
  const sentence = page.getByText("closed the surface");
  await sentence.waitFor();
  await page.evaluate("gl.restoreContext()");
  await sentence.waitFor({ state: "hidden" });
  await away(page);
  await painted(page, "after-loss-1280x720", [[196, 199, 588, 88], [196, 299, 588, 88], [196, 399, 588, 88], figures], []);
  assert.notEqual(unseen.result.id, (await session(page)).result.id);
  assert.ok(before.length > 0);

  await page.evaluate("gl.loseContext()");
  await sentence.waitFor();
  await page.getByRole("button", { name: "Load the page again" }).click();
  await page.waitForFunction("window.mid && !window.gl");
  await until(page, s => s.result, "the story after loading again");
  assert.ok((await state(page)).runs >= 2, "the runs were lost");
  await page.context().close();
}

// ---- a hidden tab: no frames, but work ----
{
  const page = await open(await visitor(() => {
    let hidden = false;
    const wait = [], original = window.requestAnimationFrame;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.requestAnimationFrame = f => hidden ? wait.push(f) : original(f);
    window.hide = yes => {
      hidden = yes;
      if (!hidden) for (const f of wait.splice(0)) original(f);
      document.dispatchEvent(new Event("visibilitychange"));
    };
  }), address + quick);
  await settled(page);
  await away(page);
  const before = await page.screenshot();
  await page.evaluate("hide(true)");
  const frames = await page.evaluate("framesDrawn");
  for (const seed of [2, 3]) {
    await command(page, { do: "set", fields: { seed } });
    await settled(page, s => s.result.spec.seed === seed);
  }
  // Runs from the stage cache are over so soon that the second has to wait, and no news of the first will wake it.
  await page.evaluate(async () => {
    for (const seed of [2, 3]) {
      await mid.command({ do: "set", fields: { seed } });
      while (seed === 2 && (await mid.session()).result.spec.seed !== 2) await new Promise(done => setTimeout(done, 1));
    }
  });
  await settled(page, s => s.result.spec.seed === 3);
  assert.equal(await page.evaluate("framesDrawn"), frames);
  await page.evaluate("hide(false)");
  await settled(page);
  await away(page);
  const after = await shot(page, "after-hiding-1280x720");
  assert.ok(!before.equals(after), "what was trained in a hidden tab is not shown");
  // Without the seconds that a run took, which are other ones after the reload.
  const stage = { clip: { x: 0, y: 115, width: 1280, height: 390 } }, there = await page.screenshot(stage);
  await page.reload();
  await settled(page, s => s.result.spec.seed === 3);
  await away(page);
  assert.ok(there.equals(await page.screenshot(stage)), "what is shown after hiding is not what a new page shows");
  await page.context().close();
}

// ---- a slow server ----
{
  for (const [colorScheme, width, height] of [["light", 1280, 720], ["dark", 1280, 720], ["light", 390, 844], ["dark", 390, 844]]) {
    let letGoOn;
    const slow = await serve({ gzip: true, goOn: new Promise(done => letGoOn = done) });
    const page = await blank(await visitor(null, { colorScheme }), width, height);
    await page.goto(slow, { waitUntil: "commit" });
    await page.waitForFunction(() => parseFloat(document.getElementById("done")?.style.width) > 30, null, { polling: 20 });
    await shot(page, `loading-${colorScheme}-${width}x${height}`);
    const [, done, total] = (await page.textContent("#bytes")).match(/^([\d.]+) of ([\d.]+) MB$/).map(Number);
    // Script and first module; the second comes when the picture is there.
    const whole = await page.evaluate(() => document.documentElement.innerHTML.match(/"bytes": (\d+)/g).slice(0, 2).reduce((sum, b) => sum + +b.slice(9), 0));
    assert.ok(done < total && Math.abs(total - whole / 1048576) < .06, `${done} of ${total} MB, ${whole} bytes`);
    letGoOn();
    if (width === 390 && colorScheme === "dark") await page.evaluate("window.mid.ready");
    await page.context().close();
  }
}

assert.deepEqual(problems.filter(p => !/CONTEXT_LOST_WEBGL/.test(p)), [], "the browser's console complains");
await close();
console.log("the page stands: no WebGL, no workers, a dead worker, no storage, lost graphics, hidden, slow, diverged");
