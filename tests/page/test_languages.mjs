// The page in French: the browser's language is taken, every story is told in it at two sizes, the globe and the plain controls list
// the languages and say which no native speaker has read, and a new visit keeps what was chosen. Texts are fetched when somebody
// wants to read them; until then the page goes on in the language before.
import assert from "node:assert/strict";
import { click, close, linkTo, open, problems, quiet, serve, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();
const french = await open(await visitor(null, { locale: "fr-FR" }), address);
await settled(french);
assert.equal((await state(french)).language, "fr");
assert.equal(await french.evaluate("document.documentElement.lang"), "fr");
for (const story of ["visitors", "confidence", "which-seven", "face-from-name", "survey-tree", "dose", "private-training", "numbers-inside"]) {
  await french.evaluate(preset => mid.command({ do: "run", preset }), story);
  await until(french, s => s.page.story === story && !s.page.busy && !s.page.stale, story);
  for (const [width, height] of [[1280, 720], [800, 600]]) {
    await french.setViewportSize({ width, height });
    await quiet(french);
    await shot(french, `fr-${story}-${width}x${height}`);
  }
}
assert.match(await french.evaluate("document.getElementById('spoken').textContent"), /Force de la défense/);

// A sentence of the core's.
await french.evaluate(() => mid.command({ do: "set", fields: { "attack.repeats": 0 } }));
await until(french, s => s.page.notice.startsWith("attack.repeats doit être compris entre 1 et "), "a refusal in French");

// The globe's list.
await french.setViewportSize({ width: 1280, height: 720 });
await quiet(french);
await click(french, "language");
await quiet(french);
await shot(french, "fr-languages-1280x720");
await click(french, "language.1");
await until(french, s => s.page.language === "de", "German is chosen");
await french.waitForFunction(() => document.documentElement.lang === "de");

// The plain controls.
await french.evaluate("document.getElementById('skip').click()");
const choice = french.locator("[id='form.language']");
await choice.waitFor();
assert.deepEqual(await choice.locator("option").allTextContents(), ["English", "Deutsch", "Français (non relu par un locuteur natif)"]);
await choice.selectOption("fr");
await until(french, s => s.page.language === "fr", "French is chosen");
await french.getByRole("heading", { name: "midlab en commandes simples" }).waitFor();
assert.equal(await choice.inputValue(), "fr");
await shot(french, "fr-form-1280x720");

// A new visit, and a link. The choice is kept a moment after it was made.
await french.waitForFunction(() => {
  const link = (JSON.parse(localStorage.getItem("midlab")) ?? {}).link ?? "";
  return link && JSON.parse(atob(link.replaceAll("-", "+").replaceAll("_", "/"))).view?.language === "fr";
});
await french.reload();
await french.evaluate("window.mid.ready");
assert.equal((await state(french)).language, "fr");
await french.context().close();
const readers = await visitor(), wanted = [];
// The service worker keeps them for later, whoever reads.
readers.on("request", request => { if (request.serviceWorker()) return; const [, code] = request.url().match(/midlab-([a-z]+)-[0-9a-f]+\.json$/) ?? []; if (code) wanted.push(code); });
await readers.route(/midlab-de-/, route => route.request().serviceWorker() ? route.continue() : route.abort());
const english = await open(readers, address + linkTo("dose"));
await settled(english);
assert.equal((await state(english)).language, "en");
assert.deepEqual(wanted, [], "who reads English fetches no other texts");

// Without a network the page goes on as it was, and says so; with one the click beside the sentence is enough.
const note = english.locator("#note-text");
await english.evaluate(() => mid.command({ do: "language", to: "fr" }));
await until(english, s => s.page.language === "fr", "French is there");
await english.evaluate(() => mid.command({ do: "language", to: "de" }));
await note.filter({ hasText: "Les textes en Deutsch" }).waitFor();
assert.equal((await state(english)).language, "fr");
await readers.unroute(/midlab-de-/);
await english.locator("#note-act").click();
await until(english, s => s.page.language === "de", "German is there at the second try");
await note.waitFor({ state: "hidden" });
assert.deepEqual(wanted, ["fr", "de", "de"]);
problems.splice(0, problems.length, ...problems.filter(p => !/ERR_FAILED/.test(p)));   // of the fetch that was cut off

// A link in a language of its own brings the texts along, and so does the page in one file.
await english.goto("about:blank");
await english.goto(address + "?preset=dose&lang=fr");
await english.evaluate("window.mid.ready");
assert.equal((await state(english)).language, "fr");
await readers.close();
const single = await open(await visitor(null, { locale: "de-DE" }), address + "midlab.html");
assert.equal((await state(single)).language, "de");
await single.context().close();
assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("French, at two sizes, from the browser, the globe, the plain controls and a new visit");
