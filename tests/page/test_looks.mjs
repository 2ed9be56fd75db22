// Every story once in each density of pixels, light and dark, at three sizes: something is painted, nothing runs into the margins
// of a wide page, and the pictures are kept. That no text is cut or lies on another is measured on the draw list (tests/unit/ui).
import assert from "node:assert/strict";
import { close, linkTo, look, open, problems, quiet, serve, settled, visitor } from "./tools.mjs";

const address = await serve();
const stories = ["visitors", "confidence", "which-seven", "face-from-name", "survey-tree", "dose", "private-training", "numbers-inside"];
const looks = [1, 1.5, 2].flatMap(deviceScaleFactor => ["light", "dark"].map(colorScheme => ({ deviceScaleFactor, colorScheme })));
for (const [i, story] of stories.entries()) {
  const { deviceScaleFactor: density, colorScheme } = looks[i % looks.length];
  const page = await open(await visitor(null, looks[i % looks.length]), address + linkTo(story));
  const s = await settled(page);
  assert.equal(s.page.story, story);
  for (const [width, height] of [[1280, 720], [800, 600], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await quiet(page);
    const { scale } = (await settled(page)).page;
    assert.ok(Math.abs(scale - density) < .1, `${story}: letters are drawn for a density of ${scale}, the screen has ${density}`);
    const name = `${story}-${colorScheme}-${density}-${width}x${height}`;
    const at = box => box.map(v => Math.round(v * density));
    const [stage, ...bare] = await look(page, name, [at([40, 140, width - 80, height / 3]), ...width === 1280 ? [at([0, 60, 15, 655]), at([0, 714, 1280, 6])] : []]);
    assert.ok(stage.colours > 12 && stage.spread > 3, `${name} is blank: ${JSON.stringify(stage)}`);
    for (const margin of bare) assert.equal(margin.colours, 1, `${name}: something reaches into the margin`);
  }
  await page.context().close();
}
assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("eight stories in six looks at three sizes");
