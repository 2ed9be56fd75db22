// The stories of the tree and of the dose, in Chromium: from a server, where the patients are a file beside the page, and as
// one file from the disk, which cannot carry them and tells the story of made-up ones.
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { away, click, close, drag, linkTo, open, painted, place, problems, quiet, serve, settled, site, visitor } from "./tools.mjs";

const named = s => s.result.privacy.attack_accuracy.value;
const margins = [[0, 60, 16, 660], [1262, 60, 18, 660]];

const context = await visitor();
let page = await open(context, await serve());
await settled(page);
await click(page, "track.dose");
const exact = await settled(page, s => s.page.story === "dose");
assert.equal(exact.result.spec.data.name, "warfarin");
assert.ok(named(exact) > .98, `exact doses name ${named(exact)} of the genes`);
await drag(page, 0, 3, 7);
const noisy = await settled(page, s => s.page.strength === .3);
assert.equal(noisy.result.spec.defense.noise, 1);
assert.ok(named(noisy) < .7 && noisy.result.information.taylor2.value > .1, `with noise: ${named(noisy)}`);
await away(page);
await painted(page, "dose-0.3-1280x720", [[80, 220, 380, 220], [540, 280, 340, 140], [44, 625, 850, 70]], margins);

await page.evaluate(() => window.mid.command({ do: "run", preset: "survey-tree" }));
const tree = await settled(page, s => s.page.story === "survey-tree");
assert.ok(tree.result.information.leaves.value > 50 && named(tree) > .65);
await drag(page, 0, 3, 8);
const small = await settled(page, s => s.page.strength === .02);
await quiet(page);   // the frame in which the thumb is let go of has been drawn: until then it sets the strength
assert.ok(small.result.information.leaf_information.value < tree.result.information.leaf_information.value / 2, "MID cut what the leaf tells");
assert.ok(named(small) > .65, "and the attacker does not notice");
await page.evaluate(() => window.mid.command({ do: "set", fields: { "defense.kind": "mid_targeted", "defense.lambda": .4 } }));
const targeted = await settled(page, s => s.page.spec.defense.kind === "mid_targeted");
assert.ok(named(targeted) < .6, "targeted MID stops it");
await away(page);
await painted(page, "survey-tree-targeted-1280x720", [[44, 200, 850, 240], [44, 625, 850, 70]], margins);
await place(page, "price");
await page.close();

page = await open(await visitor(), pathToFileURL(path.join(site, "midlab.html")).href + linkTo("dose"));
const made = await settled(page, s => s.page.story === "dose");
assert.equal(made.result.spec.data.name, "synthetic-dose");
assert.ok(named(made) > .98);
await page.close();

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("the tree and the dose tell their stories");
