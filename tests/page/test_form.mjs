// The plain controls: a whole story by keyboard alone, every control named and in order, refused values and broken runs said,
// progress not too often.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { blank, close, linkTo, open, problems, serve, session, settled, shot, state, until, visitor } from "./tools.mjs";

const address = await serve();
const page = await open(await visitor(), address + linkTo("confidence"));
const press = key => page.keyboard.press(key);
const focused = () => page.evaluate("document.activeElement.id || document.activeElement.textContent");
const scrolls = () => page.evaluate("document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth");
// Tab until that element has the focus.
async function tabTo(locator, key = "Tab") {
  const wanted = await locator.elementHandle();
  for (let i = 0; i < 400; ++i) {
    if (await wanted.evaluate(e => e === document.activeElement)) return;
    await press(key);
  }
  assert.fail(`Tab does not lead to ${locator}`);
}
async function enter(locator, text) {
  await tabTo(locator);
  await press("Control+A");
  await page.keyboard.type(text);
  await press("Tab");
}
// Arrows, until the list stands at `value`.
async function pick(locator, value) {
  await tabTo(locator);
  await press("Home");
  for (let i = 0; i < 40 && await locator.inputValue() !== value; ++i) await press("ArrowDown");
  assert.equal(await locator.inputValue(), value);
}

// ---- the way in: first in the tab order; until then there is nothing to scroll to ----

await settled(page);
assert.equal(await scrolls(), false, "the canvas page has a scroll bar");
assert.equal(await page.getByRole("main").isVisible(), false);
await press("Tab");
assert.equal(await focused(), "skip");
assert.ok((await page.getByRole("link", { name: "Use plain controls" }).boundingBox()).y >= 0, "the link stays hidden when it has the focus");
await press("Enter");
await page.getByRole("heading", { name: "midlab in plain controls" }).waitFor();
assert.match(await focused(), /plain controls/);
assert.equal((await session(page)).page.story, "confidence", "the link's own address changed the state");

// ---- names and order ----

const all = await page.evaluate(() => [...document.querySelectorAll("#form :is(a, button, input, select, textarea, summary, [tabindex='0'])")].filter(e => e.checkVisibility()).map((e, i) => {
  e.dataset.order = i;
  const described = (e.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  return { id: e.id, name: e.getAttribute("aria-label") || [...e.labels ?? []].map(l => l.textContent).join() || (["A", "BUTTON"].includes(e.tagName) ? e.textContent : ""),
           lost: described.filter(id => !document.getElementById(id)) };
}));
assert.ok(all.length > 35, `${all.length} controls`);
for (const { id, name, lost } of all) assert.ok(name.trim() && lost.length === 0, `a control without a name, or described by nothing: ${id}, ${lost}`);
const order = [];
for (let i = 0; i < all.length; ++i) {
  await press("Tab");
  order.push(await page.evaluate("+document.activeElement.dataset.order"));
}
assert.deepEqual(order, all.map((_, i) => i), "Tab does not go through the form from top to bottom");
await page.evaluate("document.querySelector('#form h1').focus()");

// ---- a story by keyboard alone ----

const story = page.getByLabel("Story"), runs = page.getByRole("region", { name: "Runs" });
const group = name => page.getByRole("group", { name, exact: true });
const attacker = page.getByRole("table", { name: "What the attacker learns" });
await pick(story, "visitors");
const visitors = await settled(page, s => s.page.story === "visitors");
const told = s => +(100 * s.result.privacy.line_up.value).toFixed(1) + "\u00A0%";
await attacker.getByRole("row", { name: "Found in a line-up" }).getByRole("cell", { name: told(visitors) }).first().waitFor();
await pick(story, "confidence");
await settled(page, s => s.page.story === "confidence");
await pick(page.getByLabel("Defence: which"), "mid");
const beta = group("Defence").getByLabel("Beta");
await beta.waitFor();
await enter(beta, "0.03");
const strong = await settled(page, s => s.page.strength === .03);
assert.equal(strong.result.spec.defense.beta, .03);
await page.getByRole("main").getByText("Defence strength 0.03").waitFor();

// Another run is brought back, and the focus stays where it was.
const before = page.getByRole("button", { name: /^Show, Run \d+: Census incomes, Network, No defence, Seed 1$/ });
await tabTo(before, "Shift+Tab");
const id = await focused();
await press("Enter");
await settled(page, s => s.page.strength === 0);
await page.getByRole("button", { name: /^Shown, Run \d+: Census incomes, Network, No defence, Seed 1$/ }).waitFor();
assert.equal(await focused(), id);
await page.getByRole("button", { name: "Undo", disabled: false }).waitFor();
await tabTo(page.getByRole("button", { name: "Undo" }), "Shift+Tab");
await press("Enter");
await settled(page, s => s.page.strength === .03);
await until(page, s => s.page.redo > 0, "a step forward");
await page.getByRole("button", { name: "Redo", disabled: false }).waitFor();   // the form follows the news at its own pace
await tabTo(page.getByRole("button", { name: "Redo" }));
await press("Enter");
await settled(page, s => s.page.strength === 0);

// ---- what is refused is said beside the field, and read out ----

const rate = group("Training").getByLabel("Learning rate");
for (const wrong of ["much", "1000", ""]) {
  await enter(rate, wrong);
  await page.waitForFunction(() => document.getElementById("form.train.learning_rate").getAttribute("aria-invalid") === "true");
  assert.match(await group("Training").getByRole("alert").filter({ hasText: "learning_rate" }).textContent(), /train\.learning_rate must/);
  await tabTo(rate, "Shift+Tab");
}
await shot(page, "form-refused-1280x720");
await enter(rate, "0.004");
await settled(page, s => s.page.spec.train.learning_rate === .004);
await page.waitForFunction(() => !document.getElementById("form.train.learning_rate").hasAttribute("aria-invalid"));
await group("Training").getByRole("alert").filter({ hasText: "learning_rate" }).waitFor({ state: "detached" });
// Backwards: the way forward leads through the canvas, which takes a Tab a frame and not every one that is pressed.
await tabTo(group("Model").getByLabel("Hidden"), "Shift+Tab");
await enter(group("Model").getByLabel("Hidden"), "24, 16");
assert.deepEqual((await settled(page, s => s.page.spec.model.hidden.length === 2)).page.spec.model.hidden, [24, 16]);
await tabTo(page.getByRole("textbox", { name: "Seed" }), "Shift+Tab");
await enter(page.getByRole("textbox", { name: "Seed" }), "5");
await settled(page, s => s.page.seed === 5 && s.result.spec.seed === 5);

// ---- the rest of the chart, in the background ----

await page.getByRole("button", { name: /^Run every strength of every defence/ }).focus();
await press("Enter");
await until(page, s => s.page.filling, "the chart to be filled");
await page.getByRole("button", { name: /^\d+ to go: Stop$/ }).waitFor();
await press("Enter");
await until(page, s => !s.page.filling && !s.page.helped, "the end of the filling");
await settled(page);

// ---- a long run: pause, go on, one round, stop; progress is told every four seconds at most ----

await page.evaluate(() => {
  window.told = [];
  new MutationObserver(() => window.told.push([performance.now(), document.getElementById("form-status").textContent])).observe(document.getElementById("form-status"), { childList: true });
});
const epochs = group("Training").getByLabel("Epochs");
await enter(epochs, "9000");
await until(page, s => s.page.busy && s.progress?.stage === "training" && s.progress.done > 1, "training");
await page.waitForFunction(() => window.told.filter(([, text]) => text.startsWith("Training")).length >= 2, null, { timeout: 60000 });
const times = (await page.evaluate("told")).filter(([, text]) => text.startsWith("Training")).map(([t]) => t);
assert.ok(times.every((t, i) => i === 0 || t - times[i - 1] > 3900), `told too often: ${times}`);
const button = name => page.getByRole("button", { name, exact: true });
await tabTo(button("Pause"), "Shift+Tab");
await press("Enter");
await until(page, s => s.page.paused && s.state === "paused", "a pause");
await page.getByRole("status").filter({ hasText: /^Paused: round \d+ of 9000/ }).waitFor();
const at = (await session(page)).progress.done;
await tabTo(button("One round"));
await press("Enter");
await until(page, s => s.state === "paused" && s.progress.done > at, "one round");
await tabTo(button("Go on"), "Shift+Tab");
await press("Enter");
await until(page, s => s.state === "running" && s.progress.done > at + 2, "going on");
await tabTo(button("Stop"));
await press("Enter");
const stopped = await settled(page);
assert.notEqual(stopped.page.spec.train.epochs, 9000);
await page.waitForFunction(() => document.getElementById("form.train.epochs").value !== "9000");
await page.getByRole("button", { name: "Stop", exact: true, disabled: true }).waitFor();

// ---- a run that breaks ----

await page.evaluate(spec => window.mid.command({ do: "run", spec }), { ...stopped.page.spec, defense: { kind: "mid", beta: .003 },
  train: { ...stopped.page.spec.train, learning_rate: 10, optimizer: "sgd", momentum: .99, epochs: 60 } });
await page.getByRole("alert").filter({ hasText: "This run did not work: training stopped being a number" }).waitFor();
await tabTo(button("Back to the last good run"));
await press("Enter");
await settled(page, s => !s.page.error);
await button("Back to the last good run").waitFor({ state: "detached" });
await runs.filter({ hasText: "training stopped being a number" }).waitFor();
// The list says it in the page's language, too.
const speak = to => page.getByLabel(/^(Language|Langue)$/).selectOption(to);
await speak("fr");
await page.getByRole("region", { name: "Essais" }).filter({ hasText: "l’entraînement a cessé d’être un nombre" }).waitFor();
assert.equal(await page.getByRole("main").getByText("stopped being a number").count(), 0);
await speak("en");
await runs.filter({ hasText: "training stopped being a number" }).waitFor();

// It goes by what can be compared, there by the stops of each defence, whenever they ended.
for (const beta of [.1, .003]) {
  await page.evaluate(beta => mid.command({ do: "set", fields: { "defense.kind": "mid", "defense.beta": beta } }), beta);
  await settled(page, s => s.page.strength === beta);
}
const { saved, page: { run_order: listed, spec } } = await session(page);
const strengths = listed.map(i => saved.runs[i].spec).filter(s => s.defense.kind === "mid" && JSON.stringify([s.train, s.model, s.seed]) === JSON.stringify([spec.train, spec.model, spec.seed])).map(s => s.defense.beta);
assert.ok(strengths.includes(.003) && strengths.includes(.1), `${strengths}`);
assert.deepEqual(strengths, strengths.toSorted((a, b) => a - b));
await page.waitForFunction(listed => JSON.stringify([...document.querySelectorAll("#form tr:has(button[id^='form.run.']) th")].map(e => +e.textContent - 1)) === JSON.stringify(listed), listed);

// ---- the link, and the way back ----

const link = page.getByLabel("A link to exactly this state");
await page.waitForFunction(() => location.hash.length > 3 && document.getElementById("form.link").value === location.href);
assert.match(await link.inputValue(), /#s=[\w-]+$/);
await tabTo(button("Back to the pictures"), "Shift+Tab");
await press("Enter");
assert.equal(await focused(), "skip");
assert.equal(await scrolls(), false);
await page.context().close();

// ---- what a screen reader's user would miss (axe-core), in every language ----

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const heard = await open(await visitor(null, { bypassCSP: true }), address + linkTo("confidence"));   // axe is a script from outside
await settled(heard);
await heard.evaluate(axe);
for (const [language, head] of [["en", "midlab in plain controls"], ["de", "midlab zum einfachen Bedienen"], ["fr", "midlab en commandes simples"]]) {
  await heard.evaluate(to => mid.command({ do: "language", to }), language);
  await until(heard, s => s.page.language === language, language);
  await heard.waitForFunction(to => document.documentElement.lang === to, language);
  for (const plain of [false, true]) {
    if (plain) {
      await heard.evaluate("document.getElementById('skip').click()");
      await heard.getByRole("heading", { name: head }).waitFor();
    }
    const { violations, passes } = await heard.evaluate(() => axe.run());
    assert.ok(passes.length > 5, "axe looked at nothing");
    assert.deepEqual(violations.filter(v => ["serious", "critical"].includes(v.impact)).map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target).join(" ")}`), []);
    if (plain) {
      await shot(heard, `form-${language}-1280x720`);
      await heard.locator("#form button").first().click();
    }
  }
}
await heard.context().close();

// ---- a phone, dark ----

const phone = await open(await visitor(null, { colorScheme: "dark" }), address + linkTo("confidence"), 390, 844);
await settled(phone);
await phone.keyboard.press("Tab");
await phone.keyboard.press("Enter");
await phone.getByRole("table", { name: "What the model can do" }).waitFor();
await shot(phone, "form-dark-390x844");
assert.ok(await phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the form is wider than a phone");
const small = await phone.evaluate(() => [...document.querySelectorAll("#form :is(button, select, input:not([type=checkbox]))")].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).length);
assert.equal(small, 0, "controls too small for a finger");

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("the plain controls tell a story by keyboard alone");
