// In a room: the presentation by button, keys and link; German; what Share gives.
import assert from "node:assert/strict";
import { away, base64url, click, close, linkTo, open, problems, serve, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();

{ // ---- a presentation, and its letters ----
  const page = await open(await visitor(), address + linkTo("visitors"));
  await settled(page);
  await click(page, "present");
  await until(page, s => s.page.present && Math.abs(s.page.scale - 1.2) < 1e-3, "the presentation's letters");
  await away(page);
  for (const [w, h] of [[1280, 720], [800, 600]]) {
    await page.setViewportSize({ width: w, height: h });
    await until(page, s => Math.abs(s.page.scale - Math.min(w / 800, h / 600)) < 1e-3, "letters of this size");
    await away(page);
    await shot(page, `present-visitors-${w}x${h}`);
  }
  const before = (await state(page)).strength;
  await page.locator("#canvas").focus();
  await page.keyboard.press("PageDown");
  await until(page, s => s.page.strength > before, "the next strength");
  await settled(page);
  await page.keyboard.press("Escape");
  await until(page, s => !s.page.present && s.page.scale === 1, "the page as it was");
  await page.context().close();
}

{ // ---- the same from a link; in German ----
  const page = await open(await visitor(null, { locale: "de-DE" }), address + "#s=" + base64url({ story: "dose", view: { present: true, theme: "contrast" } }), 800, 600);
  const s = await settled(page);
  assert.deepEqual([s.page.present, s.page.language], [true, "de"]);
  assert.equal(await page.evaluate("document.documentElement.lang"), "de");
  assert.match(await page.locator("#spoken").textContent(), /Stärke des Schutzes/);
  await away(page);
  await shot(page, "present-dose-de-800x600");
  await page.keyboard.press("Escape");
  for (const [story, w, h] of [["visitors", 1280, 720], ["face-from-name", 1280, 720], ["confidence", 800, 600]]) {
    await page.setViewportSize({ width: w, height: h });
    await page.evaluate(preset => mid.command({ do: "run", preset }), story);
    await settled(page, x => x.page.story === story);
    await away(page);
    await shot(page, `${story}-de-${w}x${h}`);
  }
  await page.context().close();
}

{ // ---- what Share gives ----
  const page = await open(await visitor(), address + linkTo("face-from-name"));
  const here = await settled(page);
  assert.ok(here.result.privacy.line_up.value > .6, "a name leads to a face");
  await click(page, "share");
  await away(page);
  await shot(page, "share-1280x720");
  const saved = async control => {
    const [file] = await Promise.all([page.waitForEvent("download"), click(page, control)]);
    const parts = [];
    for await (const part of await file.createReadStream()) parts.push(part);
    return [file.suggestedFilename(), Buffer.concat(parts)];
  };
  const [name, png] = await saved("share.picture");
  assert.equal(name, "midlab-face-from-name.png");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.match((await saved("share.chart"))[1].toString(), /<svg[\s\S]*<\/svg>/);
  assert.match((await saved("share.runs"))[1].toString(), /^story,data,model,/);
  assert.deepEqual(JSON.parse((await saved("share.result"))[1]).spec, here.result.spec);
  await page.context().close();
}

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("the page stands in a room and in German");
