// A newcomer's first visit, by mouse and then by keyboard alone: open, wait, drag, click a dot, attack again, watch the attack,
// share, reload. Then what a class does: draws a digit, sends codes.
import assert from "node:assert/strict";
import { away, click, close, drag, frames, numbers, open, place, problems, quiet, serve, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();
const may = { permissions: ["clipboard-read", "clipboard-write"] };
const copied = page => page.evaluate(() => navigator.clipboard.readText());

// ---- by mouse ----

{
  const page = await open(await visitor(null, may), address);
  const off = await settled(page);
  assert.equal(off.page.story, "visitors");
  await drag(page, 0, 4, 6);
  const strong = await settled(page, s => s.page.strength === .1);
  assert.ok(numbers(strong)[1] < numbers(off)[1], "the defence does not show");
  await click(page, "dotOff/1");
  assert.deepEqual(numbers(await settled(page, s => s.page.strength === 0)), numbers(off), "the dot brings another run");
  const before = await page.screenshot({ clip: { x: 196, y: 199, width: 588, height: 88 } });
  await click(page, "attack");
  await quiet(page);
  assert.notDeepEqual(await page.screenshot({ clip: { x: 196, y: 199, width: 588, height: 88 } }), before, "Attack others shows the same people");
  await page.evaluate(() => {
    window.heard = [];
    const announced = document.getElementById("announced");
    new MutationObserver(() => window.heard.push(announced.textContent)).observe(announced, { childList: true, characterData: true, subtree: true });
  });
  await click(page, "walk.play");
  await until(page, s => s.page.walk.station === 4, "the attacker's station");
  await shot(page, "walk-1280x720");
  await until(page, s => s.page.walk.station === 0, "the end of the walk");
  assert.deepEqual((await page.evaluate("heard")).map(sentence => sentence.slice(0, 6)), [1, 2, 3, 4, 5].map(n => `${n} of 5`));
  await click(page, "share");
  await click(page, "share.link");
  const link = await copied(page);
  assert.match(link, /#s=[\w-]+$/);
  const fresh = await open(await visitor(), link);
  const there = await settled(fresh);
  assert.deepEqual(numbers(there), numbers(off), "the shared link shows another run");
  await fresh.context().close();
  await page.reload();
  assert.deepEqual(numbers(await settled(page)), numbers(off), "after a reload it is another run");
  assert.ok((await state(page)).runs >= 2, "the dots are gone");
  await page.context().close();
}

// ---- the same by keyboard alone ----

{
  const page = await open(await visitor(null, may), address);
  const frames = () => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
  const press = async key => { await page.keyboard.press(key); await frames(); };
  const tabTo = async control => {
    for (let i = 0; i < 120; ++i) {
      if (await page.evaluate("document.activeElement.id") === "canvas" && (await state(page)).focus === control) return;
      await press("Tab");
    }
    assert.fail(`Tab does not lead to '${control}'`);
  };
  const off = await settled(page);
  await tabTo("strength");
  for (let i = 0; i < 4; ++i) await press("ArrowRight");
  await settled(page, s => s.page.strength === .1);
  await tabTo("dotOff/1");
  await press("Enter");
  assert.deepEqual(numbers(await settled(page, s => s.page.strength === 0)), numbers(off));
  await tabTo("attack");
  await press("Enter");
  await tabTo("walk.play");
  for (let station = 1; station <= 5; ++station) {
    await press("ArrowRight");
    await until(page, s => s.page.walk.station === station, `station ${station} by keyboard`);
    assert.match(await page.locator("#announced").textContent(), new RegExp(`^${station} of 5\\. .`));
  }
  await press("Escape");
  assert.equal((await state(page)).walk.station, 0);
  await tabTo("share");
  await press("Enter");
  await tabTo("share.link");
  await press("Enter");
  assert.match(await copied(page), /#s=[\w-]+$/);
  await page.reload();
  assert.deepEqual(numbers(await settled(page)), numbers(off));
  await page.context().close();
}

// ---- the attack step by step, beside no defence ----

{
  const page = await open(await visitor(), address + "#s=" + Buffer.from(JSON.stringify({ story: "face-from-name", set: { "defense.kind": "mid", "defense.beta": .1, seed: 2 } })).toString("base64url"));
  await settled(page);
  await click(page, "theatre");
  await until(page, s => s.page.theatre.beside, "the row without defence");
  await click(page, "theatre.play");
  await until(page, s => s.page.theatre.step > 3, "some steps");
  await shot(page, "theatre-1280x720");
  const end = await until(page, s => !s.page.theatre.playing, "the end of the attack");
  assert.equal(end.page.theatre.step, -1);
  const [x, y, w, h] = await place(page, "theatre.cursor");
  await page.mouse.click(x + 14, y + h / 2);
  await until(page, s => s.page.theatre.step === 0, "the first step");
  await page.mouse.move(x + 14, y + h / 2);
  await page.mouse.down();
  await page.mouse.move(x + w / 2, y + h / 2);
  await page.mouse.up();
  const middle = await until(page, s => s.page.theatre.step > 0, "a step in the middle");
  assert.ok(middle.page.theatre.step < middle.page.theatre.steps.at(-1));
  for (const [width, height] of [[800, 600], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await quiet(page);
    await shot(page, `theatre-${width}x${height}`);
  }
  await page.context().close();
}

// ---- the guided tour: its stops, one guess, the visitor's own drag ----

{
  const page = await open(await visitor(), address);
  await settled(page);
  await click(page, "tour");
  for (const station of [1, 2, 3, 5]) {
    await until(page, s => s.page.walk.station === station, `the tour at station ${station}`);
    await click(page, "tour.next");
  }
  await until(page, s => s.page.tour.at === 5, "the tour's question");
  await away(page);
  await shot(page, "tour-asks-1280x720");
  await click(page, "lesson.option.2");
  await until(page, s => s.page.tour.said.includes("drag the slider"), "the tour waiting for a drag");
  await drag(page, 0, 4, 6);
  const home = await until(page, s => s.page.tour.home, "the end of the tour");
  assert.match(home.page.tour.said, /As you predicted/);
  await away(page);
  await shot(page, "tour-home-1280x720");
  await click(page, "tour.line-up");
  await until(page, s => s.page.line_up.open, "the line-up");
  await page.context().close();
}

// ---- a digit of one's own ----

{
  const page = await open(await visitor(), address + "#s=" + Buffer.from(JSON.stringify({ story: "which-seven" })).toString("base64url"));
  await settled(page);
  await click(page, "data");
  await until(page, s => s.page.controls["data.4"], "the menu of data");
  await click(page, "data.4");
  const [x, y, w, h] = await place(page, "pad");
  await page.mouse.move(x + .3 * w, y + .25 * h);
  await page.mouse.down();
  for (const [u, v] of [[.5, .24], [.7, .26], [.6, .5], [.5, .7], [.42, .85]]) { await page.mouse.move(x + u * w, y + v * h, { steps: 6 }); await frames(page); }
  await page.mouse.up();
  await click(page, "pad.digit.7");
  await quiet(page);
  await shot(page, "pad-1280x720");
  await click(page, "pad.go");
  const drawn = await settled(page, s => s.page.spec.data.drawn);
  assert.equal(drawn.page.spec.data.drawn_label, 7);
  const { names, truth } = await page.evaluate(async () => { const { sheet } = await window.mid.session(); return { names: sheet.names, truth: Array.from(sheet.truth.slice(0, 784)) }; });
  assert.equal(names[0], "drawn");
  assert.ok(truth.filter(v => v > 128).length > 25, "the drawing is not what was drawn");
  await shot(page, "drawn-1280x720");
  await page.context().close();
}

// ---- codes of a class ----

{
  const page = await open(await visitor(null, may), address);
  await settled(page);
  const code = (await state(page)).class.code;
  assert.match(code, /^visitors:0:1:\d+\.\d:\d+\.\d:[0-9a-f]{6}$/);
  const all = Array.from({ length: 30 }, (_, i) => `visitors:0:${i + 1}:95.0:${(60 + i).toFixed(1)}:${code.slice(-6)}`).join("\n");
  await page.evaluate(text => navigator.clipboard.writeText(text), all);
  await click(page, "share");
  await click(page, "share.class");
  await page.keyboard.press("Control+v");
  await until(page, s => s.page.class.n === 30, "the codes that were pasted by key");
  await page.evaluate(text => navigator.clipboard.writeText(text), all.split("\n").slice(0, 10).join(" "));
  await click(page, "class.paste");
  const ten = await until(page, s => s.page.class.n === 10, "the codes that were pasted by button");
  assert.ok(ten.page.class.privacy.low < ten.page.class.privacy.mean && ten.page.class.privacy.mean < ten.page.class.privacy.high);
  await quiet(page);
  await shot(page, "class-1280x720");
  await page.reload();
  await until(page, s => s.page.class.n === 10, "the codes after a reload");
  await page.context().close();
}

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("a first visit by mouse and by keyboard; the theatre, a digit, a class");
