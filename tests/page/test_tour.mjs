// The guided tour as a visitor takes it: it begins when asked, goes on by itself, waits for a guess and for the slider, says in words what
// came of the guess, and a click elsewhere or a key takes over. Its sentences reach those who cannot see the canvas.
import assert from "node:assert/strict";
import { click, close, drag, open, problems, quiet, serve, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();
const page = await open(await visitor(), address);
await settled(page);
const tour = () => state(page).then(s => s.tour);
assert.equal((await tour()).open, false, "it begins only when asked");
await click(page, "tour");
const first = (await until(page, s => s.page.tour.open && s.page.walk.station >= 1, "the first stop")).page.tour;
await shot(page, "tour-1280x720");
assert.match(await page.evaluate("document.getElementById('announced').textContent"), /stranger|network|numbers/, "its sentences are read out");
assert.ok(first.at < 5);
await until(page, s => s.page.tour.at >= 2, "it goes on by itself");

// The stop that was asked for. In a strip the buttons stand below its sentence, so they move when that has been drawn.
const stopped = async (page, at, what) => { await until(page, s => s.page.tour.at === at, what); await quiet(page); };
// A click elsewhere takes over; from then on it goes where the buttons say. Returns where it stands.
const takeOver = async (page, act) => {
  await act();
  await until(page, s => !s.page.tour.playing, "the hand takes over");
  await quiet(page);
  return (await state(page)).tour.at;
};
let at = await takeOver(page, () => page.mouse.click(640, 8));
await click(page, "tour.back");
await stopped(page, at - 1, "back");
for (at -= 1; at < 5; ++at) {
  await click(page, "tour.next");
  await stopped(page, at + 1, `stop ${at + 1}`);
}

// The guess, then the visitor's own hand.
const before = (await state(page)).spec;
await click(page, "lesson.option.1");
await until(page, s => /drag the slider to 0\.1/.test(s.page.tour.said), "it waits for the slider");
assert.deepEqual((await state(page)).spec, before, "the hand is the visitor's");
await drag(page, 0, 4, 6);
const end = await settled(page, s => s.page.tour.home);
assert.match(end.page.tour.said, /You said/);
assert.match(end.page.tour.said, /%/);
await quiet(page);
await shot(page, "tour-end-1280x720");
await click(page, "tour.line-up");
await until(page, s => s.page.line_up.open, "the line-up opens");
await page.reload();
await page.evaluate("window.mid.ready");
assert.equal((await tour()).open, false, "a new visit begins without it");
await page.context().close();

// In low windows and on phones it stands in a strip, and all of it can be tapped.
for (const [width, height] of [[800, 600], [390, 844]]) {
  const low = await open(await visitor(), address, width, height);
  await settled(low);
  await low.evaluate(() => mid.command({ do: "tour" }));
  await until(low, s => s.page.tour.open && s.page.walk.station >= 1, "the first stop");
  for (let at = await takeOver(low, async () => { await low.locator("#canvas").focus(); await low.keyboard.press("F8"); }); at < 5; ++at) {
    await click(low, "tour.next");
    await stopped(low, at + 1, `stop ${at + 1} at ${width}x${height}`);
  }
  await shot(low, `tour-question-${width}x${height}`);
  await click(low, "lesson.option.2");
  const home = await settled(low, s => s.page.tour.home);
  assert.match(home.page.tour.said, /As you predicted|You said/);
  await low.context().close();
}
assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("the guided tour, by itself and by hand, at three sizes");
