// What the page says before and beside its core, which has all other texts (core/teach/texts). pack_page.py puts in what this needs
// of each language; the language is the visitor's last choice, or the browser's, and later the page's own.
const languages = @languages@;   // code: { name, unreviewed (a sentence, or none), texts: { "start.…": "…" } }
// A text in the page's language, with values in the place of {1} and {2}.
const said = (key, ...values) => values.reduce((t, v, i) => t.replace(`{${i + 1}}`, v), languages[document.documentElement.lang].texts["start." + key]);

// What a state speaks that is base64url of JSON, as links have it; undefined: it does not say.
function languageOfLink(link) {
  const language = link && JSON.parse(atob(link.replaceAll("-", "+").replaceAll("_", "/"))).view?.language;
  return Object.hasOwn(languages, language) ? language : undefined;
}
// What the last visit spoke.
const keptLanguage = () => languageOfLink((JSON.parse(localStorage.getItem("midlab")) ?? {}).link);

// The texts that stand in index.html.
function translatePage(language) {
  document.documentElement.lang = language;
  document.getElementById("canvas").ariaLabel = said("canvas");
  document.getElementById("note-copy").ariaLabel = said("link");
  for (const [id, key] of [["skip", "skip"], ["note-close", "close"], ["say", "loading"], ["why", "why"], ["whole", "whole"]]) document.getElementById(id).textContent = said(key);
}
{
  let chosen = navigator.language.split("-")[0];
  try { chosen = keptLanguage() ?? chosen; } catch { /* refused, or nothing was kept */ }
  translatePage(Object.hasOwn(languages, chosen) ? chosen : "en");
}
