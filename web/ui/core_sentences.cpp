// German for the sentences with which the core refuses what a visitor can set, drop or choose on the page. A sentence that has no
// pattern here (from files of models, from the command line) stays English.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "strings.hpp"

namespace mid::ui {
namespace {

/// `*` stands for any text. In the German text {1}, {2}, ... are what it stood for.
constexpr auto kSentences = std::to_array<std::pair<std::string_view, std::string_view>>({
    // Parameters and specifications.
    {"* must be a whole number below 2147483648, found *", "{1}: Eine ganze Zahl unter 2147483648 muss es sein, gefunden wurde {2}"},
    {"* must lie at least *, found *", "{1} muss mindestens {2} sein, gefunden wurde {3}"},
    {"* must lie at most *, found *", "{1} darf höchstens {2} sein, gefunden wurde {3}"},
    {"* must lie in * to *, found *", "{1} muss zwischen {2} und {3} liegen, gefunden wurde {4}"},
    {"* must be an object in braces, found *", "{1} muss ein Objekt in geschweiften Klammern sein, gefunden wurde {2}"},
    {"* must be none for a model.file, which is not trained here, found *; *", "{1} muss none sein für ein model.file, das hier nicht trainiert wird, gefunden wurde {2}"},
    {"* must be answer for model.kind *, which has no numbers inside, found *", "{1} muss answer sein für model.kind {2}, das keine inneren Zahlen hat, gefunden wurde {3}"},
    {"* must be held_out for *, which watches an update with a record that the model has not learnt from, found private",
     "{1} muss held_out sein für {2}: Beobachtet wird ein Nachlernen von einem Datensatz, den das Modell nicht kennt; gefunden wurde private"},
    {"* must be another column than the target, found * for both", "{1} muss eine andere Spalte sein als das Ziel, gefunden wurde {2} für beides"},
    {"* must be at most data.*, *, found *", "{1} darf höchstens data.{2} sein, {3}, gefunden wurde {4}"},
    {"* must be *, found *; *", "{1} muss {2} sein, gefunden wurde {3}"},
    {"* must be *, found *", "{1} muss {2} sein, gefunden wurde {3}"},
    {"* must not list the target *, which never is an input", "{1} darf das Ziel {2} nicht nennen, das nie eine Eingabe ist"},
    {"* must not list the secret *, which the attack is about", "{1} darf das Geheimnis {2} nicht nennen, um das es im Angriff geht"},
    {"* must not list the secret *, which is unknown anyhow; name other columns", "{1} darf das Geheimnis {2} nicht nennen, das ohnehin unbekannt ist; nennen Sie andere Spalten"},
    {"* must list at most 8 layers, found *", "{1} darf höchstens 8 Schichten nennen, gefunden wurden {2}"},
    {"* must divide * (*), found *", "{1} muss {2} teilen ({3}), gefunden wurde {4}"},
    {"* must name a column with at least two values; * is the same in every row", "{1} muss eine Spalte mit mindestens zwei Werten sein; {2} ist in jeder Zeile gleich"},
    {"* must leave at least 2 rows for training, found *", "{1} muss mindestens 2 Zeilen zum Training lassen, gefunden wurden {2}"},
    {"* must leave the attacker three records of one class at least, to ask, to update and to train with; raise it",
     "{1} muss dem Angreifer mindestens drei Datensätze einer Klasse lassen, zum Fragen, Nachlernen und Trainieren; setzen Sie es höher"},
    {"* must have at most * classes for this attack, found *", "{1} darf für diesen Angriff höchstens {2} Klassen haben, gefunden wurden {3}"},
    {"* is unknown; nothing can be set here, remove it", "{1} ist unbekannt; hier ist nichts einzustellen, lassen Sie es weg"},
    {"* is unknown; allowed here: *", "{1} ist unbekannt; erlaubt sind hier: {2}"},
    {"* is not a field of a specification; allowed: *", "{1} ist kein Feld einer Angabe; erlaubt: {2}"},
    {"* is not a field *; nothing can be set here, remove it", "{1} gibt es hier nicht; hier ist nichts einzustellen, lassen Sie es weg"},
    {"* is not a field *; allowed: *", "{1} gibt es hier nicht; erlaubt: {3}"},
    {"* is not a field; *", "{1} ist kein Feld"},
    {"* is not defined for model.kind *: *; allowed there: *", "{1} gibt es nicht für model.kind {2}; erlaubt sind dort: {4}"},
    {"* is not defined for model.kind *; allowed there: *", "{1} gibt es nicht für model.kind {2}; erlaubt sind dort: {3}"},
    {"* is 0 while defense.kind is *, which puts its noise into the bottleneck; *", "{1} ist 0, und {2} braucht den Engpass für sein Rauschen; geben Sie ihm mindestens 1 Einheit, oder setzen Sie defense.kind auf \"none\""},
    {"* is *, too many together with the others (*", "{1} ist {2}, zu viel zusammen mit den anderen ({3}"},
    {"* has no exact likelihood; choose none, mixing, noise or sticky, or the attack ridge_inversion",
     "{1}: So gibt es keine genaue Wahrscheinlichkeit; wählen Sie none, mixing, noise oder sticky, oder den Angriff ridge_inversion"},
    {"* needs more of the model than this attacker is granted; choose an attack that lives on answers", "{1} braucht mehr vom Modell, als dieser Angreifer bekommt; wählen Sie einen Angriff, der von Antworten lebt"},
    {"* may leave at most * combinations of values to try, found *; name fewer columns", "{1} darf höchstens {2} Kombinationen von Werten lassen, gefunden wurden {3}; nennen Sie weniger Spalten"},
    // Choices that the data does not allow.
    {"* tells classes apart and the target of * is a number; *", "{1} unterscheidet Klassen, und das Ziel von {2} ist eine Zahl; setzen Sie model.kind auf linear, oder nennen Sie in data.target eine Spalte mit Klassen"},
    {"* predicts a number and the target of * are classes; *", "{1} sagt eine Zahl vorher, und das Ziel von {2} sind Klassen; setzen Sie model.kind auf network oder tree, oder nennen Sie in data.target eine Spalte mit Zahlen"},
    {"* asks about columns of a table and * has none; *", "{1} fragt nach Spalten einer Tabelle, und {2} hat keine; setzen Sie model.kind auf network, oder wählen Sie ein anderes data.name"},
    {"* leaves no row to train or to test on; *", "{1} lässt keine Zeile zum Training oder zum Test; setzen Sie data.private, data.held_out oder data.open niedriger"},
    {"* leaves no victim or nothing to the attacker; *", "{1} lässt kein Opfer oder dem Angreifer nichts; geben Sie data.held_out und data.open mindestens 1"},
    {"* leaves the model no input; name at least one column that varies", "{1} lässt dem Modell keine Eingabe; nennen Sie mindestens eine Spalte, die sich ändert"},
    {"* moves pictures and the records of * are none; set it to 0, found *", "{1} verschiebt Bilder, und die Datensätze von {2} sind keine; setzen Sie es auf 0, gefunden wurde {3}"},
    {"* guesses a sensitive column and * has none; *", "{1} errät eine heikle Spalte, und {2} hat keine; nennen Sie eine in data.sensitive, oder wählen Sie ein anderes data.name"},
    {"* draws pictures and * has none; *", "{1} zeichnet Bilder, und {2} hat keine; setzen Sie data.name auf london-faces, mnist oder digits, oder wählen Sie einen anderen Angriff"},
    {"* guesses the class of a record, and in * have none of the model's classes; *", "{1} errät die Klasse eines Datensatzes, und {2} haben keine der Klassen des Modells; wählen Sie andere Daten oder einen anderen Angriff"},
    {"* names a column that is not there, *; there are *", "{1} nennt eine Spalte, die es nicht gibt, {2}; es gibt {3}"},
    {"* names a column that the model does not see, *; there are *", "{1} nennt eine Spalte, die das Modell nicht sieht, {2}; es gibt {3}"},
    {"* lists * twice; give each column once", "{1} nennt {2} zweimal; nennen Sie jede Spalte einmal"},
    {"csv must be UTF-8 text, found *; give the file another name", "Der Name der Datei muss Text in UTF-8 sein, gefunden wurde {1}; geben Sie ihr einen anderen"},
    // Training.
    {"training stopped being a number in epoch *: the learning rate * is too large; try *", "Das Training lief in Runde {1} aus allen Zahlen: Die Lernrate {2} ist zu groß; versuchen Sie {3}"},
    {"training cannot begin: *", "Das Training kann nicht beginnen: Eine Eingabe oder ein Anfangsgewicht ist unendlich oder keine Zahl"},
    {"training the regression gave numbers that are infinite or not a number; *", "Die Regression ergab Zahlen, die unendlich oder keine sind; nehmen Sie ein größeres defense.noise, oder normieren Sie die Daten"},
    {"the training of the attacker's * stopped being a number at the learning rate *", "Das Training des Angreifers ({1}) lief bei der Lernrate {2} aus allen Zahlen"},
    // A table of one's own.
    {"* has one column; one to predict and another that is secret are needed", "{1} hat eine Spalte; nötig sind eine, die vorherzusagen ist, und eine andere, die geheim ist"},
    {"* has *; at least * are needed, to learn from some and attack others", "{1} hat {2}; mindestens {3} sind nötig, um von den einen zu lernen und die anderen anzugreifen"},
    {"* has no column that could be the secret: *", "{1} hat keine Spalte, die das Geheimnis sein könnte: Sie braucht Kategorien oder höchstens 20 verschiedene Zahlen, die sich von Zeile zu Zeile ändern"},
    {"* has only * that varies; one to predict and another that is secret are needed", "{1} hat nur {2}, die sich ändert; nötig sind eine, die vorherzusagen ist, und eine andere, die geheim ist"},
    {"* cannot predict *: *", "{1}: {2} ist nicht vorherzusagen: {3}"},
    {"* cannot keep * secret: *", "{1}: {2} kann nicht das Geheimnis sein: {3}"},
    {"* needs two columns: what is predicted cannot be the secret, too", "{1}: Es müssen zwei Spalten sein; was vorhergesagt wird, ist nicht auch das Geheimnis"},
    {"* is a zip or spreadsheet file, not text; save the sheet as CSV", "{1} ist eine Zip-Datei oder ein Tabellenblatt, kein Text; speichern Sie das Blatt als CSV"},
    {"* is UTF-16 text; save it as UTF-8", "{1} ist Text in UTF-16; speichern Sie ihn als UTF-8"},
    {"* is not text: byte * is zero; a CSV file is wanted", "{1} ist kein Text: Byte {2} ist null; gebraucht wird eine CSV-Datei"},
    {"* is empty; a line with the columns' names and at least one row are needed", "{1} ist leer; nötig sind eine Zeile mit den Namen der Spalten und mindestens eine weitere"},
    {"* has a header and no rows; at least one is needed", "{1} hat eine Kopfzeile und keine weiteren; mindestens eine ist nötig"},
    {"data.csv names a file that cannot be used: *", "data.csv nennt eine Datei, die nicht zu brauchen ist: {1}"},
    {"* line * names columns * and * both *; every column needs a name of its own", "{1}, Zeile {2}: Die Spalten {3} und {4} heißen beide {5}; jede Spalte braucht einen eigenen Namen"},
    {"* line * has one field and the lines below have *; *", "{1}, Zeile {2} hat ein Feld, die Zeilen darunter haben {3}; ist sie ein Titel, entfernen Sie sie, damit die Namen der Spalten zuerst kommen"},
    {"* line * names * of * columns; if it is a title, *", "{1}, Zeile {2} benennt höchstens eine von {4} Spalten; ist sie ein Titel, entfernen Sie sie, damit die Namen der Spalten zuerst kommen"},
    {"* line *, column * (*) says *, but * of the * cells of that column are numbers; correct it or *",
     "{1}, Zeile {2}, Spalte {3} ({4}): Dort steht {5}, aber {6} der {7} Zellen dieser Spalte sind Zahlen; berichtigen Sie es, oder entfernen Sie die Zeile, oder nennen Sie den Text in data.missing oder die Spalte in data.categories oder data.drop"},
    {"* line *, column * (*) says *, but * of the * cells of that column are numbers *; correct it or *",
     "{1}, Zeile {2}, Spalte {3} ({4}): Dort steht {5}, aber {6} der {7} Zellen dieser Spalte sind Zahlen {8}; berichtigen Sie es, oder entfernen Sie die Zeile, oder nennen Sie den Text in data.missing oder die Spalte in data.categories oder data.drop"},
    {"* line *, column * (*) says *, which may have thousands or decimals *", "{1}, Zeile {2}, Spalte {3} ({4}): Dort steht {5}, und hinter dem Komma können Tausender oder Dezimalen stehen; sagen Sie mit data.decimal, welche: point oder comma"},
    {"* line *, column * holds *; numbers must lie in -1e30 to 1e30", "{1}, Zeile {2}, Spalte {3}: Dort steht {4}; Zahlen müssen zwischen -1e30 und 1e30 liegen"},
    {"* must list column *: it has * different texts, *", "{1} muss die Spalte {2} nennen: Sie hat {3} verschiedene Texte, und eine Eingabe darf höchstens 200 haben"},
    {"* must list columns *: they have * different texts, *", "{1} muss die Spalten {2} nennen: Sie haben {3} verschiedene Texte, und eine Eingabe darf höchstens 200 haben"},
    {"* must list some columns: those that are left make * inputs, *", "{1} muss einige Spalten nennen: Die übrigen ergeben {2} Eingaben, eine für jeden Text, und ein Modell darf höchstens 20.000 haben"},
    {"* must list *: a 32-bit number cannot tell values *", "{1} muss {2} nennen: Eine 32-Bit-Zahl kann so nahe Werte nicht unterscheiden; nennen Sie die Spalten dort, oder nehmen Sie eine andere Einheit"},
    {"* line * has one field, *; separate the columns by *", "{1}, Zeile {2} hat ein einziges Feld, {3}; trennen Sie die Spalten durch Komma, Semikolon, Tabulator oder senkrechten Strich"},
    {"* begins with *, which look like values; *", "{1} beginnt mit {2}, und das sieht nach Werten aus; die erste Zeile muss die Spalten nennen"},
    {"* has * bytes behind the end of its gzip content that are no gzip; fetch it again", "{1} hat {2} Bytes hinter dem Ende seines gzip-Inhalts; holen Sie die Datei noch einmal"},
    {"* is a git-LFS pointer, *", "{1} ist ein Verweis von git-LFS, nicht die Tabelle selbst; holen Sie sie mit: git lfs pull"},
    {"* is a web page, not a table; *", "{1} ist eine Webseite, keine Tabelle; laden Sie die Datei selbst herunter (wer nicht angemeldet ist, bekommt oft die Anmeldeseite)"},
    {"* is * file, not a CSV table; export or unpack it as CSV", "{1} ist eine andere Art von Datei ({2}), keine CSV-Tabelle; speichern oder entpacken Sie sie als CSV"},
    {"* is *, not a CSV table; export *", "{1} ist {2}, keine CSV-Tabelle; speichern Sie sie als CSV"},
    {"* is a gzip file that is cut off: *", "{1} ist eine abgeschnittene gzip-Datei; holen Sie sie noch einmal"},
    {"* is a gzip file cut off in its header", "{1} ist eine gzip-Datei, die schon im Kopf abgeschnitten ist"},
    {"* is a damaged gzip file: *", "{1} ist eine beschädigte gzip-Datei; holen Sie sie noch einmal"},
    {"* holds more than * bytes, which are the most that are read; use fewer rows", "{1} enthält mehr als {2} Bytes, mehr wird nicht gelesen; nehmen Sie weniger Zeilen"},
    {"* has * bytes; at most * are read", "{1} hat {2} Bytes; höchstens {3} werden gelesen"},
    {"* line * has * fields; the first line has *; *", "{1}, Zeile {2} hat {3} Felder; die erste Zeile hat {4}; {5}"},
    {"* line * has * fields; the first line has *", "{1}, Zeile {2} hat {3} Felder; die erste Zeile hat {4}"},
    {"* has more than * cells; use fewer rows or columns", "{1} hat mehr als {2} Felder; nehmen Sie weniger Zeilen oder Spalten"},
    {"* line *, column * has more than * columns", "{1}, Zeile {2}: mehr als {4} Spalten"},
    {"* line *, column * is a field of more than * bytes; is a quote missing?", "{1}, Zeile {2}, Zeichen {3}: ein Feld von mehr als {4} Bytes; fehlt ein Anführungszeichen?"},
    {"* line *, column * opens a quote that is never closed", "{1}, Zeile {2}, Zeichen {3} öffnet ein Anführungszeichen, das nie geschlossen wird"},
    {"* line *, column * has text behind a closing quote; *", "{1}, Zeile {2}, Zeichen {3}: Text hinter einem schließenden Anführungszeichen; ein Anführungszeichen im Feld wird doppelt geschrieben"},
    {"export needs a run that has ended and is still kept; run it again first", "Ausgegeben wird der Baum eines Laufs, der zu Ende und noch da ist; lassen Sie ihn erst noch einmal laufen"},
    {"a command must be UTF-8 text of at most 64 levels of brackets; *", "Ein Befehl muss Text in UTF-8 mit höchstens 64 Klammerebenen sein"},
    {"an unexpected error: *", "Ein unerwarteter Fehler: {1}"},
    // What such a sentence says in its middle.
    {"UTF-8 text", "Text in UTF-8"},
    {"without a sign", "ohne Zeichen"}, {"with a decimal comma", "mit Dezimalkomma"}, {"with a decimal point", "mit Dezimalpunkt"}, {"with *", "mit {1}"},
    {"if it is a comment, remove it", "ist sie ein Kommentar, entfernen Sie sie"}, {"if line * is a title, *", "ist Zeile {1} ein Titel, entfernen Sie sie, damit die Namen der Spalten zuerst kommen"},
    {"a text or number with a separator in it needs quotes around it, *", "ein Text mit einem Trennzeichen darin braucht Anführungszeichen, und auch Namen von Zeilen brauchen einen Namen in der ersten Zeile"},
    {"remove lines that are no rows of the table", "entfernen Sie Zeilen, die nicht zur Tabelle gehören"}, {"a PDF or RTF document", "ein Dokument (PDF, RTF)"}, {"XML or HTML", "XML oder HTML"}, {"an ARFF file", "eine ARFF-Datei"},
    {"true or false", "true oder false"}, {"a whole number", "eine ganze Zahl"}, {"a number", "eine Zahl"}, {"text", "Text"},
    {"a list of whole numbers", "eine Liste ganzer Zahlen"}, {"a list of texts", "eine Liste von Texten"}, {"the path of a CSV file", "der Pfad einer CSV-Datei"}, {"a whole number in * to *", "eine ganze Zahl von {1} bis {2}"},
    {"a number of at least *", "eine Zahl von mindestens {1}"}, {"a number above *", "eine Zahl über {1}"},
    {"empty in every row", "leer in jeder Zeile"}, {"the same in every row", "in jeder Zeile gleich"},
    {"* different texts, which name a row", "{1} verschiedene Texte, die eine Zeile benennen"}, {"a value in only *", "ein Wert in nur {1}"},
    {"* different numbers, more than *", "{1} verschiedene Zahlen, mehr als {2}"}, {"1 row", "1 Zeile"}, {"* rows", "{1} Zeilen"}, {"1 column", "1 Spalte"}, {"* columns", "{1} Spalten"},
});

/// What the stars of `pattern` stand for in `text`; each as short as can be, but the last. False: it does not match.
bool matches(std::string_view text, std::string_view pattern, std::vector<std::string_view>& found) {
  found.clear();
  auto star = pattern.find('*');
  if (star == pattern.npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  for (pattern.remove_prefix(star + 1);; pattern.remove_prefix(star + 1)) {
    star = pattern.find('*');
    const std::string_view behind = pattern.substr(0, star);
    const bool last = star == pattern.npos;
    const auto at = last ? (text.ends_with(behind) ? text.size() - behind.size() : text.npos) : text.find(behind);
    if (at == text.npos || at == 0) return false;
    found.push_back(text.substr(0, at));
    if (last) return true;
    text.remove_prefix(at + behind.size());
  }
}

std::string in_german(std::string_view english, bool whole) {
  std::vector<std::string_view> found;
  for (const auto& [pattern, german] : kSentences) {
    if (!matches(english, pattern, found)) continue;
    std::string out;
    for (std::size_t i = 0; i < german.size(); ++i) {
      if (german[i] == '{' && i + 2 < german.size() && german[i + 2] == '}' && german[i + 1] > '0' && german[i + 1] <= static_cast<char>('0' + found.size()))
        out += in_german(found[static_cast<std::size_t>(german[i + 1] - '1')], false), i += 2;
      else
        out += german[i];
    }
    return out;
  }
  std::string out(core_words(english));
  // A list of what is allowed; a text of the visitor's own stands in quotation marks.
  if (const auto at = out.rfind(" or "); !whole && at != out.npos && out.find('"') == out.npos) out.replace(at, 4, " oder ");
  return out;
}

}  // namespace

std::string core_sentence(std::string_view english) {
  return language() == Language::german ? in_german(english, true) : std::string(english);
}

}  // namespace mid::ui
