// Everything that the canvas offers as plain HTML, for screen readers, keyboards and those who like forms better. It is made
// from the Session's own lists of parameters, its choices are commands of window.mid, and it shows what window.mid.session()
// says: the canvas shows the same all the time.
{
  const box = document.getElementById("form"), skip = document.getElementById("skip");
  // make("p", { id: "x", "aria-label": "y", onclick }, "text", element): functions and what JavaScript knows are properties.
  const make = (tag, features = {}, ...inside) => {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(features)) if (name in e) e[name] = value; else e.setAttribute(name, value);
    e.append(...inside);
    return e;
  };
  const spelled = name => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");
  const worded = (key, otherwise) => { const words = mid.words(key); return words === key ? otherwise : words; };
  const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name] ?? "");
  // What the core says of something that happened: a text, or {key, with}.
  const told = m => typeof m === "string" ? m : filled(mid.words(m.key), Object.fromEntries(Object.entries(m.with ?? {}).map(([name, v]) => [name, told(v)])));
  const at = (spec, path) => path.split(".").reduce((o, name) => o?.[name], spec);
  // As in the language of the page, and never with signs between the thousands: they would be taken for the decimal sign.
  const local = v => v.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 9, useGrouping: false });
  const number = v => v === null || v === undefined ? "–" : local(+v.toPrecision(3));
  const value = (v, unit) => typeof v !== "number" ? "–" : unit === "proportion" ? local(+(100 * v).toFixed(1)) + "\u00A0%" : number(v) + (unit && "\u00A0" + unit);
  const figure = name => worded("figure." + name, spelled(name));   // an attack's own have no title

  // A button that can do nothing stays in the tab order: the focus is not lost on it.
  const pressable = (name, press) => {
    const b = make("button", { type: "button", onclick: () => { if (b.ariaDisabled !== "true") press(); } }, name);
    return b;
  };

  // ---- one parameter: a labelled control, its help, and what the core has against its value ----

  const toText = v => v === null || v === undefined ? "" : Array.isArray(v) ? v.some(one => typeof one === "object") ? JSON.stringify(v) : v.join(", ") : String(v);
  const toValue = (text, type) => {   // what is no number goes to the core as it is: it knows what to say
    const words = text.split(",").map(w => w.trim()).filter(Boolean), n = w => Number.isFinite(+w) ? +w : w;
    if (type === "integers") return words.map(n);
    if (type === "texts") return words;
    if (type === "objects") try { return text.trim() === "" ? [] : JSON.parse(text); } catch { return text; }
    const decimal = (1.5).toLocaleString(document.documentElement.lang)[1];
    const plain = type === "number" && !text.includes(".") ? text.replace(decimal, ".") : text;
    return text.trim() === "" ? null : type === "text" ? text.trim() : n(plain.trim());
  };

  const controls = new Map();   // path: { input, type, shown, wrong }
  function field(path, label, type, help, choices, optional) {
    const id = "form." + path, wrong = make("p", { id: id + ".wrong", className: "wrong", role: "alert" });
    const features = { id, "aria-describedby": `${id}.help ${id}.wrong` };
    const input = choices ? make("select", features, ...choices.map(([v, text]) => make("option", { value: v }, text)))
                          : make("input", { ...features, type: type === "boolean" ? "checkbox" : "text", autocomplete: "off", spellcheck: false, placeholder: optional ? mid.words("advanced.auto") : "",
                                            inputMode: type === "number" ? "decimal" : type === "integer" ? "numeric" : "text" });
    const control = { input, type, wrong, shown: null };
    input.onchange = async () => {
      const wish = type === "boolean" ? input.checked : choices ? input.value : toValue(input.value, type);
      await mid.command({ do: "set", fields: { [path]: wish } });
      const { page } = await mid.session(), refused = JSON.stringify(at(page.spec, path) ?? (type === "objects" ? [] : undefined)) !== JSON.stringify(wish);
      wrong.textContent = refused ? page.notice : "";
      input.ariaInvalid = refused ? "true" : null;
      show();
    };
    controls.set(path, control);
    return make("div", { className: "field" }, make("label", { htmlFor: id }, label), input, make("p", { id: id + ".help", className: "help" }, help), wrong);
  }
  function refresh(path, spec) {   // what stands there stays until the Session's own value is another
    const { input, type, wrong, shown } = controls.get(path), text = toText(at(spec, path));
    if (shown === text) return;
    controls.get(path).shown = text;
    if (type === "boolean") input.checked = text === "true"; else input.value = text;
    wrong.textContent = "";
    input.ariaInvalid = null;
  }

  // ---- a section: which entry, and the parameters of that entry ----

  const range = p => {
    const bound = { low: p.low === null ? "" : local(p.low), high: p.high === null ? "" : local(p.high) };
    const key = p.type === "text" || (p.low === null && p.high === null) ? "" : p.high === null ? "from" : p.low === null ? "to" : "range";
    return key ? " " + filled(mid.words("advanced." + key), bound) + (p.unit && " " + worded("unit." + p.unit, p.unit)) + "." : "";
  };
  function section(part) {
    const title = worded("section." + part.name, spelled(part.name)), params = make("div", { className: "fields" });
    const chooser = part.key && part.name + "." + part.key;
    const set = make("fieldset", {}, make("legend", {}, title), make("p", { className: "help" }, mid.words(part.help_key)));
    if (chooser) set.append(field(chooser, filled(mid.words("form.which"), { section: title }), "text", "", part.entries.map(e => [e.name, mid.words(e.title_key)])));
    set.append(params);
    let built = null, listed = [];   // the entry and the kind of model whose parameters stand there
    return { set, show(spec) {
      const model = at(spec, "model.kind"), fits = thing => !thing.models.length || thing.models.includes(model);
      const name = chooser ? at(spec, chooser) : part.entries[0].name, entry = part.entries.find(e => e.name === name);
      if (chooser) for (const option of controls.get(chooser).input.options) option.hidden = option.disabled = !fits(part.entries.find(e => e.name === option.value));
      if (entry && built !== entry.name + " " + model) {
        for (const p of listed) controls.delete(part.name + "." + p.name);
        built = entry.name + " " + model, listed = entry.params.filter(fits);
        params.replaceChildren(...listed.map(p => field(part.name + "." + p.name, spelled(p.name), p.type, mid.words(p.help_key) + range(p),
          p.choices.length ? p.choices.map(c => [c, worded("value." + c, spelled(c))]) : null, p.default_value === null)));
        set.hidden = !chooser && !listed.length;
        if (chooser) document.getElementById(`form.${chooser}.help`).textContent = mid.words(entry.summary_key);
      }
      if (chooser) refresh(chooser, spec);
      for (const p of listed) refresh(part.name + "." + p.name, spec);
    } };
  }

  // ---- results ----

  const row = (cells, kind = "td") => make("tr", {}, ...cells.map((c, i) => kind === "td" && i ? make("td", {}, c) : make("th", { scope: kind === "th" ? "col" : "row" }, c)));
  const table = (caption, head, rows) => make("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption), make("thead", {}, row(head, "th")), make("tbody", {}, ...rows)));
  const figures = (caption, group) => table(caption, ["figure", "value", "baseline", "interval", "counted"].map(k => mid.words("form." + k)), Object.entries(group).map(([name, m]) =>
    row([figure(name), value(m.value, m.unit), value(m.baseline, m.unit), m.low === null ? "–" : filled(mid.words("form.between"), { low: value(m.low, m.unit), high: value(m.high, m.unit) }), m.n || "–"])));
  const details = new Set();   // figures that one line has no room for
  const listed = group => Object.entries(group).filter(([name]) => !details.has(name)).map(([name, v]) => figure(name) + " " + number(v)).join(", ");
  const titles = {};   // of entries: "data.adult"
  const chosen = (spec, name, key) => {
    const { [key]: entry, ...rest } = spec[name];
    return [titles[name + "." + entry] ?? spelled(entry), ...name === "data" ? [] : Object.entries(rest).map(([param, v]) => spelled(param).toLowerCase() + " " + toText(v))].join(", ");
  };
  const runRow = (run, n, shownSpec) => {
    const model = titles["model." + run.spec.model.kind] ?? spelled(run.spec.model.kind);
    const cells = [chosen(run.spec, "data", "name"), model, chosen(run.spec, "defense", "kind"), String(run.spec.seed)], isShown = JSON.stringify(run.spec) === shownSpec;
    const button = pressable(mid.words(isShown ? "form.shown" : "form.show"), () => mid.command({ do: "run", spec: run.spec }));
    button.id = "form.run." + run.id;
    button.ariaLabel = `${button.textContent}, ${mid.words("form.run")} ${n}: ${cells[0]}, ${cells[1]}, ${cells[2]}, ${mid.words("seed")} ${cells[3]}`;
    button.ariaDisabled = isShown;
    const line = row([String(n), ...cells, run.failed ? "–" : listed(run.utility), run.failed ? told(run.failed_message ?? run.failed) : listed(run.privacy), button]);
    if (isShown) line.ariaCurrent = "true";
    return line;
  };

  // ---- lessons: the step that the canvas shows, its question, what came of it ----

  function lessonPart() {
    const choose = make("select", { id: "form.lesson" }), body = make("div"), told = make("div", { role: "status" });
    const does = (id, name, command, may = true) => {
      const b = pressable(name, () => mid.command({ do: "lesson", ...command }));
      b.id = "form.lesson." + id, b.ariaDisabled = !may;
      return b;
    };
    const set = make("fieldset", {}, make("legend", {}, mid.words("lessons")), make("div", { className: "field" }, make("label", { htmlFor: "form.lesson" }, mid.words("lessons.tip")), choose),
      pressable(mid.words("lesson.begin"), () => mid.command({ do: "lesson", key: choose.value })), body, told);
    let shown = "";
    return { set, show(l) {
      if (!choose.options.length) choose.append(...l.all.map(x => make("option", { value: x.key }, x.title)));
      const text = JSON.stringify(l), focus = body.contains(document.activeElement) ? document.activeElement.id : "";
      if (text === shown) return;
      shown = text;
      if (!l.key) { body.replaceChildren(), told.replaceChildren(); return; }
      choose.value = l.key;
      const asking = l.at === "asking";
      body.replaceChildren(make("h3", {}, `${l.title}. ${filled(mid.words("lesson.step"), { n: l.step, of: l.of })}`), make("p", {}, l.say),
        ...l.ask ? [make("p", {}, l.ask), make("div", { className: "buttons" }, ...l.options.map((o, i) => does("option." + (i + 1), o, { answer: i + 1 }, asking)))] : [],
        make("div", { className: "buttons" }, does("back", mid.words("lesson.back"), { step: l.step - 1 }, l.step > 1),
          does("next", mid.words("lesson.next"), { step: l.step + 1 }, l.step < l.of && !asking)));
      const outcome = l.ask && !asking ? filled(mid.words(l.answer === l.right ? "lesson.true" : "lesson.false"), { option: l.options[l.right - 1], yours: l.options[l.answer - 1] }).replaceAll("**", "") : "";
      told.replaceChildren(...l.at === "seen" ? [outcome, l.see, ...l.lines.map(x => x.text)].filter(Boolean).map(t => make("p", {}, t))
        : asking ? [] : [make("p", {}, mid.words(l.at === "running" ? "lesson.running" : "lesson.elsewhere"))]);
      (document.getElementById(focus) ?? (focus && document.getElementById("form.lesson.next")))?.focus?.();
    } };
  }

  // ---- what a class found: codes in, two tables out ----

  function classPart() {
    const own = make("output", { id: "form.class.own" }), told = make("div", { role: "status" }), text = make("textarea", { id: "form.class", rows: 4, spellcheck: false });
    text.oninput = () => mid.command({ do: "class", text: text.value, open: false });
    const set = make("fieldset", {}, make("legend", {}, mid.words("form.class")), make("p", { className: "help" }, mid.words("class.how")),
      make("div", { className: "field" }, make("label", { htmlFor: "form.class.own" }, mid.words("form.class.code")), own),
      make("div", { className: "field" }, make("label", { htmlFor: "form.class" }, mid.words("form.class.label")), text), told);
    let shown = "";
    return { set, show(c) {
      own.textContent = c.code || "–";
      const news = JSON.stringify({ ...c, code: "" });
      if (news === shown) return;
      shown = news;
      if (!c.n) { told.replaceChildren(...c.unreadable ? [make("p", {}, mid.words("class.unreadable"))] : []); return; }
      const bins = part => part.bins.map((n, i) => [n, i]).filter(([n]) => n).map(([n, i]) => row([filled(mid.words("form.between"), { low: 5 * i, high: 5 * i + 5 + "\u00A0%" }), String(n)]));
      told.replaceChildren(...["again", "others"].filter(k => c[k]).map(k => make("p", {}, filled(mid.words("class." + k), { n: c[k] }))),
        ...[c.privacy, c.utility].flatMap(part => [
          make("p", {}, part.name + ": " + part.told.replaceAll("**", "")),
          table(`${part.name}, ${c.n}`, [mid.words("form.value"), mid.words("form.class.count")], bins(part))]));
    } };
  }

  // ---- the whole ----

  let parts = null;
  function build(catalogue) {
    for (const f of catalogue.figures) if (f.detail) details.add(f.name);
    for (const part of catalogue.sections) for (const e of part.entries) titles[part.name + "." + e.name] = mid.words(e.title_key);
    const button = (name, does, may) => ({ b: pressable(name, () => mid.command({ do: does })), may });
    const story = make("select", { id: "form.story", onchange: () => { parts.asked = { story: story.value, until: performance.now() + 2000 }; mid.command({ do: "run", preset: story.value }); } },
      ...catalogue.stories.map(s => make("option", { value: s.name }, mid.words(s.menu_key))));
    const language = make("select", { id: "form.language", onchange: () => mid.command({ do: "language", to: language.value }) },
      ...Object.entries(languages).map(([code, l]) => make("option", { value: code, lang: code }, l.unreviewed ? `${l.name} (${l.unreviewed})` : l.name)));
    const buttons = [button(mid.words("pause"), "pause", p => p.busy && !p.paused), button(mid.words("play"), "resume", p => p.busy && p.paused),
                     button(mid.words("step"), "step", () => true), button(mid.words("again"), "restart", () => true),
                     button(mid.words("form.stop"), "stop", p => p.busy), button(mid.words("form.undo"), "undo", p => p.undo > 0), button(mid.words("form.redo"), "redo", p => p.redo > 0)];
    const sections = catalogue.sections.map(section), status = make("p", { id: "form-status", role: "status" });
    const error = make("div", { className: "wrong", role: "alert" }), summary = make("p"), results = make("div"), picture = make("div"), chart = make("div", { id: "form.chart" }), runs = make("div");
    const fill = pressable("", () => mid.command({ do: "fill", on: fill.dataset.on !== "true" }));
    fill.id = "form.fill";
    // A table of one's own: the file, then which column is predicted and which is secret.
    const own = { file: make("input", { id: "form.own", type: "file", accept: ".csv,.tsv,.txt,.gz,text/csv", "aria-describedby": "form.own.help form.own.wrong" }),
                  wrong: make("p", { id: "form.own.wrong", className: "wrong", role: "alert" }), target: make("select", { id: "form.own.target" }), secret: make("select", { id: "form.own.secret" }) };
    own.file.onchange = () => { if (own.file.files[0]) mid.openTable(own.file.files[0]); };
    // A model beside it: what was recognised, for the columns that are chosen.
    Object.assign(own, { model: make("input", { id: "form.own.model", type: "file", accept: ".onnx,.safetensors,.json,application/octet-stream", "aria-describedby": "form.own.model.help form.own.model.wrong" }),
      modelWrong: make("p", { id: "form.own.model.wrong", className: "wrong", role: "alert" }), found: make("ul", { id: "form.own.found", role: "status" }),
      attack: make("select", { id: "form.own.attack" }), without: pressable(mid.words("own.model.drop"), () => { own.model.value = ""; mid.command({ do: "own", model: false, look: true }); }) });
    const columns = () => ({ do: "own", target: own.target.value, secret: own.secret.value });
    const look = () => mid.command({ ...columns(), look: true });
    own.model.onchange = async () => { if (own.model.files[0]) { await mid.openTable(own.model.files[0]); look(); } };
    own.target.onchange = own.secret.onchange = look;
    own.byAttack = make("div", { className: "field", hidden: true }, make("label", { htmlFor: "form.own.attack" }, mid.words("own.form.attack")), own.attack);
    own.go = pressable("", () => mid.command({ ...columns(), attack: own.attack.value }));
    own.ask = make("div", { hidden: true }, make("div", { className: "field" }, make("label", { htmlFor: "form.own.target" }, mid.words("own.ask.0")), own.target),
      make("div", { className: "field" }, make("label", { htmlFor: "form.own.secret" }, mid.words("own.ask.1")), own.secret),
      make("div", { className: "field" }, make("label", { htmlFor: "form.own.model" }, mid.words("own.form.model")), own.model,
        make("p", { id: "form.own.model.help", className: "help" }, mid.words("own.form.model.help")), own.modelWrong, own.found), own.byAttack, own.go, own.without);
    own.set = make("fieldset", {}, make("legend", {}, mid.words("own.form")), make("div", { className: "field" }, make("label", { htmlFor: "form.own" }, mid.words("own.choose")), own.file,
      make("p", { id: "form.own.help", className: "help" }, mid.words("own.form.help")), own.wrong), own.ask);
    const saves = make("div", { className: "buttons" }, ...["svg", "dot"].map(format => pressable(`${mid.words("tree.save")} ${format.toUpperCase()}`, () => mid.command({ do: "export", format }))));
    const lesson = lessonPart(), classes = classPart();
    const linkHelp = make("p", { className: "help" });
    const link = make("input", { id: "form.link", type: "text", readOnly: true, onfocus: () => link.select() });
    box.replaceChildren(
      make("h1", { tabIndex: -1 }, mid.words("form.head")),
      make("p", {}, mid.words("form.text")),
      pressable(mid.words("form.back"), close),
      make("div", { className: "field" }, make("label", { htmlFor: "form.language" }, mid.words("language.choose")), language),
      make("h2", {}, mid.words("form.run")), make("div", { className: "field" }, make("label", { htmlFor: "form.story" }, mid.words("form.story")), story), lesson.set, classes.set, own.set,
      make("div", { className: "buttons" }, ...buttons.map(x => x.b)), status, error,
      make("h2", {}, mid.words("form.results")), summary, results, picture, saves, make("h2", {}, mid.words("trade.title")), chart, fill, make("h2", {}, mid.words("form.runs")), runs,
      make("h2", {}, mid.words("form.settings")), field("seed", mid.words("form.seed"), "integer", mid.words("form.seed.help")),
      ...sections.map(s => s.set),
      make("h2", {}, mid.words("form.link")), make("div", { className: "field" }, make("label", { htmlFor: "form.link" }, mid.words("form.link.label")), link, linkHelp,
        pressable(mid.words("form.copy"), mid.copyLink)),
      ...mid.manual ? [make("h2", {}, mid.words("help.manual")), make("p", { id: "form.manual.help" }, mid.words("help.manual.tip")),
        make("a", { id: "form.manual", href: mid.manual, target: "_blank", rel: "noopener", "aria-describedby": "form.manual.help" }, mid.words("help.manual"))] : []);
    return { story, buttons, sections, status, error, summary, results, picture, chart, fill, runs, link, linkHelp, own, saves, lesson, classes, asked: null, shownTable: null, shownChart: null, said: 0, shownResult: null, shownPicture: null, shownRuns: null, shownSpec: null };
  }

  // Nobody wants to hear every round.
  function tell(s) {
    const { progress: g = {}, page } = s, now = performance.now();
    const unit = { ...g, stage: worded("stage." + g.stage, spelled(g.stage || "start")) };
    const text = page.error ? "" : !page.busy ? mid.words("progress.done") + "." : page.paused ? filled(mid.words("progress.paused"), unit) + "."
      : g.total > 1 ? filled(mid.words("progress.other"), unit) + "." : unit.stage + ".";
    if (text === parts.status.textContent || (page.busy && !page.paused && now - parts.said < 4000)) return;
    parts.status.textContent = text;
    parts.said = now;
  }

  function showOwn({ own, spec }) {
    const { file, wrong, ask, target, secret, modelWrong, found: list, attack, byAttack, go, without } = parts.own, { model } = own;
    if (wrong.textContent !== own.failed) wrong.textContent = own.failed;
    ask.hidden = !own.table;
    if (modelWrong.textContent !== model.failed) modelWrong.textContent = model.failed;
    go.textContent = mid.words(model.here ? "own.model.go" : "own.go");
    go.ariaDisabled = model.failed !== "", without.hidden = !model.here, byAttack.hidden = model.attacks.length < 2;
    const recognised = JSON.stringify([model.found, model.attacks]);
    if (recognised !== parts.shownModel) {
      parts.shownModel = recognised;
      list.replaceChildren(...model.found.map(text => make("li", {}, text)));
      attack.replaceChildren(...model.attacks.map(name => make("option", { value: name }, worded(`attack.${name}.title`, name))));
      attack.value = model.attack;
    }
    parts.linkHelp.textContent = spec.data?.csv ? filled(mid.words("own.shared"), { file: spec.data.csv.replace(/.*[\/\\]/, "") }).replace(/^[^.]*\. /, "") : "";
    const shape = JSON.stringify(own.table?.columns ?? null);
    if (shape === parts.shownTable) return;
    parts.shownTable = shape;
    if (!own.table) return;
    const found = c => (c.numeric ? filled(mid.words("own.numbers"), { n: c.distinct }) : filled(mid.words("own.texts"), { n: c.distinct, values: c.values.join(", ") })) +
      (c.missing ? ", " + filled(mid.words("own.missing"), { n: c.missing }) : "");
    const options = role => own.table.columns.map(c => make("option", { value: c.name, disabled: c.why[role] !== "" }, `${c.name}: ${c.why[role] || found(c)}`));
    target.replaceChildren(...options("target")), secret.replaceChildren(...options("secret"));
    target.value = own.target || own.table.columns.findLast(c => !c.why.target)?.name;
    secret.value = own.secret || own.table.columns.find(c => !c.why.secret && c.name !== target.value)?.name;
  }

  // The chart in words: who gives away least at equal use, then each strength of each defence with its intervals.
  function showChart({ sentence, utility, privacy, rows }) {
    const shape = JSON.stringify([sentence, rows]);
    if (shape === parts.shownChart) return;
    parts.shownChart = shape;
    const sure = ([v, low, high]) => value(v, "proportion") + (low === null ? "" : ` (${filled(mid.words("form.between"), { low: value(low, "proportion"), high: value(high, "proportion") })})`);
    parts.chart.replaceChildren(make("p", {}, sentence || mid.words("form.none")), ...rows.length ? [table(mid.words("trade.title") + ". " + mid.words("trade.bars"),
      [mid.words("form.defence"), utility, privacy, mid.words("form.seeds")], rows.map(r => {
        const line = row([`${r.name} ${r.strength}`.trim(), sure(r.utility), sure(r.privacy), String(r.seeds)]);
        if (r.shown) line.ariaCurrent = "true";
        return line;
      }))] : []);
  }

  // The chosen picture: its way to the attacker, what the attacker is told about it, and its line-up.
  function showPicture({ answers, line_up: line, walk, members, tree }) {
    const news = JSON.stringify([answers, line.title, line.list, walk.list, members, tree]);
    if (news === parts.shownPicture) return;
    parts.shownPicture = news;
    const { picture } = parts, focus = picture.contains(document.activeElement) ? document.activeElement.id : "";
    const choose = (id, name, column) => {
      const b = pressable(name, () => mid.command({ do: "answers", column }));
      b.id = "form.picture." + id, b.ariaDisabled = column < 0;
      return b;
    };
    picture.replaceChildren(...[...members, ...tree].map(text => make("p", {}, text)), ...answers.rows || line.list ? [make("div", { className: "buttons" }, choose("before", mid.words("numbers.before"), answers.column - 1),
        choose("after", mid.words("numbers.after"), answers.column + 1))] : [],
      ...walk.list.length ? [make("h3", {}, mid.words("walk.list")), make("ol", { id: "form.walk" }, ...walk.list.map(text => make("li", {}, text)))] : [],
      ...answers.rows ? [table(answers.caption, answers.head, answers.rows.map(cells => row(cells)))] : [],
      ...line.list ? [make("h3", {}, mid.words("line-up.list")), make("p", {}, line.title), make("ol", { id: "form.line-up" }, ...line.list.map(text => make("li", {}, text)))] : []);
    document.getElementById(focus)?.focus();
  }

  async function show() {
    if (box.hidden) return;
    const s = await mid.session(), { page } = s;
    if (page.language !== parts.language) {   // every word anew
      const { id } = document.activeElement;
      controls.clear();
      parts = build((await mid.capabilities()).catalogue);
      parts.language = page.language;
      document.getElementById("form.language").value = page.language;
      document.getElementById(id)?.focus();
    }
    // A state from before the choice was taken must not take it back, or the next arrow key starts from the old story.
    if (page.story === parts.asked?.story || performance.now() > parts.asked?.until) parts.asked = null;
    if (!parts.asked) parts.story.value = page.story;   // none of a table of one's own
    for (const { b, may } of parts.buttons) b.ariaDisabled = !may(page);
    refresh("seed", page.spec);
    for (const part of parts.sections) part.show(page.spec);
    tell(s);
    showOwn(page);
    parts.lesson.show(page.lesson);
    parts.classes.show(page.class);
    parts.saves.hidden = !page.tree;
    showChart(page.chart);
    parts.fill.hidden = !page.filling && !(page.unfilled > 0);
    parts.fill.dataset.on = page.filling;
    parts.fill.textContent = filled(page.filling ? `${mid.words("trade.filling")}: ${mid.words("trade.fill.stop")}` : mid.words("trade.fill.tip"), { n: page.unfilled });
    if (parts.error.dataset.text !== page.error) {
      parts.error.dataset.text = page.error;
      parts.error.replaceChildren(...page.error ? [make("p", {}, mid.words("error.title") + ": " + page.error),
        pressable(mid.words("error.back"), () => mid.command({ do: "back" }))] : []);
    }
    const r = s.result;
    parts.summary.textContent = !r ? mid.words("form.none") : page.stale ? mid.words("form.stale") : document.getElementById("spoken").textContent;
    if (r && r !== parts.shownResult) {
      parts.shownResult = r;
      parts.results.replaceChildren(figures(mid.words("form.utility"), r.utility), figures(mid.words("form.privacy"), r.privacy), figures(mid.words("form.information"), r.information),
        ...r.notes?.path ? [table(mid.words("theatre.table"), [mid.words("unit.step"), mid.words("theatre.sure"), mid.words("theatre.detail")],
          r.notes.path.step.map((step, k) => row([String(step), value(r.notes.path.confidence[k], "proportion"), value(r.notes.path.r_squared[k], "proportion")])))] : [],
        ...page.warnings.length ? [make("h3", {}, mid.words("form.warnings")), make("ul", { id: "form.warnings" }, ...page.warnings.map(w => make("li", {}, w)))] : []);
    }
    showPicture(page);
    const shownSpec = JSON.stringify(r?.spec ?? null);
    if (s.saved && (s.saved !== parts.shownRuns || shownSpec !== parts.shownSpec)) {
      parts.shownRuns = s.saved, parts.shownSpec = shownSpec;
      const focus = parts.runs.contains(document.activeElement) ? document.activeElement.id : "";
      parts.runs.replaceChildren(table(mid.words("form.runs.caption"), ["run", "data", "model", "defence", "seed", "utility", "privacy", "show"].map(k => mid.words("form." + k)),
        page.run_order.filter(i => s.saved.runs[i]).map(i => runRow(s.saved.runs[i], i + 1, shownSpec))));
      document.getElementById(focus)?.focus();
    }
    parts.link.value = s.link;
  }

  let end = null;
  async function open(e) {
    e.preventDefault();   // the address holds the state
    await mid.ready;
    parts ??= build((await mid.capabilities()).catalogue);
    box.hidden = false;
    document.documentElement.classList.add("plain");
    window.dispatchEvent(new Event("resize"));   // a scroll bar came
    end ??= mid.subscribe(show);
    await show();
    box.scrollIntoView();
    box.querySelector("h1").focus();
  }
  function close() {
    end?.();
    end = null;
    box.hidden = true;
    document.documentElement.classList.remove("plain");
    window.scrollTo(0, 0);
    window.dispatchEvent(new Event("resize"));
    skip.focus();
  }
  skip.addEventListener("click", open);
}
