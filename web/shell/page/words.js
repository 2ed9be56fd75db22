// What the page says before and beside its core, which has all other texts (web/ui/strings.cpp). English stands where it is said;
// the language is the visitor's last choice, or the browser's, and later the page's own.
const german = {
  "midlab: a model is trained, attacked and defended; its figures are read out below": "midlab: Ein Modell wird trainiert, angegriffen und verteidigt; seine Zahlen werden darunter vorgelesen",
  "Use plain controls": "Einfache Bedienung",
  "Close": "Schließen",
  "Link to this state": "Link zu diesem Stand",
  "Loading midlab": "midlab wird geladen",
  "A small network will be trained, attacked and defended in this page. Nothing leaves your computer.": "Ein kleines Netz wird auf dieser Seite trainiert, angegriffen und verteidigt. Nichts verlässt Ihren Rechner.",
  "%1 of %2 MB": "%1 von %2 MB",
  "%1 answered %2": "%1 antwortete %2",
  "midlab cannot be shown here": "midlab kann hier nicht gezeigt werden",
  "midlab could not start": "midlab konnte nicht starten",
  "midlab stopped": "midlab steht",
  "This browser has no WebAssembly, in which midlab's models are trained. A current Firefox, Chrome, Edge or Safari has it.": "Dieser Browser hat kein WebAssembly, in dem die Modelle trainiert werden. Ein aktueller Firefox, Chrome, Edge oder Safari hat es.",
  "This browser shows no WebGL 2, with which midlab is drawn. It may be switched off: look for “hardware acceleration” in the browser's settings.": "Dieser Browser zeigt kein WebGL 2, mit dem midlab gezeichnet wird. Vielleicht ist es abgeschaltet: Suchen Sie in den Einstellungen des Browsers nach „Hardwarebeschleunigung“.",
  "WebGL 2 could not be opened": "WebGL 2 ließ sich nicht öffnen",
  "The browser closed the surface on which this page is drawn. Training goes on unseen. Your runs are kept when you load the page again.": "Der Browser hat die Fläche geschlossen, auf der diese Seite gezeichnet wird. Das Training geht ungesehen weiter. Ihre Läufe bleiben, wenn Sie die Seite neu laden.",
  "Load the page again": "Die Seite neu laden",
  "The data for this story could not be fetched (%1). Is there a network?": "Die Daten für diese Geschichte ließen sich nicht holen (%1). Ist ein Netz da?",
  "Try again": "Noch einmal",
  "What it works in broke down again and again (%1). Load the page again.": "Worin es arbeitet, brach immer wieder zusammen (%1). Laden Sie die Seite neu.",
  "This browser does not let the page copy. Here is the link:": "Dieser Browser lässt die Seite nicht kopieren. Hier ist der Link:",
  "This browser does not let the page copy. Here is the text:": "Dieser Browser lässt die Seite nicht kopieren. Hier ist der Text:",
};
// The text in the page's language, with values in the place of %1 and %2.
const said = (text, ...values) => values.reduce((t, v, i) => t.replace("%" + (i + 1), v), document.documentElement.lang === "de" && german[text] || text);

// What the last visit spoke: {"link": "..."} holds the state as base64url of JSON.
function keptLanguage() {
  const { link } = JSON.parse(localStorage.getItem("midlab")) ?? {};
  return link && JSON.parse(atob(link.replaceAll("-", "+").replaceAll("_", "/"))).view?.language;
}

// The texts that stand in index.html.
function translatePage() {
  document.getElementById("canvas").ariaLabel = said("midlab: a model is trained, attacked and defended; its figures are read out below");
  document.getElementById("note-copy").ariaLabel = said("Link to this state");
  for (const [id, text] of [["skip", "Use plain controls"], ["note-close", "Close"], ["say", "Loading midlab"],
                            ["why", "A small network will be trained, attacked and defended in this page. Nothing leaves your computer."]])
    document.getElementById(id).textContent = said(text);
}
{
  let chosen = navigator.language.split("-")[0];
  try { chosen = keptLanguage() ?? chosen; } catch { /* refused, or nothing was kept */ }
  document.documentElement.lang = chosen === "de" ? "de" : "en";
  translatePage();
}
