// A model of one's own beside a table of one's own, in Chromium: recognised, refused, attacked as it is; nothing of it leaves the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { away, click, close, drag, drop, open, painted, problems, serve, session, settled, shot, state, until, visitor } from "./tools.mjs";

const golden = name => readFileSync(path.join(process.env.MIDLAB_SOURCE, "tests/golden", name));
const onnx = golden("own/smokers.onnx"), tensors = golden("own/smokers.safetensors"), other = golden("onnx/mlp_opset9.onnx");

// Whether somebody smokes tells what they buy.
const rows = Array.from({ length: 400 }, (_, i) => {
  const smokes = (i * 7) % 3 === 0, buys = smokes === (i % 10 !== 0);
  return [smokes ? "yes" : "no", 20 + i % 45, ["Rome", "Oslo", "Bern", "Ghent"][(i * 13) % 4], 1000 + 3 * (i % 45) + (i * 31) % 50, buys ? "much" : "little", "row " + i];
});
const csv = "smokes,age,town,pay,buys,name\n" + rows.map(r => r.join(",")).join("\n") + "\n";
const brought = async (page, name, bytes, wish) => {
  await drop(page, name, bytes);
  return (await until(page, s => s.page.own.model.file === name && !s.page.own.model.waiting && (s.page.own.model.failed || s.page.own.model.found.length) && wish(s.page.own.model), `${name} to be read`)).page.own;
};
const everySize = async (page, name) => {
  for (const [w, h] of [[800, 600], [390, 780], [1280, 720]]) {
    await page.setViewportSize({ width: w, height: h });
    await away(page);
    await shot(page, `own-model-${name}-${w}x${h}`);
  }
};

const where = await serve(), page = await open(await visitor(), where);
await settled(page);
await drop(page, "smokers.csv", csv);
await until(page, s => s.page.own.table, "the table");
await click(page, "own.column.4");
await click(page, "own.column.0");
const requests = [];
page.on("request", r => { if (!r.url().startsWith("blob:")) requests.push(r.url()); });

// What cannot be used says why, and nothing that was chosen is lost.
for (const [name, bytes, sentence] of [
  ["page.onnx", "<!doctype html><title>Sign in</title>", /^page\.onnx is a web page, and read are ONNX/],
  ["other.onnx", other, /"other\.onnx" takes 5 inputs and the records of the table have 7 \(smokes=yes, age, town=Bern/],
  ["cut.onnx", onnx.subarray(0, onnx.length - 40), /^cut\.onnx is not an ONNX file, or it is cut/],
  ["cut.safetensors", tensors.subarray(0, tensors.length - 40), /cut\.safetensors/]]) {
  const own = await brought(page, name, bytes, m => m.failed);
  assert.match(own.model.failed, sentence);
  assert.deepEqual([own.step, own.target, own.secret], [2, "buys", "smokes"]);
}
await brought(page, "other.onnx", other, m => m.failed);
await everySize(page, "refused");

// What was recognised is told; both formats give the same attack.
let own = await brought(page, "smokers.onnx", onnx, m => m.found.length);
assert.equal(own.model.failed, "");
assert.deepEqual(own.model.attacks, ["likelihood_inference", "learned_inference"]);
for (const part of [/a network of 7 inputs, hidden layers of 4 units \(relu\) and 2 classes/, /names no columns.*: smokes=yes, age/, /names no classes.*: little, much/, /confidences, by Softmax/])
  assert.ok(own.model.found.some(f => part.test(f)), `${part} in ${own.model.found}`);
await everySize(page, "recognised");
await click(page, "own.go");
const first = await settled(page, s => s.page.story === "own-network");
assert.equal(first.page.error, "");
assert.equal(first.result.spec.model.kind, "network");
assert.ok(first.result.utility.accuracy.value > .8, "the model is right where smoking tells what is bought");
assert.ok(first.result.privacy.attack_accuracy.value > .9, "its answer tells who smokes");
await everySize(page, "result");
await painted(page, "own-model-1280x720", [[44, 200, 850, 200]], [[0, 60, 16, 660], [1262, 60, 18, 660]]);

// The slider has releases alone.
assert.equal(first.page.defence, "release.noise");
assert.deepEqual(Object.keys(first.page.controls).filter(id => /^defence\.(own|defense)/.test(id)), []);
await drag(page, 0, 4, 5);
const noisy = await settled(page, s => s.page.strength > 0);
assert.equal(noisy.result.spec.defense.kind, "none");
assert.equal(noisy.result.spec.release.kind, "noise");
assert.ok(noisy.result.privacy.attack_accuracy.value < first.result.privacy.attack_accuracy.value, "noise on the answers hides it");
assert.equal(requests.filter(url => !/\/data\//.test(url)).length, 0, `something left the page: ${requests}`);

await page.evaluate(bytes => window.mid.openTable(new File([new Uint8Array(bytes)], "smokers.safetensors")), [...tensors]);
own = (await until(page, s => s.page.own.model.file === "smokers.safetensors" && s.page.own.model.found.length, "the tensors")).page.own;
assert.ok(own.model.found.some(f => /found in the table by their names/.test(f)) && own.model.found.some(f => /no activation, so relu was assumed/.test(f)), own.model.found);
await page.evaluate(() => window.mid.command({ do: "own", target: "buys", secret: "smokes", attack: "learned_inference" }));
const learned = await settled(page, s => s.result.spec.attack.kind === "learned_inference" && s.page.spec.attack.kind === "learned_inference");
assert.ok(learned.result.privacy.attack_accuracy.value > .9, JSON.stringify([learned.result.spec, learned.result.privacy.attack_accuracy]));
await page.evaluate(() => window.mid.command({ do: "own", target: "buys", secret: "smokes", attack: "likelihood_inference" }));
const again = await settled(page, s => s.result.spec.attack.kind === "likelihood_inference" && s.page.spec.attack.kind === "likelihood_inference");
assert.deepEqual(again.result.privacy.attack_accuracy, first.result.privacy.attack_accuracy);

// After a reload table and model are asked for, and bring the run back. The address is brought up to date a little after the run.
await page.waitForFunction(() => {
  const link = location.hash.slice(3).replaceAll("-", "+").replaceAll("_", "/");
  return link && !atob(link).includes("learned_inference");
});
await page.reload();
await page.evaluate("window.mid.ready");
const asked = await until(page, s => s.page.own.open, "the question for the files");
assert.deepEqual([asked.page.own.file, asked.page.own.model.file, asked.page.own.model.here], ["smokers.csv", "smokers.safetensors", false]);
await drop(page, "smokers.safetensors", tensors);
await drop(page, "smokers.csv", csv);
await until(page, s => s.page.own.step === 2 && s.page.own.model.found.length, "the model to be recognised");
await click(page, "own.go");
const back = await settled(page, s => s.page.story === "own-network");
assert.deepEqual(back.result.spec, again.result.spec);
assert.deepEqual(back.result.privacy, again.result.privacy);

// The same in plain controls.
await page.focus("#skip");
await page.keyboard.press("Enter");
const file = (name, bytes) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
await page.setInputFiles("[id='form.own']", file("more.csv", csv));
await page.waitForFunction(() => document.getElementById("form.own.secret").options.length === 6);
await page.selectOption("[id='form.own.target']", "buys");
await page.selectOption("[id='form.own.secret']", "smokes");
await page.setInputFiles("[id='form.own.model']", file("page.onnx", "<html>"));
await page.getByRole("alert").filter({ hasText: "page.onnx is a web page" }).waitFor();
await page.setInputFiles("[id='form.own.model']", file("smokers.onnx", onnx));
await page.locator("[id='form.own.found'] li").first().waitFor();
await page.selectOption("[id='form.own.attack']", "likelihood_inference");
await page.getByRole("button", { name: "Attack my model", exact: true }).click();
const form = await settled(page, s => s.page.spec.model.file?.endsWith("smokers.onnx"));
assert.deepEqual(form.result.privacy.attack_accuracy, first.result.privacy.attack_accuracy);
await page.close();

// By touch on a phone: two files at once.
const phone = await open(await visitor(undefined, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 780 } }), where, 390, 780);
await settled(phone);
await drop(phone, "smokers.csv", csv);
await until(phone, s => s.page.own.table, "the table");
await phone.evaluate(() => window.mid.command({ do: "own", target: "buys", secret: "smokes", look: true }));
await brought(phone, "smokers.onnx", onnx, m => m.found.length);
await away(phone);
const { controls } = await state(phone);
const [x, y, w, h] = controls["own.go"];
assert.ok(h >= 40, "large enough for a finger");
await phone.touchscreen.tap(x + w / 2, y + h / 2);
await settled(phone, s => s.page.story === "own-network");
await phone.close();

assert.deepEqual(problems, [], "the browser's console complains");
await close();
console.log("a model of one's own is attacked on a table of one's own");
