// A table of one's own, in Chromium: dropped on the page, three steps, a result; nothing of it leaves the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { away, click, close, drag, drop, open, painted, problems, serve, session, settled, shot, state, until, visitor } from "./tools.mjs";

// Whether somebody smokes tells what they buy, and moves what they pay.
const rows = Array.from({ length: 400 }, (_, i) => {
  const smokes = (i * 7) % 3 === 0, buys = smokes === (i % 10 !== 0);
  return [smokes ? "yes" : "no", 20 + i % 45, ["Rome", "Oslo", "Bern", "Ghent"][(i * 13) % 4], 1000 + 3 * (i % 45) + (smokes ? 400 : 0) + (i * 31) % 50, buys ? "much" : "little", "row " + i];
});
const csv = "smokes,age,town,pay,buys,name\n" + rows.map(r => r.join(",")).join("\n") + "\n";
// A file that cannot be used is named by its sentence, another by the table.
const read = (page, name) => until(page, s => s.page.own.open && !s.page.own.waiting && (s.page.own.failed || s.page.own.file).startsWith(name), `${name} to be read`);

const where = await serve(), context = await visitor();
const page = await open(context, where);
await settled(page);
const requests = [];
const refused = [];
page.on("requestfailed", r => { if (/csp|BLOCKED_BY_(CSP|CLIENT)/i.test(r.failure().errorText)) refused.push(r.url()); else console.log(r.url(), r.failure().errorText); });
page.on("request", r => { if (!r.url().startsWith("blob:")) requests.push(r.url()); });

// A file that cannot be used gets a sentence.
await drop(page, "one.csv", "a\n1\n2\n");
assert.equal((await read(page, "one.csv")).page.own.failed, "one.csv has one column; one to predict and another that is secret are needed");
await drop(page, "sheet.csv", "PK\u0003\u0004\u0000\u0000");
assert.match((await read(page, "sheet.csv")).page.own.failed, /^sheet\.csv is a zip or spreadsheet file/);

// Three steps.
await drop(page, "smokers.csv", csv);
const { page: { own } } = await read(page, "smokers.csv");
assert.equal(own.failed, "");
assert.deepEqual(own.table.columns.map(c => c.target), ["classes", "number", "classes", "number", "classes", ""]);
await away(page);
await painted(page, "own-1-1280x720", [[44, 200, 850, 200]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);
await click(page, "own.column.4");
await click(page, "own.column.0");
await away(page);
await shot(page, "own-3-1280x720");
await page.setViewportSize({ width: 800, height: 600 });
await away(page);
await shot(page, "own-3-800x600");
await page.setViewportSize({ width: 1280, height: 720 });
await away(page);
await click(page, "own.go");
const tree = await settled(page, s => s.page.story === "own-tree");
assert.equal(tree.page.error, "");
assert.equal(tree.result.spec.data.target, "buys");
assert.equal(tree.result.privacy.attack_accuracy.n, 100);
assert.ok(tree.result.privacy.attack_accuracy.value > .8, "buying much tells who smokes");
assert.deepEqual(tree.result.spec.data.drop, ["name"]);
await drag(page, 0, 4, 8);
await settled(page, s => s.page.strength === .05);
await away(page);
await shot(page, "own-tree-1280x720");

// The tree as a file.
await click(page, "tree.save");
const [saved] = await Promise.all([page.waitForEvent("download"), click(page, "tree.save.0")]);
assert.equal(saved.suggestedFilename(), "tree.svg");
assert.match(readFileSync(await saved.path(), "utf8"), /^<svg xmlns=.*<\/svg>\n$/s);
const [dot] = await Promise.all([page.waitForEvent("download"), page.evaluate(() => window.mid.command({ do: "export", format: "dot" }))]);
assert.match(readFileSync(await dot.path(), "utf8"), /^digraph tree \{/);

// A number, by the data menu and the plain form's way in.
await page.evaluate(() => window.mid.command({ do: "own", target: "pay", secret: "smokes" }));
const number = await settled(page, s => s.page.story === "own-number");
assert.ok(number.result.privacy.attack_accuracy.value > .9, "exact pay tells who smokes");
await drag(page, 0, 4, 7);
const noisy = await settled(page, s => s.page.strength === 1);
assert.ok(noisy.result.privacy.attack_accuracy.value < number.result.privacy.attack_accuracy.value, "noise hides it");
await away(page);
await painted(page, "own-number-1280x720", [[80, 220, 380, 220], [540, 280, 340, 140], [44, 625, 850, 70]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);
const link = (await session(page)).link;
await click(page, "share");
await click(page, "share.link");
assert.match((await state(page)).notice, /not your table: whoever opens it needs the file smokers\.csv/);
// Before the table is read the page fetches what its own stories and other languages may still want, and then can reach nobody at all.
assert.ok(requests.every(url => /\/data\/(adult|warfarin-simsl|affairs|steak|diabetes|mnist10k|digits8x8)\/[\w.-]+$|\/midlab-(de|fr)-[0-9a-f]{12}\.json$/.test(url)), `something of it left the page: ${requests}`);
await page.evaluate(() => window.mid.command({ do: "language", to: "de" }));
await settled(page, s => s.page.language === "de");
await page.evaluate(() => window.mid.command({ do: "language", to: "en" }));
await settled(page, s => s.page.language === "en");
const before = requests.length;
for (const reach of ["fetch('index.html')", "new Promise((ok, no) => { const i = new Image(); i.onload = ok, i.onerror = no; i.src = location.href; })",
                     "new Promise((ok, no) => { const x = new XMLHttpRequest(); x.open('GET', 'index.html'); x.onload = ok, x.onerror = no; x.send(); })"])
  assert.equal(await page.evaluate(`${reach}.then(() => "reached", () => "refused")`), "refused", `${reach} reached somebody`);
await page.evaluate("void navigator.sendBeacon('index.html', 'x')");   // it says yes to whatever it is asked
await page.waitForTimeout(300);
const out = requests.slice(before).filter(url => !refused.includes(url));   // the browser tells of what its policy refused, too
assert.deepEqual(out, [], "a request went out");
problems.splice(0, problems.length, ...problems.filter(p => !/Content Security Policy|Content-Security-Policy/.test(p)));   // those just provoked
await page.close();

// Opened elsewhere, the link asks for the file; with it the same run comes back.
const other = await open(await visitor(), link);
assert.equal((await until(other, s => s.page.own.open, "the question for the file")).page.own.file, "smokers.csv");
await drop(other, "smokers.csv", csv);
await until(other, s => s.page.own.step === 2, "the third step");
await click(other, "own.go");
const again = await settled(other, s => s.page.story === "own-number");
assert.deepEqual(again.result.spec, noisy.result.spec);
assert.deepEqual(again.result.privacy, noisy.result.privacy);

// The same in plain controls.
await other.focus("#skip");
await other.keyboard.press("Enter");
await other.setInputFiles("[id='form.own']", { name: "more.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
await other.waitForFunction(() => document.getElementById("form.own.target").offsetParent !== null && document.getElementById("form.own.secret").options.length === 6);
await other.selectOption("[id='form.own.target']", "buys");
await other.selectOption("[id='form.own.secret']", "town");
await other.getByRole("button", { name: "Train and attack", exact: true }).click();
const form = await settled(other, s => s.page.story === "own-tree");
assert.equal(form.result.spec.data.sensitive, "town");
await other.close();

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("a table of one's own tells its story");
