// The page in other pages' frames: who may ask and is told, and that nobody is told of a visitor's own table. And what the page
// forbids itself: scripts, styles, bases and forms that are not its own.
import assert from "node:assert/strict";
import { blank, close, drop, linkTo, open, problems, serve, session, settled, until, visitor } from "./tools.mjs";

// A page around the page: it hears all that reaches it, and asks whatever it is told to.
const parent = `<!doctype html><link rel="icon" href="data:,"><body><script>
  window.heard = [];
  addEventListener("message", e => heard.push(e.data));
  const frame = Object.assign(document.createElement("iframe"), { width: 1000, height: 640, src: new URLSearchParams(location.search).get("page") });
  document.body.append(frame);
  window.ask = (id, message) => frame.contentWindow.postMessage({ midlab: 1, id, ...message }, "*");
</script>`;
const pages = { "/parent.html": parent }, address = await serve(), friend = await serve({ pages }), stranger = await serve({ pages });
const named = `${address}?embed=${encodeURIComponent(friend)}${linkTo("confidence")}`;
// The page in the frame of another one, when it is ready, and that other one.
async function framed(context, around, src) {
  const page = await blank(context);
  await page.goto(`${around}parent.html?page=${encodeURIComponent(src)}`);
  const frame = page.frames()[1];
  await frame.waitForFunction(() => window.mid);
  await frame.evaluate("mid.ready");
  await frame.evaluate(() => { window.asked = 0; addEventListener("message", () => ++asked); });
  return { page, frame };
}
// What was sent to a page stands before this in its queue.
const caughtUp = page => page.evaluate(() => new Promise(done => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => setTimeout(done, 0); port2.postMessage(0); }));
const heard = async (page, wish) => (await page.waitForFunction(`heard.find(${wish})`, null, { timeout: 120000 })).jsonValue();
// Asks, and returns when the frame has taken the message and whatever it does of itself: two rounds of its own later.
async function asks(page, frame, id, message) {
  const before = await frame.evaluate("asked");
  await page.evaluate(([id, message]) => ask(id, message), [id, message]);
  await frame.waitForFunction(before => window.asked > before, before);
  await frame.evaluate(() => mid.session().then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))));
  await caughtUp(page);
}

const rows = Array.from({ length: 200 }, (_, i) => `${i % 3 ? "never" : "daily"},${20 + i % 45},${(i * 7) % 5 ? "little" : "much"}`);
const csv = "cannabis_use,years,spends\n" + rows.join("\n") + "\n", own = /cannabis|never|daily|spends|habits/;
const describes = frame => until(frame, s => s.page.own.open && !s.page.own.waiting && s.page.own.table, "the table to be read");

{ // ---- the origin that the address names ----
  const context = await visitor(), { page, frame } = await framed(context, friend, named);
  assert.match((await heard(page, "m => m.event === 'ready'")).version, /\d/);
  await page.evaluate("ask(1, { do: 'get' })");
  assert.equal((await heard(page, "m => m.id === 1")).result.page.story, "confidence");
  await page.evaluate("ask(2, { do: 'subscribe' }); ask(3, { do: 'set', fields: { 'defense.kind': 'mid', 'defense.beta': 0.01 } })");
  assert.equal((await heard(page, "m => m.id === 3")).result.page.spec.defense.beta, .01);
  const news = await heard(page, "m => m.event === 'changed' && m.state.result && !m.state.page.busy && m.state.result.spec.defense.beta === 0.01");
  assert.ok(news.state.result.privacy.attack_accuracy.value > .5);
  await page.evaluate("ask(4, { do: 'steal' })");
  assert.match((await heard(page, "m => m.id === 4")).error, /do must be one of get, set, command, run, subscribe, unsubscribe, found "steal"/);

  // A table of the visitor's own: from here on that page hears nothing more, neither news nor answers.
  await settled(frame);
  await page.evaluate("ask(5, { do: 'run', spec: { data: { name: 'adult', private: 300, auxiliary: 500, held_out: 300 }, train: { epochs: 3 }, attack: { kind: 'likelihood_inference' } } })");
  await drop(frame, "habits.csv", csv);
  await frame.waitForFunction(() => mid.locked);
  await caughtUp(page);
  const told = await page.evaluate("heard.length");
  await describes(frame);
  await frame.evaluate(() => mid.command({ do: "own", target: "spends", secret: "cannabis_use" }));
  const mine = await settled(frame, s => s.page.story === "own-tree");
  assert.equal(mine.result.spec.data.sensitive, "cannabis_use");
  for (const [i, message] of [{ do: "get" }, { do: "subscribe" }, { do: "unsubscribe" }, { do: "set", fields: { seed: 7 } }, { do: "command", command: { do: "export", format: "dot" } }, { do: "run", spec: mine.result.spec }, { do: "nothing" }].entries())
    await asks(page, frame, 10 + i, message);
  assert.equal((await session(frame)).page.seed, 1, "what was asked was done");
  assert.equal(await page.evaluate("heard.length"), told, "the page around it heard something");
  assert.ok(!own.test(await page.evaluate("JSON.stringify(heard)")));
  // Nor did this frame keep it where another frame would find it.
  assert.equal(await frame.evaluate("localStorage.getItem('midlab')"), null);
  await context.close();
}

// ---- everybody else ----
for (const [what, around, src] of [["of another origin", stranger, named], ["with embed=1", friend, `${address}?embed=1${linkTo("confidence")}`],
                                   ["without embed", friend, address + linkTo("confidence")], ["with every origin", friend, `${address}?embed=*${linkTo("confidence")}`]]) {
  const context = await visitor(), { page, frame } = await framed(context, around, src);
  await asks(page, frame, 1, { do: "subscribe" });
  await asks(page, frame, 2, { do: "run", spec: { data: { name: "adult" } } });
  await settled(frame);
  await drop(frame, "habits.csv", csv);
  await describes(frame);
  await asks(page, frame, 3, { do: "get" });
  assert.deepEqual(await page.evaluate("heard"), [], `a page ${what} hears something`);
  await context.close();
}

{ // ---- what an earlier visit left in this browser is nothing for a page around either ----
  // All of one origin, so that the browser gives the frame the storage of the visit.
  const here = await serve({ pages }), context = await visitor(), page = await open(context, here + linkTo("confidence"));
  await settled(page);
  await drop(page, "habits.csv", csv);
  await describes(page);
  await page.evaluate(() => mid.command({ do: "own", target: "spends", secret: "cannabis_use" }));
  await settled(page, s => s.page.story === "own-tree");
  await page.waitForFunction(() => localStorage.getItem("midlab")?.includes("cannabis_use"));
  await page.close();
  const inside = await framed(context, here, `${here}?embed=${here}${linkTo("confidence")}`);
  const kept = await inside.frame.evaluate("localStorage.getItem('midlab')");
  assert.ok(kept.includes("cannabis_use"));
  await settled(inside.frame);
  await inside.page.evaluate("ask(1, { do: 'get' })");
  const answer = JSON.stringify(await heard(inside.page, "m => m.id === 1"));
  assert.ok(answer.includes("confidence") && !own.test(answer), "the earlier visit's table is told");
  assert.equal(await inside.frame.evaluate("localStorage.getItem('midlab')"), kept, "the earlier visit's runs are gone");
  await context.close();
}

// ---- what is not the page's own does not run, from the start, in the site and in the page of one file ----
for (const where of [address, address + "midlab.html"]) {
  const page = await open(await visitor(), where + linkTo("confidence"));
  const policy = await page.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content");
  assert.ok(!/unsafe-inline|unsafe-eval'|\*/.test(policy.replaceAll("'wasm-unsafe-eval'", "")), policy);
  await settled(page);
  const own = problems.length;
  const requests = [];
  page.on("request", r => requests.push(r.url()));
  const tried = await page.evaluate(() => {
    const add = (tag, features, inside = "") => { const e = Object.assign(document.createElement(tag), features); e.append(inside); document.body.append(e); return e; };
    const refused = [];
    document.addEventListener("securitypolicyviolation", e => refused.push(e.effectiveDirective));
    add("script", {}, "window.ran = 'script'");
    add("div", { innerHTML: "<button id='foreign' style='color: rgb(1, 2, 3)' onclick='window.ran = 1'></button>" });
    document.getElementById("foreign").click();
    add("style", {}, "#foreign { background-color: rgb(1, 2, 3) }");
    const base = document.createElement("base");
    base.href = "https://elsewhere.example/";
    document.head.append(base);
    const form = add("form", { action: "stolen", method: "get" });
    form.submit();
    const look = getComputedStyle(document.getElementById("foreign"));
    const seen = () => ({ ran: window.ran ?? null, colour: look.color, ground: look.backgroundColor, base: document.baseURI.split("#")[0], refused: [...new Set(refused)].sort() });
    return new Promise(done => document.addEventListener("securitypolicyviolation", () => { if (new Set(refused).size === 6) done(seen()); }));   // a form's comes last
  });
  assert.equal(tried.ran, null, "a foreign script ran");
  assert.ok(tried.colour !== "rgb(1, 2, 3)" && tried.ground !== "rgb(1, 2, 3)", "a foreign style counts");
  assert.equal(tried.base, where, "a foreign base counts");
  assert.deepEqual(tried.refused, ["base-uri", "form-action", "script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem"]);
  assert.ok(!requests.some(url => url.includes("stolen")), "a form was sent");
  problems.splice(own);   // those just provoked
  await page.context().close();
}

// A browser complains where it keeps a message from a page of another origin than the named one.
assert.deepEqual(problems.filter(p => !/target origin provided/.test(p)), [], "the browser's console complains");
await close();
console.log("the page stands in other pages and tells nobody of a visitor's own table");
