// The numbers inside, in Chromium: 32 signed numbers and the faces drawn from them, no defence, MID and its rivals in columns on wide
// pages, one of them chosen by a click, and what one bit a number is called.
import assert from "node:assert/strict";
import { away, click, close, drag, linkTo, numbers, open, painted, place, problems, serve, settled, visitor } from "./tools.mjs";

const page = await open(await visitor(), await serve() + linkTo("numbers-inside"));
const still = s => s.page.story === "numbers-inside" && !s.page.comparing;
const off = await settled(page, still);
assert.equal(off.result.spec.release.of, "embedding");
assert.equal(off.result.spec.defense.kind, "none");
assert.equal(off.page.answers.rows.length, 32);
const [known, found] = numbers(off);
assert.ok(known > .8 && found > .5, `off: ${known}, ${found}`);
await drag(page, 0, 4, 6);
const mid = await settled(page, s => still(s) && s.page.strength === .1 && s.page.answers.compared);
assert.ok(numbers(mid)[1] < found - .1, `MID: ${numbers(mid)}`);
assert.ok(numbers(mid)[0] > known - .1, `MID: ${numbers(mid)}`);
for (const [width, height] of [[800, 600], [390, 844], [1280, 720]]) {
  await page.setViewportSize({ width, height });
  await settled(page, still);
  await away(page);
  await painted(page, `numbers-inside-0.1-${width}x${height}`, [[40, 150, width - 80, height / 3]], []);
}
// A column is chosen by a click, and the switch follows.
await click(page, "inside.3");
const rival = await settled(page, s => still(s) && s.page.defence === "defense.trained_noise");
assert.equal(rival.result.spec.defense.noise, .5);
await click(page, "defence.release.label_only");
const bit = await settled(page, s => still(s) && s.page.spec.release.kind === "label_only");
assert.equal(bit.result.spec.release.of, "embedding");
assert.ok(bit.page.answers.of.startsWith("One bit"), bit.page.answers.of);
await place(page, "defence.own");
await page.close();

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("32 numbers give a stranger's face away, and less of it with MID");
