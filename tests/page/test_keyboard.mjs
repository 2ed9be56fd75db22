// All three stories on the canvas by keyboard alone: Tab, arrows, Enter. The strength changes with arrows, a dot is loaded, a
// story is changed, and Tab leaves the canvas at both ends.
import assert from "node:assert/strict";
import { close, numbers, open, problems, quiet, serve, session, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();
const page = await open(await visitor(), address);
const frames = () => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
const press = async key => { await page.keyboard.press(key); await frames(); };
const focus = async () => (await state(page)).focus;
const element = () => page.evaluate("document.activeElement.id");
// Tab until the control wears the ring; round and round through the page if need be.
async function tabTo(control, key = "Tab") {
  const way = [];
  for (let i = 0; i < 120; ++i) {
    if (await element() === "canvas") {
      const now = await focus();
      if (now === control) return;
      way.push(now);
    }
    await press(key);
  }
  assert.fail(`Tab does not lead to '${control}', but to ${way.join(" ")}`);
}

// ---- once through the page ----

await settled(page);
await press("Tab");
assert.equal(await element(), "skip");
await press("Tab");
assert.equal(await element(), "canvas");
const way = [];
for (let i = 0; i < 80 && await element() === "canvas"; ++i) {
  way.push(await focus());
  await press("Tab");
}
assert.ok(way.length > 8 && way.length < 80, `Tab left the canvas after ${way.length} presses`);
assert.equal(new Set(way).size, way.length, `Tab came by twice: ${way.join(" ")}`);
for (const control of ["track.pictures", "track.survey", "play", "strength", "dotOff/1"]) assert.ok(way.includes(control), `Tab passes by ${control}: ${way.join(" ")}`);
await press("Shift+Tab");
assert.equal(await element(), "canvas");
assert.equal(await focus(), way.at(-1), "Shift+Tab does not come back to the last control");

// ---- story 1: two stops further, and back by the dot ----

const off = await settled(page);
await tabTo("strength");
await press("ArrowRight");
await press("ArrowRight");
assert.equal(await focus(), "strength", "arrows lead away from the slider");
const strong = await settled(page, s => s.page.strength === .01);
assert.ok(numbers(strong)[1] <= numbers(off)[1] + .05);
await shot(page, "keyboard-slider-1280x720");
await tabTo("dotOff/1");
await press("Enter");
assert.deepEqual(numbers(await settled(page, s => s.page.strength === 0)), numbers(off));
await tabTo("strength", "Shift+Tab");
await press("End");
await until(page, s => s.page.strength === .2, "the last stop");
await press("Home");
await settled(page, s => s.page.strength === 0);

// ---- story 3: another data set of the same track, from its menu ----

await tabTo("data", "Shift+Tab");
await press("Enter");
await until(page, s => s.page.controls["data.1"], "the menu");
await press("ArrowDown");
await press("Enter");
const sevens = await settled(page, s => s.page.story === "which-seven");
assert.ok(numbers(sevens)[0] > .8);
// It opens with sevens, by their label: the sheet says which those are, whatever the model or the attacker makes of them.
const { classes } = (await session(page)).sheet;
assert.equal(classes[sevens.page.answers.row], "7");
await page.evaluate(() => window.mid.command({ do: "answers", column: 3 }));
assert.equal(classes[(await until(page, s => s.page.answers.column === 3, "the fourth picture")).page.answers.row], "7");

// ---- story 2 ----

await tabTo("track.survey", "Shift+Tab");
await press("Enter");
const survey = await settled(page, s => s.page.story === "confidence");
assert.ok(numbers(survey)[1] > .98);
await tabTo("strength");
for (let i = 0; i < 3; ++i) await press("ArrowRight");
const hidden = await settled(page, s => s.page.strength === .003);
assert.ok(numbers(hidden)[1] < numbers(survey)[1]);

// ---- Control and Z ----

await press("Control+z");   // to the stop before whose result was seen
await settled(page, s => s.page.strength < .003);
await until(page, s => s.page.redo > 0, "a step forward");
await press("Control+Shift+z");
await settled(page, s => s.page.strength === .003);
await quiet(page);

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("three stories by keyboard alone");
