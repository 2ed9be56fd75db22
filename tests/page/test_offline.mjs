// After one visit the site works without a network: a service worker keeps the site's own files and nothing else. It goes before a table
// of the visitor's own is read, and is never there in a frame. And the first picture comes before what other stories need is fetched. The
// manual beside the page is neither loaded nor kept until somebody opens it from the help.
import assert from "node:assert/strict";
import { blank, click, close, drop, linkTo, open, problems, serve, settled, until, visitor } from "./tools.mjs";

const address = await serve(), context = await visitor();
const kept = page => page.evaluate(async () => {
  const names = await caches.keys(), found = [];
  for (const name of names) for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  return found;
});
const registered = page => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

{ // ---- a first visit: the first picture, and then the rest ----
  const before = [], page = await blank(context);
  let pictured = false;
  context.on("request", r => { if (!pictured) before.push(r.url().slice(address.length)); });
  await page.goto(address);
  await page.evaluate("mid.ready");
  await until(page, s => s.result, "the first picture");
  pictured = true;
  assert.ok(before.some(name => name.endsWith(".wasm")));
  // The worker may begin as soon as the picture is there; a test sees that a moment later, so it looks at what the page asks for first.
  const data = before.findIndex(name => name.startsWith("data/")), worker = before.findIndex(name => name === "offline.js");
  assert.ok(data < 0 || (worker >= 0 && worker < data), `fetched before the first picture: ${before.join(" ")}`);
  // Of the core's two modules the first alone was needed, and nobody waited for the other.
  assert.equal(await page.evaluate("mid.capabilities().then(c => c.waited)"), 0, "a function of the second module is called before the first picture (web/shell/split_module.py)");
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  const files = await kept(page);
  assert.ok(files.includes(address) && files.filter(f => f.endsWith(".wasm")).length === 2 && files.some(f => /data\/adult/.test(f)) && files.some(f => /data\/mnist/.test(f)), files.join(" "));
  assert.ok(files.every(f => f.startsWith(address)), files.join(" "));
  await settled(page);
  await page.close();
}

{ // ---- a second visit, without a network: page, first story, and one whose data was never asked for ----
  await context.setOffline(true);
  const page = await open(context, address);
  await settled(page);
  await page.evaluate(() => window.mid.command({ do: "run", preset: "confidence" }));
  const s = await settled(page, s => s.page.story === "confidence");
  assert.equal(s.page.error, "");
  assert.equal(s.result.spec.data.name, "adult");
  await page.close();
  const linked = await open(context, address + linkTo("which-seven"));
  assert.equal((await settled(linked, s => s.page.story === "which-seven")).page.error, "");
  await linked.close();
  await context.setOffline(false);
}

{ // ---- nothing else is answered for: another file of the site comes from the network each time ----
  const page = await open(context, address);
  await page.evaluate(() => fetch("data/SHA256SUMS-not-there").then(r => { if (r.status !== 404) throw new Error(`answered ${r.status}`); }));
  await page.close();
  assert.ok(!(await kept(await open(context, address))).some(f => f.includes("not-there")));
  problems.splice(0, problems.length, ...problems.filter(p => !/404/.test(p)));
}

{ // ---- the manual: asked for by its button alone; a site without one says so ----
  const there = await serve({ pages: { "/manual/index.html": "<!doctype html><link rel=icon href='data:,'><title>the manual</title>" } });
  const reader = await visitor(), asked = [], page = await blank(reader);
  reader.on("request", r => { if (r.url().includes("manual")) asked.push(r.url()); });
  await page.goto(there);
  await page.evaluate("mid.ready");
  await settled(page);
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  assert.deepEqual([asked, (await kept(page)).filter(f => f.includes("manual"))], [[], []], "the first visit loads the manual, or keeps it");
  await click(page, "help");
  const [manual] = await Promise.all([reader.waitForEvent("page"), click(page, "help.manual")]);
  await manual.waitForLoadState();
  assert.deepEqual([await manual.title(), manual.url()], ["the manual", there + "manual/index.html"]);
  assert.equal((await kept(page)).filter(f => f.includes("manual")).length, 0, "the manual is kept for visits without a network");
  await reader.route("**/manual/**", r => r.fulfill({ status: 404 }));
  await click(page, "help.manual");
  await page.waitForFunction(() => /manual/.test(document.getElementById("note-text").textContent) && !document.getElementById("note").hidden);
  await reader.close();
  problems.splice(0, problems.length, ...problems.filter(p => !/404/.test(p)));
}

{ // ---- a table of one's own: the worker goes before it is read, and nothing leaves ----
  const page = await open(context, address);
  await settled(page);
  assert.equal(await registered(page), 1);
  const table = "a,b,c\n" + Array.from({ length: 40 }, (_, i) => `${i % 2},${i % 3},${i % 5}\n`).join("");
  await drop(page, "table.csv", table);
  await until(page, s => s.page.own.table?.rows === 40, "what is in the table");
  assert.equal(await registered(page), 0);
  const asked = [];
  context.on("request", r => asked.push(r.url()));
  const left = await page.evaluate(async () => { try { await fetch("data/anything?" + "secret"); return true; } catch { return false; } });
  assert.equal(left, false, "a request left after a table of one's own was read");
  assert.ok(!asked.some(url => /^https?:/.test(url)), asked.join(" "));
  problems.splice(0, problems.length, ...problems.filter(p => !/Content Security Policy|Failed to fetch/i.test(p)));
  await context.close();
}

{ // ---- in a frame the site is a guest: no worker ----
  const frames = await serve({ pages: { "/frame.html": "<!doctype html><link rel=icon href='data:,'><iframe src='./' width=1000 height=700></iframe>" } });
  const page = await blank(await visitor());
  await page.goto(frames + "frame.html");
  const inner = page.frames()[1];
  await inner.waitForFunction(() => window.mid);
  await inner.evaluate("mid.ready");
  await until(inner, s => s.result, "a picture in the frame");
  assert.equal(await inner.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  await page.context().close();
}

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("after one visit the site needs no network, and keeps nothing but itself");
