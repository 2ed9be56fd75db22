// The second of the core's modules cannot be fetched: the first picture comes all the same, and who needs more than it brought gets one
// sentence in the page's language and a button; when the network is back it leads to the page as it should be.
import assert from "node:assert/strict";
import { blank, click, close, open, problems, serve, settled, state, until, visitor } from "./tools.mjs";

const address = await serve(), late = "**/midlab-late-*";
const sentences = { en: /The rest of this page could not be fetched/, de: /Der Rest dieser Seite/, fr: /Le reste de cette page/ };
const sees = page => page.evaluate("document.getElementById('note').hidden ? '' : document.getElementById('note-text').textContent");
async function told(page, language) {
  await page.waitForFunction(() => !document.getElementById('note').hidden);
  assert.match(await sees(page), sentences[language]);
}

for (const [language, locale] of [["en", "en-GB"], ["de", "de-DE"], ["fr", "fr-FR"]]) {
  const context = await visitor(null, { locale, serviceWorkers: "block" });
  await context.route(late, route => route.abort());
  const page = await open(context, address);
  await until(page, s => s.result, "the first picture");
  await told(page, language);   // it is fetched in the background
  await page.locator("#note-close").click();
  assert.equal(await sees(page), "");
  // The page's own instance calls what it does not have, and cannot wait for it.
  await click(page, "advanced");
  await told(page, language);
  if (language === "en") {
    // Still no network: the same sentence again.
    await page.locator("#note-act").click();
    await told(page, language);
  }
  await context.unroute(late);
  await page.evaluate("window.before = true");
  await page.locator("#note-act").click();
  await page.waitForFunction(() => window.mid && !window.before);
  await settled(page);
  assert.equal(await sees(page), "");
  await click(page, "advanced");
  await context.close();
}

{ // ---- the worker needs it ----
  const context = await visitor(() => {
    const Original = Worker;
    window.Worker = function (url) {
      const lacks = `addEventListener("message", e => { if (e.data.command) { e.stopImmediatePropagation(); postMessage({ unfetched: "no network" }); } });`;
      return new Original(URL.createObjectURL(new Blob([window.name ? "" : lacks, `\nimportScripts(${JSON.stringify(url)});`], { type: "text/javascript" })));
    };
  });
  const page = await blank(context);
  await page.goto(address);
  await told(page, "en");
  assert.equal(await page.evaluate("document.getElementById('skeleton').hidden"), true, "the page says that it stopped");
  await page.evaluate("window.name = window.before = 'again'");
  await page.locator("#note-act").click();
  await page.waitForFunction(() => window.mid && !window.before);
  await settled(page);
  await context.close();
}

assert.deepEqual(problems.filter(p => !/Failed to load|ERR_FAILED/.test(p)), [], "the browser's console complains");
await close();
console.log("without the rest of it the page says so, and goes on when it is there");
