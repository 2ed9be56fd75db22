// What the page says before and beside its core, which has all other texts (core/teach/texts). pack_page.py puts in what this needs
// of each language; the language is the visitor's last choice, or the browser's, and later the page's own.
const languages = @languages@;   // code: { name, unreviewed (a sentence, or none), texts: { "start.…": "…" } }
// A text in the page's language, with values in the place of {1} and {2}.
const said = (key, ...values) => values.reduce((t, v, i) => t.replace(`{${i + 1}}`, v), languages[document.documentElement.lang].texts["start." + key]);

// What the last visit spoke: {"link": "..."} holds the state as base64url of JSON.
function keptLanguage() {
  const { link } = JSON.parse(localStorage.getItem("midlab")) ?? {};
  return link && JSON.parse(atob(link.replaceAll("-", "+").replaceAll("_", "/"))).view?.language;
}

// The texts that stand in index.html.
function translatePage() {
  document.getElementById("canvas").ariaLabel = said("canvas");
  document.getElementById("note-copy").ariaLabel = said("link");
  for (const [id, key] of [["skip", "skip"], ["note-close", "close"], ["say", "loading"], ["why", "why"], ["whole", "whole"]]) document.getElementById(id).textContent = said(key);
}
{
  let chosen = navigator.language.split("-")[0];
  try { chosen = keptLanguage() ?? chosen; } catch { /* refused, or nothing was kept */ }
  document.documentElement.lang = Object.hasOwn(languages, chosen) ? chosen : "en";
  translatePage();
}
