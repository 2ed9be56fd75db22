// Addresses that a person can write: ?preset=visitors&defense.kind=mid&defense.beta=0.1&lang=de, with fields as `mid run --set` names
// them. "#s=" wins, what is not understood is dropped with a notice, and ?embed=1 leaves stage and slider and offers the full page.
import assert from "node:assert/strict";
import { blank, close, linkTo, open, problems, serve, settled, state, visitor } from "./tools.mjs";

const address = await serve(), context = await visitor();

{ // ---- a story, a defence and a language ----
  const page = await open(context, address + "?preset=confidence&defense.kind=mid&defense.beta=0.001&lang=de&utm_source=mail");
  const s = await settled(page, s => s.page.story === "confidence");
  assert.equal(s.result.spec.defense.kind, "mid");
  assert.equal(s.result.spec.defense.beta, .001);
  assert.equal(s.page.language, "de");
  assert.equal(s.page.notice, "");
  assert.ok(!s.link.includes("?") && s.link.includes("#s="), s.link);
  // The address holds the complete state now: after a reload it is the same, whatever was changed meanwhile.
  await page.evaluate(() => window.mid.command({ do: "set", fields: { seed: 3 } }));
  await settled(page, s => s.result.spec.seed === 3);
  await page.reload();
  assert.equal((await settled(page, s => s.result.spec.seed === 3)).page.story, "confidence");
  await page.close();
}

{ // ---- the state of a link wins over the query ----
  const page = await open(context, address + "?preset=visitors&seed=7" + linkTo("confidence"));
  assert.equal((await settled(page, s => s.page.story === "confidence")).result.spec.seed, 1);
  await page.close();
}

{ // ---- a preset that is no story, and words that mean nothing ----
  const page = await open(context, address + "?preset=dp-fixed-model");
  assert.equal((await settled(page)).result.spec.data.name, "warfarin");
  await page.close();
  const odd = await open(await visitor(), address + "?preset=nobody&defense.colour=red&lang=xx");
  const s = await settled(odd, s => s.page.notice !== "");
  assert.equal(s.page.story, "visitors");
  assert.ok(s.page.notice.includes("nobody") && s.page.notice.includes("defense.colour"), s.page.notice);
  await odd.context().close();
}

{ // ---- in a frame: stage and slider, and the way to the full page ----
  const around = await serve({ pages: { "/frame.html": "<!doctype html><link rel=icon href='data:,'><iframe src='./?embed=1&preset=confidence' width=900 height=560></iframe>" } });
  const page = await blank(await visitor());
  await page.goto(around + "frame.html");
  const inner = page.frames()[1];
  await inner.waitForFunction(() => window.mid);
  await inner.evaluate("mid.ready");
  await settled(inner, s => s.page.story === "confidence");
  assert.equal((await state(inner)).controls.seed, undefined, "the transport is there");
  const [whole] = await Promise.all([page.context().waitForEvent("page"), inner.getByText("Open the full page").click()]);
  await whole.waitForFunction(() => window.mid);
  await whole.evaluate("mid.ready");
  assert.equal((await settled(whole)).page.story, "confidence");
  assert.ok(!whole.url().includes("embed"), whole.url());
  await page.context().close();
}

assert.deepEqual(problems, [], "the browser's console complains");
await context.close();
await close();
console.log("addresses that a person can write open what they say");
