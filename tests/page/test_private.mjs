// Private training, in Chromium: members and strangers side by side, every gene named at any budget, and what it does hide; by the
// slider, in the plain controls, and as one file from the disk with made-up patients.
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { away, close, drag, linkTo, open, painted, problems, serve, settled, site, visitor } from "./tools.mjs";

const named = s => s.result.privacy.attack_accuracy.value;
const together = s => s.page.story === "private-training" && s.page.members.length === 2;
const page = await open(await visitor(), await serve() + linkTo("private-training"));
const off = await settled(page, together);
assert.equal(off.result.spec.data.name, "warfarin");
assert.equal(off.result.spec.data.private, 24);
assert.match(off.page.members[0], /told apart/);
assert.ok(named(off) > .98, `exact doses name ${named(off)} of the genes`);
assert.match(off.page.members[0], /a coin 50 %/);
await drag(page, 0, 5, 6);
const strict = await settled(page, s => together(s) && s.page.strength === 1);
assert.equal(strict.result.spec.defense.kind, "functional_mechanism");
assert.ok(named(strict) > .98, `ε = 1 names ${named(strict)} of the genes`);
assert.match(strict.page.members[0], /hidden/);
assert.match(strict.page.members[1], /100/);
for (const [width, height] of [[800, 600], [390, 844], [1280, 720]]) {
  await page.setViewportSize({ width, height });
  await settled(page, together);
  await away(page);
  await painted(page, `private-training-1-${width}x${height}`, [[40, 150, width - 80, height / 3]], []);
}
await page.evaluate("document.getElementById('skip').click()");
await page.locator('#form').getByText(strict.page.members[0]).waitFor();
await page.close();

const file = await open(await visitor(), pathToFileURL(path.join(site, "midlab.html")).href + linkTo("private-training"));
const made = await settled(file, together);
assert.equal(made.result.spec.data.name, "synthetic-dose");
assert.ok(named(made) > .98);
await file.close();

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("private training hides who was there and no gene");
