// What fills the chart runs in two workers where the machine has two cores: both are busy, what the visitor wants goes first, the figures
// are those of one worker, to the bit, and the second goes when nothing is left. It may die, or never come, and works on a table of
// the visitor's own, too, of which nothing leaves.
import assert from "node:assert/strict";
import { click, close, drop, linkTo, open, problems, serve, session, settled, until, visitor } from "./tools.mjs";

const address = await serve(), quick = linkTo("confidence");   // the story that trains fastest
// window.cores: of the machine. window.second: what becomes of the second worker: "refused", or "mortal": it dies at its first run.
const watched = (cores, second = "") => `(${() => {
  Object.defineProperty(navigator, "hardwareConcurrency", { get: () => window.cores });
  const Original = Worker;
  window.made = 0;
  window.Worker = function (url) {
    const mine = ++window.made === 2 ? window.second : "";
    if (mine === "refused") throw new Error("no second worker here");
    const dies = `addEventListener("message", e => { if (e.data.command?.includes('"run"')) { e.stopImmediatePropagation(); close(); throw new Error("died"); } });`;
    const code = `${mine === "mortal" ? dies : ""}\nimportScripts(${JSON.stringify(url)});`;
    return new Original(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  };
}})(); window.cores = ${cores}; window.second = ${JSON.stringify(second)};`;
const guest = async (...how) => open(await visitor({ content: watched(...how) }), address + quick);
const filled = (page, n) => until(page, s => s.page.runs >= n, `${n} runs`);
const figures = s => Object.fromEntries(s.saved.runs.map(({ id, ...run }) => [id, JSON.stringify(run)]));

// ---- one worker, and two ----
const single = await guest(1);
await settled(single);
await click(single, "fill");
await filled(single, 7);
assert.equal((await session(single)).page.helped, false);
assert.equal(single.workers().length, 1);
const one = figures(await session(single));
await single.context().close();
const both = await guest(2);
await settled(both);
await click(both, "fill");
await until(both, s => s.page.helped && s.page.filling && !s.page.busy && s.state === "running", "two busy workers");
await until(both, () => both.workers().length === 2, "two workers");

// What the visitor wants goes first, in the first worker; the second goes on with the chart.
await both.evaluate(() => mid.command({ do: "set", fields: { seed: 50 } }));
await until(both, s => s.result?.spec.seed === 50 && s.page.filling && s.page.helped, "the visitor's own run, beside which the chart is filled");
await both.evaluate(() => mid.command({ do: "set", fields: { seed: 1 } }));
const two = figures(await until(both, s => Object.keys(one).every(id => s.saved.runs.some(r => r.id === id)), "the runs of one worker"));
for (const id of Object.keys(one)) assert.equal(two[id], one[id], "two workers give other figures than one");

// Stopped, the second worker is gone; what it ran is where the first one's runs are, in the next visit, too.
await click(both, "fill");
await until(both, s => !s.page.filling && !s.page.helped && both.workers().length === 1, "the end of the filling, and of the second worker");
const runs = (await session(both)).page.runs;
await both.waitForFunction(n => JSON.parse(localStorage.getItem("midlab") ?? "{}").session?.runs?.length >= n, runs);
await both.context().close();

// ---- a second worker that dies is made anew; where there is none to be had the first one runs all ----
for (const what of ["mortal", "refused"]) {
  const page = await guest(2, what);
  await settled(page);
  const { page: { runs } } = await session(page);
  await click(page, "fill");
  await page.waitForFunction(n => window.made >= n, what === "mortal" ? 3 : 2);
  if (what === "mortal") await until(page, s => s.page.helped, "a new second worker");
  await filled(page, runs + 2);
  if (what === "refused") assert.equal((await session(page)).page.helped, false);
  await page.context().close();
}
problems.splice(0, problems.length, ...problems.filter(p => !/died/.test(p)));

// ---- a table of the visitor's own ----
{
  const page = await guest(2), asked = [];
  await settled(page);
  const table = "age,sex,smokes,income\n" + Array.from({ length: 240 }, (_, i) =>
    `${20 + i * 7 % 50},${i % 3 ? "f" : "m"},${i * 5 % 7 < 3 ? "yes" : "no"},${(i * 11 % 13 > 6) !== (i % 3 === 0) ? "high" : "low"}\n`).join("");
  await drop(page, "people.csv", table);
  await until(page, s => s.page.own.table?.rows === 240, "what is in the table");
  page.on("request", r => asked.push(r.url()));
  await page.evaluate(() => mid.command({ do: "own", target: "income", secret: "sex" }));
  await settled(page, s => s.result.spec.data.name === "csv");
  const { page: { runs } } = await session(page);
  await click(page, "fill");
  await page.waitForFunction(() => window.made >= 2);   // runs on so small a table end before anybody looks
  const s = await filled(page, runs + 2);
  assert.deepEqual(s.saved.runs.filter(r => r.failed), []);
  await click(page, "track.survey");
  await until(page, s => !s.page.helped, "the end of the second worker");
  assert.ok(!asked.some(url => /^https?:/.test(url)), asked.join(" "));
  await page.context().close();
}

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("two workers fill the chart as one does");
