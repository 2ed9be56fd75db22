// The page as a visitor meets it: from a server and as one file from the disk, in headless Chromium. It waits for the story,
// drags the slider, reloads from the link, tries hostile links, and looks at what is painted. Nothing here is timed.
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { away, base64url, click, close, drag, look, numbers, open, painted, problems, quiet, serve, session, settled, site, state, visitor } from "./tools.mjs";

const address = await serve(), context = await visitor();

// ---- the story, from a server ----

let page = await open(context, address);
await settled(page);
const off = await session(page);
assert.equal(off.page.story, "visitors");
assert.equal(off.result.spec.defense.kind, "none");
assert.equal(off.sheet.truth.constructor === Object ? Object.keys(off.sheet.truth).length : off.sheet.truth.length,
             off.sheet.rows * off.sheet.height * off.sheet.width);
const [accuracy, found] = numbers(off);
assert.ok(accuracy > .85 && found > .6, `off: ${accuracy}, ${found}`);
await away(page);
await painted(page, "visitors-off-1280x720",
              [[196, 199, 588, 88], [196, 299, 588, 88], [196, 399, 588, 88], [44, 530, 850, 80], [44, 625, 850, 70], [936, 70, 320, 360], [936, 443, 320, 260]],
              [[0, 60, 16, 660], [1262, 60, 18, 660], [0, 714, 1280, 6]]);

// At rest nothing is drawn.
const before = await page.evaluate("framesDrawn");
await page.waitForTimeout(1500);
assert.equal(await page.evaluate("framesDrawn"), before, "the page draws frames at rest");

await drag(page, 0, 4, 6);
const strong = await settled(page, s => s.page.strength === .1);
assert.equal(strong.result.spec.defense.beta, .1);
assert.ok(numbers(strong)[1] < found - .1, `the defence did not show: ${found} to ${numbers(strong)[1]}`);
assert.ok(strong.page.runs >= 2);
await away(page);
await painted(page, "visitors-0.1-1280x720", [[196, 299, 588, 88], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);

// The link holds all of it.
assert.match(page.url(), /#s=[\w-]+$/);
const link = page.url();
await page.reload();
const again = await settled(page);
assert.deepEqual(numbers(again), numbers(strong));
assert.equal(again.page.strength, .1);

// A program's run beside it changes nothing on the page.
const small = { ...again.spec, train: { ...again.spec.train, epochs: 2 }, defense: { kind: "none" } };
const result = await page.evaluate(spec => window.mid.run(spec), small);
assert.equal(result.failed, null);
assert.equal(result.spec.train.epochs, 2);
assert.ok(result.utility.accuracy.value >= 0 && result.utility.accuracy.value < again.result.utility.accuracy.value);
assert.equal((await state(page)).strength, .1);
const refused = await page.evaluate(() => window.mid.run({ data: { name: "no-such-data" } }));
assert.match(refused.failed.sentence, /data\.name/);
assert.ok((await page.evaluate("window.mid.capabilities()")).worker, "the core does not run in a worker");

// A click on the first dot brings that run back.
await click(page, "dotOff/1");
assert.deepEqual(numbers(await settled(page, s => s.page.strength === 0)), [accuracy, found]);

await click(page, "track.survey");
const survey = await settled(page, s => s.page.story === "confidence");
assert.ok(numbers(survey)[1] > .98, `sexes named: ${numbers(survey)[1]}`);
await drag(page, 0, 3, 6);
await settled(page, s => s.page.strength === .003);
await away(page);
await painted(page, "confidence-0.003-1280x720", [[44, 240, 460, 180], [540, 200, 350, 200], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);
await click(page, "theme");
await away(page);
await look(page, "confidence-dark-1280x720", []);
await page.close();

// ---- links from elsewhere ----

for (const bad of ["%%%", "AAAA", base64url("[[[["), base64url("[".repeat(20000)), base64url({ spec: 7, story: [], view: "x" }), "x".repeat(70000),
                   base64url({ story: "visitors", spec: { data: "faces", seed: "one", defense: { kind: "mid", beta: -1 } } })]) {
  page = await open(context, address + "#s=" + bad);
  await settled(page);
  await page.close();
}
page = await open(context, address + "#s=" + base64url({ story: "visitors", spec: { ...again.spec, colour: "red", defense: { kind: "mid", beta: .03, gamma: 2 } }, view: { draw: 2, zoom: 9 } }));
const tolerant = await settled(page);
assert.equal(tolerant.page.strength, .03);
assert.match(tolerant.page.notice, /colour/);
assert.match(tolerant.page.notice, /gamma/);
await page.close();

// ---- 800 x 600, and the whole page in one file from the disk ----

page = await open(context, link, 800, 600);
await settled(page);
await quiet(page);
await painted(page, "visitors-0.1-800x600", [[160, 118, 500, 80], [160, 208, 500, 80], [40, 420, 720, 80], [40, 510, 720, 70]],
              [[0, 60, 8, 540], [792, 60, 8, 540], [0, 598, 800, 2]]);
await page.close();

page = await open(context, address, 390, 844);
await settled(page);
await quiet(page);
await look(page, "visitors-390x844", []);
await page.close();

page = await open(context, pathToFileURL(path.join(site, "midlab.html")).href);
const fromDisk = await settled(page);
assert.deepEqual(numbers(fromDisk), [accuracy, found]);
await quiet(page);
await painted(page, "one-file-1280x720", [[196, 199, 588, 88], [196, 299, 588, 88], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);
await page.close();

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("the page tells its story: site, link, one file");
