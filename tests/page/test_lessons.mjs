// Lessons in the browser: by mouse on the canvas, and by the plain controls; what a lesson promises holds for WebAssembly, too.
import assert from "node:assert/strict";
import { away, click, close, linkTo, open, problems, serve, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();
const lesson = async page => (await state(page)).lesson;
const seen = (page, step) => until(page, s => s.page.lesson?.step === step && s.page.lesson.at === "seen", `the outcome of step ${step}`);

{ // ---- by mouse: choose, predict, go on ----
  const page = await open(await visitor(), address + linkTo("visitors"));
  await settled(page);
  await click(page, "lessons");
  await away(page);
  await shot(page, "lessons-1280x720");
  await click(page, "lesson.visitor");
  await seen(page, 1);
  for (let i = 0; i < 5 && (await lesson(page)).step === 1; ++i) await click(page, "lesson.next");   // a step may be more than one page
  await until(page, s => s.page.lesson.step === 2, "the second step");
  const before = (await state(page)).spec;
  assert.equal((await lesson(page)).at, "asking");
  assert.deepEqual((await state(page)).spec, before, "a question's step ran before it was answered");
  await away(page);
  await shot(page, "lesson-asks-1280x720");
  await click(page, "lesson.option.1");
  const told = await seen(page, 2);
  assert.ok(told.page.lesson.lines.length > 0 && told.page.lesson.lines.every(l => l.good), JSON.stringify(told.page.lesson.lines));
  await settled(page);
  await away(page);
  await shot(page, "lesson-told-1280x720");
  await page.setViewportSize({ width: 800, height: 600 });
  await away(page);
  await shot(page, "lesson-told-800x600");
  await page.context().close();
}

{ // ---- every promise of every lesson ----
  const page = await open(await visitor(), address + linkTo("visitors"));
  const keys = (await lesson(page)).all.map(l => l.key);
  assert.equal(keys.length, 12);
  let promises = 0;
  for (const key of keys) {
    await page.evaluate(key => mid.command({ do: "lesson", key }), key);
    for (let step = 1, of = 1; step <= of; ++step) {
      await page.evaluate(step => mid.command({ do: "lesson", step }), step);
      const { page: { lesson: l } } = await until(page, s => s.page.lesson?.key === key && s.page.lesson.step === step, `${key}, step ${step}`);
      of = l.of;
      if (l.at === "asking") await page.evaluate(answer => mid.command({ do: "lesson", answer }), l.right);
      const { lines = [] } = (await seen(page, step)).page.lesson;
      promises += lines.length;
      assert.deepEqual(lines.filter(line => !line.good).map(line => line.text ?? line), [], `${key}, step ${step}`);
    }
  }
  assert.ok(promises >= 60, `${promises} promises`);
  console.log(`${promises} promises kept`);
  await page.context().close();
}

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("twelve lessons keep their promises in the browser");
