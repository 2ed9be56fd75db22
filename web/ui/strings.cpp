#include "strings.hpp"

#include <map>

namespace mid::ui {

const StringTable& english() {
  static const StringTable table = {
    {"name", "midlab"},
    {"track.pictures", "Pictures"}, {"track.pictures.kind", "network"},
    {"track.survey", "Survey"}, {"track.survey.kind", "network"},
    {"track.dose", "Dose"}, {"track.dose.kind", "regression"},
    {"kind.network", "network"}, {"kind.tree", "tree"}, {"kind.linear", "regression"},
    {"share", "Share"}, {"share.tip", "Link, QR code, command line, picture, figures"}, {"shared", "Link copied"},
    {"share.head", "Take this along"}, {"share.code", "Scan it: the same story, the same settings, on your own machine."},
    {"share.no code", "These settings are more than a QR code can hold; the link holds them."},
    {"share.copy", "Copy"}, {"share.save", "Save"}, {"share.link", "Link"}, {"share.link.tip", "A link to exactly this state"},
    {"share.command", "Command"}, {"share.command.tip", "The same run in a terminal, with the program mid"}, {"share.command.done", "Command copied"},
    {"share.command.none", "A terminal would need your table; save the result and run that"},
    {"share.cite", "Citation"}, {"share.cite.tip", "BibTeX of midlab and of MID"}, {"share.cite.done", "Citation copied"},
    {"share.class", "Class"}, {"share.class.tip", "A code of this run, and what a whole class found"},
    {"share.hide.0", "Shows all"}, {"share.hide.1", "No words"}, {"share.hide.2", "No chart"}, {"share.hide.3", "Stage only"},
    {"share.hide.tip", "What the link hides at first: nothing; the explanation; the chart, too; all but stage and slider"}, {"hidden.head", "What do you expect?"}, {"hidden.text", "This link hides what would answer that. Say first what you expect, then look."},
    {"hidden.show", "Show it"}, {"hidden.show.tip", "Show everything"},
    {"share.size", "Size {n}×"}, {"share.size.tip", "How large the picture is: 1 to 4 times the page"},
    {"number.tip", "{label}: 95 % sure between {low} and {high} (of {n})."}, {"number.expected", "{seeds} seeds: {low} to {high}, three sd around their mean."},
    {"honest.expected", "As expected: by {seeds} other seeds **{low}** to **{high}** was likely here."}, {"honest.unexpected", "**Not as expected**: by {seeds} other seeds {low} to {high} was likely here. Try another seed."},
    {"pad.menu", "A digit of your own"}, {"pad.credit", "draw it; it stays on this page"}, {"pad.head", "Draw a digit: will it be given away?"}, {"pad.here", "Draw here"}, {"pad.keys", "Arrow keys move the pen, Space puts it down and lifts it"},
    {"pad.how", "The model never learns it. It answers ten numbers, and the attacker draws what it can from these. Nothing leaves this page."}, {"pad.which", "Which digit is it?"},
    {"pad.first", "Draw a digit first"}, {"pad.second", "Now say which digit it is"}, {"pad.go", "Attack it"}, {"pad.clear", "Clear"},
    {"class", "What the class found"}, {"class.how", "Everybody runs the same story with a seed of their own and sends its code. Paste all codes here: by the button, or Ctrl and V."},
    {"class.copy", "My code"}, {"class.copy.tip", "Copy the code of the run on the stage"}, {"class.copy.none", "Wait for a run to end"}, {"class.copied", "Copied: {code}"},
    {"class.paste", "Paste"}, {"class.paste.tip", "Read the codes on the clipboard"}, {"class.no paste", "This browser does not let the page read the clipboard: press Ctrl and V."},
    {"class.empty", "No codes yet. A code looks like visitors:0.1:7:83.5:62.1:9f3a2c."}, {"class.unreadable", "What was pasted holds no code that can be read. A code looks like visitors:0.1:7:83.5:62.1:9f3a2c."},
    {"class.runs", "**{n} runs** of {story}, {strength}"}, {"class.again", "{n} of a seed that was there already."}, {"class.others", "{n} of other settings, left out."}, {"class.broken", "{n} could not be read."},
    {"class.mean", "Mean **{mean}**; with 95 % it lies between **{low}** and **{high}**. Single runs: {least} to {most}."}, {"class.one", "One run: **{value}**. More seeds say how much is chance."},
    {"form.class", "What the class found"}, {"form.class.label", "Codes of the class, pasted"}, {"form.class.code", "Code of the run on the stage"}, {"form.class.count", "runs"},
    {"share.picture", "Picture"}, {"share.picture.tip", "What the attacker found, as a PNG for a slide"}, {"share.picture.none", "There is no picture of this yet"},
    {"share.chart", "Chart"}, {"share.chart.tip", "The trade-off of these runs as an SVG"}, {"share.chart.none", "Run something first"},
    {"share.runs", "Runs"}, {"share.runs.tip", "Every run of this visit as a CSV"}, {"share.runs.none", "Run something first"},
    {"share.result", "Result"}, {"share.result.tip", "All figures of this run as JSON"}, {"share.result.none", "Wait for the run to end"},
    {"export.beneath", "{n} runs; midlab {version}"},
    {"language", "Deutsch"},
    {"device.cpu", "The next run computes on the processor."},
    {"device.gpu", "The next run computes on the GPU."},
    {"device.auto", "The next run computes on whichever is faster."},
    {"theme.dark", "Dark colours"}, {"theme.light", "Light colours"}, {"theme.contrast", "High contrast"},
    {"present", "Present"}, {"present.tip", "Large letters for a room; Esc leaves"}, {"present.end", "End the presentation"}, {"help", "What is this?"},
    {"lessons", "Lessons"}, {"lessons.tip", "Ten lessons of 15 to 20 minutes: predict, then run"}, {"lesson.minutes", "{n} min"}, {"lesson.list", "All lessons"}, {"lesson.begin", "Begin"},
    {"lesson.before", "Lessons before"}, {"lesson.after", "More lessons"}, {"lesson.step", "Step {n} of {of}"}, {"lesson.back", "Back"}, {"lesson.next", "Next"},
    {"lesson.more", "Read on"}, {"lesson.done", "Done"}, {"lesson.first", "Predict first: pick an answer, then it runs"}, {"lesson.running", "It runs: watch the stage."},
    {"lesson.elsewhere", "The settings are no longer those of this step."}, {"lesson.return", "Back to this step"}, {"lesson.yours", "You said: {option}. It runs: watch the stage."},
    {"lesson.true", "**As you predicted.** {option}."}, {"lesson.false", "**{option}.** You said: {yours}."}, {"lesson.expected", "as expected ({range})"},
    {"lesson.unexpected", "not as expected ({range}), and that is worth a look"}, {"lesson.missing", "needs the run of step {n}; go back to it once"},
    {"pane.stage", "Stage"}, {"pane.trade_off", "Trade-off"}, {"pane.explain", "Explain"}, {"pane.help", "Help"},

    {"play", "Go on"}, {"pause", "Pause"}, {"again", "Train and attack again"}, {"train", "Train and attack"},
    {"step", "One round"}, {"restart", "Start over"}, {"speed", "Speed"}, {"speed.0", "As fast as it goes"}, {"speed.0.short", "full"},
    {"speed.10", "10 rounds a second"}, {"speed.10.short", "10/s"}, {"speed.2", "2 rounds a second"}, {"speed.2.short", "2/s"},
    {"advanced", "Advanced"}, {"advanced.tip", "Every setting of data, model, training, defence and attack"},
    {"advanced.kind", "Which"}, {"advanced.auto", "auto"}, {"advanced.none", "none"}, {"yes", "Yes"}, {"no", "No"}, {"advanced.less", "Less"}, {"advanced.more", "More"},
    {"advanced.type", "Type another value"}, {"advanced.reset", "Back to {value}"}, {"advanced.from", "At least {low}"}, {"advanced.to", "At most {high}"},
    {"advanced.range", "{low} to {high}"}, {"advanced.before", "Rows before"}, {"advanced.after", "More rows"}, {"advanced.page", "{n} of {of}"},
    {"value.pca", "PCA"}, {"value.sgd", "SGD"}, {"value.relu", "ReLU"}, {"value.leaky_relu", "Leaky ReLU"}, {"value.tanh", "tanh"},
    {"section.data", "Data"}, {"section.model", "Model"}, {"section.train", "Training"}, {"section.defense", "Defence"}, {"section.release", "Answers"},
    {"section.attack", "Attack"},
    {"attack", "Attack"}, {"attack.again", "Attack others"}, {"attack.again.tip", "The same attack, on others"},
    {"attack.busy", "Attacking {percent}"}, {"attack.stop", "Stop"}, {"attack.wait", "The model is not ready yet"},
    {"attack.first", "Train the model and attack it"},
    {"theatre.open", "Watch the attack: step by step, or beside a model without defence"}, {"theatre.close", "Back to the story"},
    {"theatre.play", "Play the attack from its beginning"}, {"theatre.pause", "Pause"}, {"theatre.next", "One step on"}, {"theatre.cursor", "Steps of the attack: drag, or arrow keys"},
    {"theatre.beside", "Beside no defence"}, {"theatre.beside.tip", "The same attack on the same model without defence, under one cursor"}, {"theatre.beside.off", "Set a defence first: this is the model without one"},
    {"theatre.at once", "This attack takes no steps: one multiplication turns an answer into a picture."}, {"theatre.no path", "This attack leaves no steps that could be shown."}, {"theatre.no path.short", "No steps"},
    {"theatre.step", "Step {step} of {of}: the model is {sure} sure, {detail} of the detail is back"}, {"theatre.step.short", "Step {step}"},
    {"theatre.kept", "What was kept: the best of all steps"}, {"theatre.kept.from", "What was kept: each face at its best step, {low} to {high}"}, {"theatre.kept.short", "Kept"},
    {"theatre.table", "The attack, step by step"}, {"theatre.sure", "how sure the model is"}, {"theatre.detail", "detail back"}, {"theatre.plain", "no defence"}, {"theatre.plain.wait", "is on its way"}, {"theatre.release", "as it is released"},
    {"asks", "Asks"}, {"asks.once", "once"}, {"asks.times", "{n} times"}, {"asks.note.1", "one answer a record"},
    {"asks.note.10", "and averages ten answers"}, {"asks.note.50", "and averages fifty answers"},
    {"answers", "Answers"}, {"answers.tip", "answers"},
    {"release.none", "in full"}, {"release.none.note", "every number as the model says it"},
    {"release.round2", "to 2 decimals"}, {"release.round2.note", "0.97 in the place of 0.9713"},
    {"release.round1", "to 1 decimal"}, {"release.round1.note", "1.0 in the place of 0.9713"},
    {"release.label", "label only"}, {"release.label.note", "the name, without how sure it is"},
    {"release.sticky", "the same each time"}, {"release.sticky.note", "noise is drawn once a record, so asking again tells no more"},
    {"inside.release.none", "the numbers inside"}, {"inside.release.none.note", "what the model computes before its answer"},
    {"inside.release.label", "inside, one bit each"}, {"inside.release.label.note", "only whether each number inside is high or low"},
    {"data", "Data"}, {"seed", "Seed"},
    {"unit.round", "round"}, {"unit.step", "step"}, {"unit.level", "level"}, {"unit.picture", "picture"}, {"unit.search", "search"}, {"unit.row", "row"},
    {"progress.wait", "Starting"}, {"progress.empty", "Press play to train"}, {"stage.training", "Training"}, {"stage.attacking", "Attacking"}, {"stage.measuring", "Measuring its use"}, {"stage.reading", "Reading the data"}, {"stage.done", "Done"}, {"progress.training", "Training: {unit} {done} of {total}"},
    {"progress.attacking", "Attacking: {unit} {done} of {total}"}, {"progress.other", "{stage}: {done} of {total}"},
    {"progress.paused", "Paused: {unit} {done} of {total}"}, {"progress.trained", "Trained: {total} of {total} {unit}s"},
    {"progress.grown", "Grown: {n} leaves"}, {"progress.fitted", "Fitted"},
    {"progress.ready", "Trained: {n} of {n} rounds"}, {"progress.failed", "Stopped"}, {"progress.done", "Trained and attacked"}, {"progress.left", "{seconds} s left"},
    {"progress.took", "{seconds} s"}, {"progress.compare", "Measuring without defence"},

    {"row.true", "True"}, {"row.attack", "Attacker"}, {"row.average", "Average"},
    {"row.true.note", "kept secret"}, {"row.average.note", "needs no model"}, {"row.attack.empty", "nothing yet"},
    {"of ten", "of 10"}, {"in line-up", "in a line-up"}, {"by chance", "by chance"},

    {"strength", "Defence strength"}, {"off", "Off"}, {"slider.idle", "Drag: the model retrains in about {seconds} s"}, {"slider.fast", "Drag: the model retrains at once"},
    {"slider.none", "No defence yet"}, {"slider.other", "Defence: {defence}"}, {"slider.busy", "Retraining {percent}"}, {"slider.first", "Training {percent}"}, {"slider.attack", "Attacking"},
    {"slider.paused", "Paused"}, {"slider.tip", "Arrow keys step, Shift drags freely"},

    {"number.none", "–"}, {"number.wait", "once it has trained and attacked"}, {"number.wait.short", "after the attack"}, {"no defence", "no defence {value}"},
    {"number.stale.short", "at {symbol} = {then}"}, {"number.stale", "measured at {symbol} = {then}, now {now}"}, {"number.stale.other", "measured with the settings before"}, {"number.stale.other.short", "settings before"},

    {"explain.head", "What am I looking at?"}, {"explain.sum", "Training keeps this sum small; own data:"}, {"explain.sum.live", "Training keeps this sum small; now:"},
    {"total", "total"}, {"mistakes", "mistakes"}, {"strength.word", "strength"}, {"told", "told"},
    {"honest", "Be honest"}, {"try", "What to try"},
    {"honest.sticky", "It answers **the same** about the same record. A slightly changed copy gets fresh noise."}, {"explain.wait", "The model trains inside this page. Nothing leaves your computer."},
    {"honest.wait", "Small records, a small model: a real leak may be larger or smaller."}, {"honest.here", "It all runs **on this machine**. No record leaves it."},
    {"honest.white", "It holds the **whole model**, so it may average the noise away or leave it out."},
    {"honest.white.plain", "It holds the **whole model** and may ask it anything, as often as it likes."},
    {"honest.always", "It answers **the same** every time: asking again tells the attacker nothing new."},
    {"honest.noise", "It asks **{asked}**. Asked more often, part of it comes back: the noise averages out."},
    {"once", "once a record"}, {"times", "{n} times a record"},
    {"honest.nats", "An answer told at most **{nats}** nats; with no defence there is no limit."},

    {"trade.title", "Trade-off"}, {"told.title", "Told"}, {"told.x", "told, nats →"}, {"told.x.bits", "told, bits →"}, {"told.estimate", "estimate"}, {"told.exact", "exact"}, {"told.bound", "at most"},
    {"told.none", "Without noise an exact answer has no bound, and nothing to estimate."}, {"told.tip", "tells {told} {unit}"}, {"told.tip.bound", "at most {bound} {unit}"},
    {"nats", "nats"}, {"bits", "bits"},
    {"trade.click", "click a dot to load it"}, {"trade.fill", "Run the other {n}"}, {"trade.fill.tip", "Run every stop of the slider, in the background"},
    {"trade.filling", "{n} to go"}, {"trade.fill.stop", "Stop"}, {"trade.empty", "Each run adds a dot here"},
    {"trade.sticky", "same each time"}, {"trade.round", "rounding"}, {"trade.label", "label only"}, {"trade.noise", "noise"},
    {"table_answer", "Sees the answer"}, {"table_true_target", "Holds the right dose"}, {"table.main", "Asks once"}, {"survey-tree.table.main", "Knows the income"},
    {"table.title", "Attack table"}, {"table.attacker", "Attacker"}, {"table.right", "right"}, {"table.more", "vs guess"}, {"table.base", "Guesses"},
    {"table.once", "Sees one answer"}, {"table.times", "Asks {n} times"}, {"table.without", "Same, no defence"}, {"table.ask", "click to run"}, {"table.busy", "running"},
    {"table.run", "Run this attacker"}, {"table.show", "Show this attacker"},
    {"trade.guess", "guessing"}, {"trade.corner", "useful and private"}, {"trade.mid", "MID"},
    {"trade.tip", "{symbol} = {strength}, seed {seed}"}, {"trade.tip2", "right {utility}, attacker {privacy}"},

    {"error.title", "This run did not work"}, {"error.back", "Back to the last good run"},
    {"notice.link", "Some of this link was not understood and left out: {fields}."},
    {"notice.link.bad", "This link could not be read; here is the page as it starts."},
    {"notice.story", "No picture is drawn for this data; the figures are right."}, {"close", "Close"},

    {"help.text", "midlab trains small models in this page, attacks them, and shows what a defence changes: mutual-information "
                  "regularisation (MID) lets a model learn only what it needs."},
    {"help.colours", "**Blue** is the model, **orange** the attacker, **green** the defence."},
    {"help.keys", "Tab and arrow keys work everywhere. Shift drags the slider freely, Ctrl+Z takes the last choice back. Every dot "
                  "of the chart is a run; click it to see it again. The thin steps join the runs that no other one beats."},
    {"help.credits", "Faces: Face Research Lab London Set, DeBruine and Jones 2017, CC BY 4.0 (cropped, grey). Digits: MNIST, "
                     "LeCun and Cortes, CC BY-SA 3.0. Survey: Adult, Becker and Kohavi 1996, CC BY 4.0. Font: Inter. Icons: "
                     "Lucide."},
    {"help.version", "Version {version}"},

    // A table of one's own
    {"own.menu", "A table of your own"}, {"own.credit", "A CSV file; it stays on this computer"},
    {"own.head", "A table of your own"}, {"own.head.file", "{file}: {rows} rows, {columns} columns. It stays on this computer."},
    {"own.head.none", "It is read on this computer and goes nowhere else."}, {"own.reading", "Reading {file}"},
    {"own.drop", "Drop a CSV file here"}, {"own.drop.note", "Its first line names the columns. 20 rows and two columns at least."},
    {"own.expected", "This link is about {file}. A link cannot hold a table: drop the file here to see the run."},
    {"own.choose", "Choose a file"}, {"own.other", "Another file"}, {"own.failed", "This file cannot be used"},
    {"own.columns.before", "Columns before"}, {"own.columns.after", "More columns"},
    {"own.step.0", "Predicted"}, {"own.step.1", "Secret"}, {"own.step.2", "Go"},
    {"own.ask.0", "Which column does the model predict?"}, {"own.ask.1", "Which column is nobody’s business?"},
    {"own.is.target", "is predicted"}, {"own.numbers", "numbers, {n} different"}, {"own.texts", "{n} categories: {values}"},
    {"own.missing", "{n} missing"}, {"own.more", "…"},
    {"own.tree", "A tree learns **{target}** from the other columns, by asking questions."},
    {"own.number", "A regression learns **{target}** from the other columns."},
    {"own.secret", "**{secret}** is the secret. The attacker knows the rest of a row, and tries to work it out."},
    {"own.rows", "It learns from {train} rows; the other {test} are attacked."},
    {"own.dropped", "Left out, as they only name a row: {columns}."}, {"own.go", "Train and attack"},
    {"own.shared", "Link copied. It holds your choices, not your table: whoever opens it needs the file {file}."},
    {"own.too large", "This file has more than 64 MB; the page reads smaller ones only. The program mid-studio reads larger ones."},
    {"own.form", "Your own table"}, {"own.form.help", "A CSV file whose first line names the columns. It is read in this page and goes nowhere else."},
    {"own.row", "Row {n}"},
    {"own.title.wait", "A model is learning from your table"}, {"own.caption.wait", "It runs on this machine: no row leaves your computer."},
    {"own-tree.title", "Does the tree give away the secret?"}, {"own-number.title", "Does the answer give away the secret?"},
    {"own-network.title", "Does the answer give away the secret?"},
    {"own.caption", "It predicts “{target}”. The attacker knows the rest of a row, and wants “{secret}”."},
    {"own-tree.caption", "It predicts “{target}”. The attacker knows that and the rest, and wants “{secret}”."},
    {"own.explain.wait", "It learns from three quarters of the rows. Those attacked are the others."},
    {"own.utility", "Answers that are right"}, {"own.utility.short", "Answers right"}, {"own.utility.base", "always the same {value}"},
    {"own-number.utility", "Answers within 20 % of the right one"}, {"own-number.utility.short", "Within 20 %"},
    {"own-number.utility.base", "same for all {value}"},
    {"own.privacy", "Secrets the attacker gets right"}, {"own.privacy.short", "Secrets right"}, {"own.privacy.base", "guessing {value}"},
    {"own.x", "Secrets right →"}, {"own.y", "Answers right"}, {"own-number.y", "Within 20 %"},
    {"own.high", "The answer, with the rest of the row, tells the secret."},
    {"own.middle", "The answer tells less of the secret now, but some of it still."},
    {"own.low", "The answer hardly tells the secret: guessing does as well."},
    {"own-tree.high", "Each leaf is an answer. In an orange leaf, that answer also tells the secret."},
    {"own-tree.middle", "Fewer leaves tell the secret, but some still do."},
    {"own-tree.low", "Knowing the leaf hardly helps to tell the secret."},
    {"own.honest", "95 % sure: **{low}** to **{high}** of {n} rows. **{base}** are right by guessing."},
    {"own.honest.here", "It is your table, read on this machine. No row leaves it."},
    {"own.try", "Drag the slider until the orange number meets its thin mark. What does the blue one pay?"},
    {"own.table_true_target", "Holds the right number"}, {"own.table.base", "Guesses"}, {"own-tree.table.main", "Knows what is predicted"},
    {"own.axis.x", "Right number →"}, {"own.axis.y", "Answer"},

    // Data or a secret that no story is about
    {"other.menu", "“{secret}” in the data set {data}"}, {"other-pictures.menu", "Pictures of the data set {data}"}, {"other.credit", "data set {data}"}, {"other.name", "{data}"},
    {"other.title.wait", "A model is learning from {data}"}, {"other.explain.wait", "The model trains inside this page. Nothing leaves your computer."},
    {"other.honest.here", "It all runs **on this machine**. No record leaves it."}, {"other.honest.exact", "95 % sure: **{low}** to **{high}** of {n} records. **{base}** are right by guessing."},
    {"other.honest", "95 % sure: **{low}** to **{high}** of {n} records. **{base}** are right by guessing."},
    {"other-pictures.title", "Can a name be turned back into a picture?"}, {"other-pictures.caption", "The attacker holds the model, and searches for the picture it likes best for a name."},
    {"other-pictures.utility", "Pictures named right"}, {"other-pictures.utility.short", "Named right"}, {"other-pictures.utility.base", "guessing {value}"}, {"other-pictures.y", "Named right"},
    {"other-pictures.privacy", "Pictures found in a line-up"}, {"other-pictures.privacy.short", "Pictures found"}, {"other-pictures.privacy.base", "chance {value}"}, {"other-pictures.x", "Pictures found →"},
    {"other-pictures.row.true.note", "kept secret"}, {"other-pictures.attack.note", "from the model"},
    {"other-pictures.high.defended", "This defence does next to nothing here: the attacker takes what the model is for."}, {"other-pictures.high", "What the attacker draws is found in most line-ups."}, {"other-pictures.middle", "Fewer of the drawn pictures are found."}, {"other-pictures.low", "What the attacker draws says little of the true pictures."},
    {"steak-tree.menu", "What a small tree remembers"}, {"dp-fixed-model.menu", "Private, and still told: a fixed model"}, {"dp-large-n.menu", "Private, and still told: much data"}, {"dp-weights.menu", "Private, and still told: noisy weights"},
    {"target.adult", "income over $50,000"}, {"target.steak", "how it is done"}, {"target.affairs", "rating"}, {"target.diabetes", "progression"}, {"target.warfarin", "weekly dose"}, {"target.synthetic-dose", "weekly dose"},

    // The plain controls (page/form.js)
    {"form.head", "midlab in plain controls"},
    {"form.text", "A small model is trained in this page, attacked, and defended. Every change trains and attacks again; what is above shows the same."},
    {"form.back", "Back to the pictures"},
    {"form.run", "Run"},
    {"form.story", "Story"},
    {"form.results", "Results"},
    {"form.runs", "All runs"},
    {"form.settings", "Settings"},
    {"form.seed", "Seed"},
    {"form.seed.help", "Another seed draws other people, another start and other noise."},
    {"form.link", "Link"},
    {"form.link.label", "A link to exactly this state"},
    {"form.copy", "Copy the link"},
    {"form.stop", "Stop"},
    {"form.undo", "Undo"},
    {"form.redo", "Redo"},
    {"form.which", "{section}: which"},
    {"form.none", "There are none yet."},
    {"form.stale", "These figures belong to the choice before; new ones are on their way."},
    {"form.utility", "What the model can do"},
    {"form.privacy", "What the attacker learns"},
    {"form.information", "What the answers tell"},
    {"form.figure", "Figure"},
    {"form.value", "Value"},
    {"form.baseline", "Without the model"},
    {"form.interval", "95 % interval"},
    {"form.counted", "Counted on"},
    {"form.between", "{low} to {high}"},
    {"form.runs.caption", "Runs, the newest first"},
    {"form.data", "Data"},
    {"form.model", "Model"},
    {"form.defence", "Defence"},
    {"form.show", "Show"},
    {"form.shown", "Shown"},

    // Story 1
    {"visitors.name", "40 faces"}, {"visitors.menu", "Draw the visitor"},
    {"visitors.credit", "London Set, DeBruine and Jones 2017, CC BY 4.0"},
    {"visitors.title.wait", "A small network is learning to tell 40 people apart"},
    {"visitors.caption.wait", "It runs inside this page: no picture leaves your computer."},
    {"visitors.title", "Can 40 numbers be turned back into a stranger’s face?"},
    {"visitors.caption", "The door camera answers every visitor with 40 numbers. The attacker sees only these."},
    {"visitors.attack.note", "from 40 numbers"}, {"visitors.badge", "found in most line-ups"},
    {"visitors.utility", "Residents the camera knows"}, {"visitors.utility.base", "guessing {value}"},
    {"visitors.privacy", "Strangers found in a line-up"}, {"visitors.utility.short", "Residents known"}, {"visitors.privacy.short", "Strangers found"}, {"visitors.privacy.base", "chance {value}"},
    {"visitors.x", "Strangers found →"}, {"visitors.y", "Camera is right"},
    {"visitors.explain.wait", "It learns from photos of 40 people. The faces shown here are strangers to it."},
    {"visitors.honest.here", "These people **agreed** to the use of their photos (London Set, CC BY 4.0)."},
    {"visitors.title.label", "Can a name be turned back into a stranger’s face?"}, {"visitors.title.inside", "Can a camera’s inner numbers be turned back into a face?"},
    {"visitors.caption.label", "The door camera answers with a name and nothing else. The attacker sees only that."},
    {"visitors.caption.inside", "The attacker sees the numbers inside the camera’s model, before its answer."},
    {"visitors.attack.note.label", "from a name"}, {"visitors.attack.note.inside", "from the inside"},
    {"visitors.high.label", "A name alone says whom the stranger looks like: enough to draw from."}, {"visitors.high.inside", "From the numbers inside, the attacker draws a face the camera never learnt."},
    {"visitors.high", "From 40 numbers alone, the attacker draws a face the camera never learnt."},
    {"visitors.middle", "Answers tell less now: some faces are found, others come out as anybody."},
    {"visitors.low", "Answers now tell little but a name, so drawn faces fade into the average."},
    {"visitors.try", "Drag to 0.1, then let the attacker ask 10 times (Attack table). Which faces come back? Then compare **label only**, at Off."},
    {"visitors.table.base", "Picks at random"},
    {"visitors.honest", "On {n} photos, 95 % sure: between **{low}** and **{high}**. All these people agreed to the use."},

    // Story 2
    {"confidence.name", "3,000 people"}, {"confidence.menu", "The confidence that tells your sex"},
    {"confidence.credit", "Adult, Becker and Kohavi 1996, CC BY 4.0"},
    {"confidence.title.wait", "A small network is learning who earns over $50,000"},
    {"confidence.caption.wait", "It runs inside this page: no record leaves your computer."},
    {"confidence.title", "Does one confidence give away a person’s sex?"},
    {"confidence.caption", "The bank’s model says only how likely an income over $50,000 is. The attacker knows the rest."},
    {"confidence.utility", "Incomes predicted right"}, {"confidence.utility.base", "always “less” {value}"},
    {"confidence.privacy", "Sexes the attacker names"}, {"confidence.utility.short", "Incomes right"}, {"confidence.privacy.short", "Sexes named"}, {"confidence.privacy.base", "no model {value}"},
    {"confidence.x", "Sexes named →"}, {"confidence.y", "Incomes right"},
    {"confidence.explain.wait", "It learns from 3,000 records. The people shown here are others."},
    {"confidence.title.label", "Does a yes or no give away a person’s sex?"}, {"confidence.title.inside", "Do the numbers inside give away a person’s sex?"},
    {"confidence.caption.label", "The bank’s model says only: over $50,000, yes or no. The attacker knows the rest."},
    {"confidence.caption.inside", "The attacker sees the numbers inside the bank’s model, and knows the rest."},
    {"confidence.high.label", "The answer if female and the answer if male differ: yes or no names the sex."}, {"confidence.high.inside", "The numbers inside move with the sex: they name it."},
    {"confidence.middle.label", "For some people yes or no depends on the sex: these are named."}, {"confidence.middle.inside", "The numbers inside still tip the scales for some people."},
    {"confidence.low.label", "Yes or no hardly ever depends on the sex alone: it adds little to the rest of the record."}, {"confidence.low.inside", "The numbers inside hardly add to the rest of the record."},
    {"confidence.high", "The answer if female and the answer if male differ: one number names the sex."},
    {"confidence.middle", "The two bells overlap: the answer tips the scales, but names fewer people."},
    {"confidence.low", "The bells lie over each other: the answer hardly adds to the rest of the record."},
    {"confidence.try", "Click an orange square: without the answer this person was named wrongly. Drag until the bells melt, then ask 50 times."},
    {"confidence.table.base", "Guesses without model"},
    {"confidence.honest", "**{base}** are named with no model at all, by the rest of the record. That stays."},

    // Story 3
    {"which-seven.name", "7,000 digits"}, {"which-seven.menu", "Which seven was it?"},
    {"which-seven.credit", "MNIST, LeCun and Cortes, CC BY-SA 3.0"},
    {"which-seven.title.wait", "A small network is learning to read digits"},
    {"which-seven.caption.wait", "It runs inside this page: no picture leaves your computer."},
    {"which-seven.title", "The answer says “seven”. Does it also say which seven?"},
    {"which-seven.caption", "The attacker sees ten numbers a digit: how sure the model is of 0 to 9."},
    {"which-seven.attack.note", "from 10 numbers"}, {"which-seven.badge", "found in most line-ups"},
    {"which-seven.row.average.note", "of that digit"},
    {"which-seven.utility", "Digits read right"}, {"which-seven.utility.base", "guessing {value}"},
    {"which-seven.privacy", "Digits found in a line-up"}, {"which-seven.utility.short", "Digits read right"}, {"which-seven.privacy.short", "Digits found"}, {"which-seven.privacy.base", "chance {value}"},
    {"which-seven.x", "Digits found →"}, {"which-seven.y", "Digits right"},
    {"which-seven.explain.wait", "It learns from 3,000 digits. The ones shown here are among them."},
    {"which-seven.title.inside", "Do the numbers inside say which seven it was?"},
    {"which-seven.caption.inside", "The attacker sees the numbers inside the model, before its answer."}, {"which-seven.caption.label", "The attacker sees which digit the model reads, and nothing else."},
    {"which-seven.attack.note.inside", "from the inside"}, {"which-seven.attack.note.label", "from the digit"},
    {"which-seven.high.inside", "The numbers inside hold slant and thickness: what is drawn is that very seven."}, {"which-seven.middle.inside", "Slant and thickness blur, though less than in the answer."},
    {"which-seven.low.inside", "The numbers inside tell the digit and little else."},
    {"which-seven.high", "Ten numbers say “seven”, and also which seven: its slant, its thickness."},
    {"which-seven.middle", "Slant and thickness blur: what is drawn drifts to the average of its digit."},
    {"which-seven.low", "Answers tell the digit and little else: what is drawn is the average of it."},
    {"which-seven.try", "Drag to 0.02: do slants still show? Then let answers be **the numbers inside**, and try **inside, one bit each** at Off."},
    {"which-seven.table.base", "Picks at random"},
    {"which-seven.honest", "On {n} digits that it learnt from, 95 % sure: between **{low}** and **{high}**."},

    // Story 4
    {"face-from-name.name", "40 people"}, {"face-from-name.menu", "A face from a name"},
    {"face-from-name.credit", "London Set, DeBruine and Jones 2017, CC BY 4.0"},
    {"face-from-name.title.wait", "A small network is learning to tell 40 people apart"},
    {"face-from-name.caption.wait", "It runs inside this page: no picture leaves your computer."},
    {"face-from-name.title", "Can a name be turned back into a face?"},
    {"face-from-name.caption", "The attacker holds the model, and searches for the face it likes best for a name."},
    {"face-from-name.attack.note", "from a name"}, {"face-from-name.row.true.note", "who it learnt"},
    {"face-from-name.utility", "People the model knows"}, {"face-from-name.utility.base", "guessing {value}"},
    {"face-from-name.privacy", "Faces found in a line-up"}, {"face-from-name.utility.short", "People known"}, {"face-from-name.privacy.short", "Faces found"},
    {"face-from-name.privacy.base", "chance {value}"},
    {"face-from-name.x", "Faces found →"}, {"face-from-name.y", "People known"},
    {"face-from-name.explain.wait", "It learns from photos of 40 people. The faces shown here are theirs."},
    {"face-from-name.honest.here", "These people **agreed** to the use of their photos (London Set, CC BY 4.0)."},
    {"face-from-name.high.pixels", "Pixel by pixel it finds what the model is sure of. To people it is noise."}, {"face-from-name.middle.pixels", "Pixel by pixel it finds what the model is sure of. To people it is noise."},
    {"face-from-name.high.defended", "This defence does next to nothing here: the attacker takes what the model is for."},
    {"face-from-name.high", "Asked for a name until it is sure, the model leads to a face of the right kind."},
    {"face-from-name.middle", "Fewer faces are found, and the model knows fewer people: both go together."},
    {"face-from-name.low", "The faces are gone, and so is the model: it hardly knows anybody."},
    {"face-from-name.honest", "Of {n} names, 95 % sure: **{low}** to **{high}**. What knows a face can be asked for it."},
    {"face-from-name.try", "Drag to 0.1, then to 1. Which number falls first: the blue one or the orange one?"},
    {"face-from-name.table.base", "Picks at random"}, {"face-from-name.table.main", "Averages the noise"},
    {"face-from-name.table_naive", "Takes noise as it comes"}, {"face-from-name.table_mean", "Leaves the noise out"},

    // Story 5
    {"survey-tree.name", "10,000 people"}, {"survey-tree.menu", "The tree that asks if you are married"},
    {"survey-tree.credit", "Adult, Becker and Kohavi 1996, CC BY 4.0"},
    {"survey-tree.title.wait", "A tree is learning who earns over $50,000"},
    {"survey-tree.caption.wait", "It grows inside this page: no record leaves your computer."},
    {"survey-tree.title", "Does the tree give away who is married?"},
    {"survey-tree.caption", "It predicts who earns over $50,000. The attacker knows the rest, and the income."},
    {"survey-tree.explain.wait", "It learns from 7,500 records. The people shown here are others."},
    {"survey-tree.utility", "Incomes predicted right"}, {"survey-tree.utility.base", "always “less” {value}"},
    {"survey-tree.privacy", "Marriages the attacker gets right"}, {"survey-tree.utility.short", "Incomes right"}, {"survey-tree.privacy.short", "Marriages right"},
    {"survey-tree.privacy.base", "guessing {value}"},
    {"survey-tree.x", "Marriages named →"}, {"survey-tree.y", "Incomes right"},
    {"survey-tree.high", "Each leaf is an answer. In an orange leaf, that answer also tells who is married."},
    {"survey-tree.middle", "Fewer leaves tell who is married, but some still do."},
    {"survey-tree.low", "No leaf tells more about marriage than everyone’s share does."},
    {"survey-tree.honest", "Marriage itself predicts income. **{base}** are right by guessing, with no tree at all."},
    {"honest.total", "The leaf tells **{bits}** bits of the record. A small total can still be all about one secret."},
    {"survey-tree.try", "Drag to 0.1: far fewer leaves, the same leak. Then put the price on **the secret only**, at 0.4."},
    {"survey-tree.table.base", "Guesses"},

    // Story 6
    {"dose.name", "1,780 patients"}, {"dose.name.made", "made-up patients"}, {"dose.menu", "The dose that tells the gene"},
    {"dose.credit", "Warfarin, IWPC 2009, GPL-3"},
    {"dose.title.wait", "A formula is learning the dose of a blood thinner"},
    {"dose.caption.wait", "It is fitted inside this page: no record leaves your computer."},
    {"dose.title", "Does the dose give away a gene?"},
    {"dose.caption", "The model suggests a weekly dose of a blood thinner. The attacker knows the rest of the record."},
    {"dose.explain.wait", "It learns from 1,335 patients. Those shown here are others."},
    {"dose.utility", "Doses within 20 % of the right one"}, {"dose.utility.base", "same for all {value}"},
    {"dose.privacy", "Genes the attacker names right"}, {"dose.utility.short", "Doses within 20 %"}, {"dose.privacy.short", "Genes named"},
    {"dose.privacy.base", "guessing {value}"},
    {"dose.x", "Genes named →"}, {"dose.y", "Doses within 20 %"},
    {"dose.high", "From the rest of the record and the dose, the attacker works back to the gene."},
    {"dose.middle", "With noise on the dose several genes fit; the attacker takes the likeliest."},
    {"dose.low", "The answer hardly moves with the gene, and hardly with the patient either."},
    {"dose.honest.exact", "95 % sure: **{low}** to **{high}** of {n} patients."},
    {"dose.honest", "95 % sure: **{low}** to **{high}** of {n} patients. Much of the defence is the noise itself."},
    {"dose.try", "Drag to 0.01: nearly noise alone. Ask 50 times (Attack table). Then compare answers **with noise** at Off."},
    {"dose.table.base", "Guesses"},
    {"dose.axis.x", "Right dose, mg a week →"}, {"dose.axis.y", "Answer, mg a week"}, {"dose.within", "within 20 %"},
    {"dose.could", "answers this patient could get"}, {"dose.today", "answer {value}"}, {"dose.patient", "Patient {n}"},
    {"dose.before", "Patient before"}, {"dose.after", "Next patient"}, {"dose.believes", "What the attacker believes about {name}"},
    {"error2", "error²"}, {"gain", "gain"}, {"worth", "worth"}, {"fit.sum", "Fitting keeps this sum small; on new data:"},
    {"tree.sum", "Worth of asking “{question}” here:"}, {"tree.leaf.sum", "One leaf: there is nothing to ask."},

    // The stage of story 5
    {"tree.cut", "cut by the defence"}, {"tree.cut.leaves", "{n} leaves cut"}, {"tree.save", "Save"}, {"tree.save.svg", "SVG"}, {"tree.save.svg.note", "the whole tree as a picture"},
    {"tree.save.dot", "DOT"}, {"tree.save.dot.note", "for Graphviz"}, {"tree.saved", "Saved as {name}."},
    {"tree.everyone", "everyone {value}"}, {"tree.everyone.each", "everyone’s share"}, {"tree.gives", "gives it away"}, {"tree.share", "{value} {name}"}, {"tree.more", "{n} more"},
    {"tree.to", "to"}, {"tree.empty", "One leaf: nothing to tell"}, {"tree.leaves", "{n} leaves"}, {"tree.person", "Person {n}"},
    {"price", "Price on"}, {"price.mid", "every question"}, {"price.mid.note", "MID: whatever the leaf tells costs"},
    {"price.mid_targeted", "the secret only"}, {"price.mid_targeted.note", "targeted MID: only splits on the secret cost"},
    {"trade.targeted", "targeted"}, {"trade.private", "differential privacy"}, {"trade.other", "other"},
    {"release.noise", "with noise"}, {"release.noise.note", "noise added to the model nobody defended"},

    // The stage of story 2
    {"bells.person", "Person {n}"}, {"bells.before", "Person before"}, {"bells.after", "Next person"},
    {"bells.axis", "Answer: how likely an income over $50,000 is"},
    {"bells.if", "if {value}"}, {"bells.answer", "answer {value}"}, {"bells.belief", "The attacker believes"},
    {"bells.true", "true"}, {"bells.legend.after", "after the answer"}, {"bells.legend.before", "before"},
    {"grid.head", "{n} people, one square each"}, {"grid.known", "right without the model"},
    {"grid.gained", "right only thanks to the model"}, {"grid.wrong", "wrong"}, {"grid.known.short", "no model needed"}, {"grid.gained.short", "thanks to the model"}, {"grid.wrong.short", "wrong"},
  };
  return table;
}

namespace {

Language spoken = Language::english;

/// Letters with accents, a third more of them, nothing changed inside {holes}; **strong** stays strong.
std::string accented(std::string_view text) {
  static const std::map<char, std::string_view> kAccents{{'a', "á"}, {'e', "é"}, {'i', "í"}, {'o', "ö"}, {'u', "ü"}, {'A', "Å"}, {'E', "É"}, {'O', "Ø"}, {'n', "ñ"}, {'c', "ç"}, {'y', "ý"}};
  std::string out;
  int letters = 0;
  bool hole = false;
  for (const char c : text) {
    hole = c == '{' || (hole && c != '}');
    const auto accent = kAccents.find(c);
    if (!hole && c != '}' && accent != kAccents.end()) out += accent->second;
    else out += c;
    // Long words grow where they stand, so that lines break as those of a translation would.
    if (!hole && accent != kAccents.end() && ++letters % 2 == 0) out += accent->second;
  }
  return out;
}

const StringTable& pseudo() {
  static const std::map<std::string_view, std::string> texts = [] {
    std::map<std::string_view, std::string> all;
    for (const auto& [key, text] : english()) all[key] = accented(text);
    return all;
  }();
  static const StringTable table(texts.begin(), texts.end());
  return table;
}

const std::string_view* found(std::string_view key) {
  const StringTable& own = spoken == Language::german ? german() : spoken == Language::pseudo ? pseudo() : english();
  for (const StringTable* table : {&own, &english()})
    if (const auto at = table->find(key); at != table->end()) return &at->second;
  return nullptr;
}

}  // namespace

void set_language(Language language) { spoken = language; }
Language language() { return spoken; }

std::string_view words(std::string_view key) {
  const std::string_view* text = found(key);
  return text ? *text : key;
}

std::string localised(std::string number) {
  if (spoken == Language::german)
    if (const auto point = number.find('.'); point != std::string::npos) number[point] = ',';
  return number;
}

std::string filled(std::string text, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  for (const auto& [name, value] : values) {
    const std::string hole = "{" + std::string(name) + "}";
    for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size()))
      text.replace(at, hole.size(), value);
  }
  return text;
}

std::string words(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  return filled(std::string(words(key)), values);
}

const std::string_view* story_text(std::string_view story, std::string_view key) {
  const auto of = [&](const std::string& whose) { return found(whose + "." + std::string(key)); };
  const std::string own(story);
  if (const std::string_view* text = of(own)) return text;
  if (own.starts_with("other-")) {
    for (const std::string& whose : {std::string("other"), "own-" + own.substr(6), std::string("own")})
      if (const std::string_view* text = of(whose)) return text;
    return nullptr;
  }
  return own.starts_with("own-") ? of("own") : nullptr;
}

std::string_view story_words(std::string_view story, std::string_view key) {
  const std::string_view* text = story_text(story, key);
  return text ? *text : words(key);
}

std::string story_words(std::string_view story, std::string_view key,
                        std::initializer_list<std::pair<std::string_view, std::string>> values) {
  return filled(std::string(story_words(story, key)), values);
}

}  // namespace mid::ui
