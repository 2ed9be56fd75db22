// Brings it together: the core in its worker, the page's own instance that draws, window.mid, the address.
// The state that the address asks for, as base64url of JSON: "#s=...", or where there is none what a person can write,
// ?preset=visitors&defense.kind=mid&defense.beta=0.1&lang=de&embed=1, with fields as `mid run --set` names them.
const readLink = () => location.hash.startsWith("#s=") ? location.hash.slice(3) : linkOfQuery(new URLSearchParams(location.search));
const linkOfQuery = query => {
  const set = {}, view = {}, value = text => { try { return JSON.parse(text); } catch { return text; } };
  for (const [name, text] of query) if (name.includes(".") || name === "seed" || name === "control") set[name] = value(text);
  if (query.has("lang")) view.language = query.get("lang");
  if (query.get("embed") === "1") view.hide = "controls";
  if (!query.has("preset") && !Object.keys(set).length && !Object.keys(view).length) return "";
  const bytes = new TextEncoder().encode(JSON.stringify({ story: query.get("preset") ?? undefined, set, view }));
  return btoa(Array.from(bytes, b => String.fromCharCode(b)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

window.mid = (() => {
  let core = null, host = null, latest = {}, shown = {}, link = "", opened, broke;
  const ready = new Promise((ok, no) => { opened = ok, broke = no; });
  ready.catch(() => {});
  const questions = new Map();

  // Calls core._mid_page_NAME; 0 where it broke off because the rest of it could not be fetched.
  const call = (name, ...all) => { try { return core["_mid_page_" + name](...all); } catch (e) { if (!halted) throw e; return 0; } };
  const pass = (name, text) => {   // the same with a text
    const at = core.stringToNewUTF8(text);
    try { return call(name, at); } finally { core._free(at); }
  };
  const give = (name, bytes) => {   // the same with bytes
    const at = core._malloc(bytes.length);
    core.HEAPU8.set(bytes, at);
    try { return call(name, at, bytes.length); } finally { core._free(at); }
  };
  const state = () => JSON.parse(core.UTF8ToString(core._mid_page_state()));

  // ---- frames: only when something changed, and only while they can be seen ----
  let due = false, more = 0, timer = 0, lost = 0;
  const frame = () => {
    due = false;
    if (lost || halted) return;
    if (more > 0) --more;
    const next = call("frame");
    changed();
    clearTimeout(timer);
    if (next === 0 || more > 0) ask();
    else if (next > 0) timer = setTimeout(() => wake(1), next * 1000);
  };
  const work = () => {   // instead of a frame
    if (halted) return;
    const next = call("work");
    if (next >= 0) workIn(next);
  };
  const workIn = seconds => { clearTimeout(timer); timer = setTimeout(work, Math.max(20, seconds * 1000)); };
  const ask = () => {
    if (halted) return;
    if (lost || document.hidden) workIn(0);
    if (!lost && !due) { due = true; requestAnimationFrame(frame); }
  };
  const wake = (frames = 3) => { more = Math.max(more, frames); if (core) ask(); };

  // The browser may take WebGL's memory away, and gives it back empty. Meanwhile all else goes on.
  const canvasLost = e => {
    e.preventDefault();   // or it would not come back
    lost = setTimeout(() => note(said("surface_lost"),
                                 { verb: said("load_again"), act: () => location.reload() }), 5000);
  };
  const canvasRestored = () => {
    clearTimeout(lost);
    lost = 0;
    note("");
    core._mid_page_restored();
    wake(3);
  };

  // ---- those who want to know that something changed, told five times a second at most ----
  const listeners = new Set();
  let telling = 0;
  const changed = () => {
    if (listeners.size && !telling) telling = setTimeout(() => { telling = 0; for (const tell of listeners) tell(); }, 200);
  };

  // ---- data sets that lie beside the page ----
  let separate = {};
  const sets = new Map();   // name: a promise of its files; null: the host has them; gone again if they could not be fetched
  const isHere = name => !Object.hasOwn(separate, name) || sets.get(name) === null;
  const fetchSet = name => {
    if (!sets.has(name)) {
      const all = Promise.all(separate[name].map(async file => {
        const { buffer } = await fetched("data/" + file, () => {});
        host.file("/data/" + file, buffer);   // whoever is the host by now: it may have been another one when the fetch began
      }));
      sets.set(name, all.then(() => { sets.set(name, null); }, error => { sets.delete(name); throw error; }));
    }
    return sets.get(name);
  };
  // ---- the texts of languages that lie beside the page: until they are here the page goes on in English ----
  let textsOf = () => Promise.reject(new Error("no texts yet"));   // a language's code: its file, from load()
  const texts = new Map();   // code: a promise that its texts are in the core's file system; gone again if they could not be fetched
  const putTexts = (code, bytes) => { core.FS.mkdirTree("/texts"); core.FS.writeFile(`/texts/${code}.json`, bytes); };
  const bringTexts = code => {
    if (!texts.has(code))
      texts.set(code, textsOf(code).then(bytes => { putTexts(code, bytes); note(""); speak(); wake(3); changed(); }, error => {
        texts.delete(code);
        note(said("no_texts", languages[code].name, error.message), { verb: said("try_again"), act: () => { note(""); bringTexts(code); } });
      }));
    return texts.get(code);
  };

  // ---- the second of the core's modules (late.js): after the first picture, or before the first command that may need it. Whoever comes
  // with a link or an earlier visit's runs may need it at once, and loads it with the first. ----
  let modules = null, loaded = null, late = null, whole = false, commands = 0;   // late: a promise that both hosts have it; gone again if it could not be fetched
  const fetchLate = async () => {
    loaded.late ??= await WebAssembly.compile(await fetched(loaded.lateAddress, () => {}));
    await modules.addSoon(loaded.late);
    host.late(loaded.late);
    whole = true;
    if (halted) location.reload();   // all that is worth keeping is in the address and in the browser's storage
  };
  const bringLate = () => late ??= fetchLate().catch(error => { late = null; throw error; });
  const noRest = (error, again = complete) => note(said("no_rest", error.message), { verb: said("try_again"), act: () => { note(""); again(); } });
  const complete = () => bringLate().catch(error => noRest(error));
  // Who could not wait got nothing, and broke off in the middle: nothing goes on until the rest is there and the page is loaded again.
  let halted = false;
  const halt = error => { halted = true; noRest(error); };
  const lateNow = () => { try { return loaded.late ?? fetchedNow(loaded.lateAddress); } catch (error) { halt(error); throw error; } };

  // What a command's run may read and the host does not have. Where undo and redo lead is among what the Session keeps.
  const missingSets = ({ do: what, spec }) => {
    const { chosen, undo = [], redo = [] } = latest.saved ?? {};
    const specs = what !== "run" ? [] : spec ? [spec] : [chosen, ...undo, ...redo];
    return [...new Set(specs.map(s => s?.data?.name))].filter(name => !isHere(name));
  };

  // ---- commands to the Session, in their order: one that needs files waits for them, and so do those behind it ----
  const waiting = [], ofRun = ["run", "pause", "resume", "step"];
  let unfetched = false;
  const send = text => {
    const command = JSON.parse(text);
    if (["describe", "recognise", "export", "take"].includes(command.do)) { host.send(text); wake(1); return; }   // they need no run
    // A run, or the end of one, makes up for the runs that still wait.
    if (["run", "cancel"].includes(command.do)) waiting.splice(0, waiting.length, ...waiting.filter(w => !ofRun.includes(w.command.do)));
    waiting.push({ text, command, anyway: false, first: commands++ === 0 });
    flush();
  };
  const flush = () => {
    while (waiting.length) {
      const first = waiting[0], missing = first.anyway ? [] : missingSets(first.command);
      if (missing.length || !(whole || first.first || first.anyway)) { fetchFor(first, missing); return; }
      waiting.shift();
      host.send(first.text);
      wake(1);
    }
    if (unfetched) note("");
    unfetched = false;
  };
  const fetchFor = (first, names) => Promise.all([...names.map(fetchSet), first.first ? null : bringLate()]).then(flush, error => {
    if (waiting[0] !== first) return;   // nobody wants it any more
    if (!first.command.spec) { first.anyway = true; flush(); return; }   // perhaps the run needs none of them
    unfetched = true;
    note(said("no_data", error.message), { verb: said("try_again"), act: () => { note(""); flush(); } });
  });

  // ---- a second worker for what nobody waits for, where the machine has a core for it. It is made for some runs, with the files that there
  // are by then, and ends with them; it loads nothing itself, and what it found goes into the first one's Session (command "take"). ----
  const given = new Map();   // the files of the workers: path to bytes
  let second = null, startSecond;   // a promise of its host
  const help = text => {
    if (!text) { second?.then(h => h?.end()); second = null; return true; }
    const { data } = JSON.parse(text).spec;
    if (!whole || host.kind !== "worker" || !(navigator.hardwareConcurrency >= 2) || !isHere(data.name)) return false;
    second ??= startSecond();
    second.then(h => h?.send(text));
    return true;
  };
  const onHelped = (bytes, { state }) => {
    if (state !== "done" && state !== "failed") return;
    give("helped", bytes);
    wake(2);
  };

  // ---- the next visit needs no network: offline.js keeps the site's files, once the first picture is there ----
  let offline = null, manual = null;   // the second: where the site's manual is, which nobody fetches before it is asked for
  const workers = window.parent === window && /^https?:$/.test(location.protocol) ? navigator.serviceWorker : undefined;   // in a frame the site is a guest
  const keepOffline = () => {
    if (!workers || locked || offline || !Object.keys(separate).length) return;
    offline = workers.register("offline.js").catch(() => { /* storage is refused or full: the next visit needs the network */ });
  };
  const forgetOffline = async () => {
    await offline;
    await Promise.all((await workers?.getRegistrations() ?? []).filter(r => r.scope === new URL("./", location).href).map(r => r.unregister()));
  };

  // ---- a table of the visitor's own, or a model: it goes into the Session's files, and nowhere else ----
  const own = new Set(), mostBytes = 64 * 2 ** 20;
  // From here on the page can reach nobody, whoever asks it to: a policy can be added, and never taken back. What its own
  // stories may still want is fetched before.
  let locked = null;
  const lock = async () => {
    await bringLate();
    await Promise.allSettled([forgetOffline(), ...Object.keys(separate).map(fetchSet), ...Object.keys(languages).filter(l => l !== "en").map(bringTexts)]);
    document.head.append(Object.assign(document.createElement("meta"), { httpEquiv: "Content-Security-Policy", content: "connect-src 'none'; img-src data:" }));
  };
  const openTable = async file => {
    try { await (locked ??= lock()); }
    catch (error) { locked = null; noRest(error, () => openTable(file)); return; }
    if (file.size > mostBytes) { pass("notify", core.UTF8ToString(pass("words", "own.too large"))); wake(3); return; }
    const bytes = new Uint8Array(await file.arrayBuffer());
    // Its folder is named after its bytes: other ones under the same name are another table.
    let mark = 2166136261;
    for (const b of bytes) mark = Math.imul(mark ^ b, 16777619);
    const path = `/own/${(mark >>> 0).toString(16)}/${file.name.replace(/[\\/]/g, "_") || "table.csv"}`;
    own.add(path);
    host.file(path, bytes.buffer);
    pass("own", path);
    wake(3);
    changed();
  };
  const chooser = Object.assign(document.createElement("input"), { type: "file", multiple: true,
    accept: ".csv,.tsv,.txt,.gz,text/csv,.onnx,.safetensors,.json,application/octet-stream" });   // a phone greys out names that it does not know
  chooser.addEventListener("change", () => { for (const f of chooser.files) openTable(f); chooser.value = ""; });

  // ---- the Session's news ----
  let spoken = "";
  const onSnapshot = (bytes, news) => {
    if (halted) return;
    const isShown = give("snapshot", bytes);
    latest = { ...news, saved: news.saved ?? latest.saved };
    if (isShown && news.result) keepOffline();
    if (!late && (news.result || news.error)) complete();
    if (isShown) shown = { result: news.result, sheet: news.sheet, beliefs: news.beliefs };
    if (isShown || news.error) speak();
    wake(2);
    changed();
  };
  const speak = () => {   // figures for those who cannot see the canvas
    const text = core.UTF8ToString(core._mid_page_summary());
    if (text !== spoken) say("spoken", spoken = text);
    const { language, missing_language } = state();
    if (missing_language) bringTexts(missing_language);
    if (document.documentElement.lang !== language) translatePage(language);
  };

  const hooks = {
    send, help,
    answer: (ticket, text) => { const q = questions.get(ticket); questions.delete(ticket); if (q) q(JSON.parse(text)); },
    keepLink: text => { link = text; try { history.replaceState(null, "", "#s=" + text); } catch { /* a sandboxed frame has no history */ } speak(); },
    has: name => Object.hasOwn(separate, name),   // a data set that lies beside the page
    hasFile: path => own.has(path),
    chooseFile: () => chooser.click(),
    hasManual: () => manual !== null,
    openManual: async () => {   // not every site was built with it; a page that may ask nobody any more cannot know
      const there = await fetch(manual, { method: "HEAD" }).then(answer => answer.ok, () => locked !== null);
      if (there) window.open(manual, "_blank", "noopener"); else note(said("no_manual"));
    },
    paste: async () => {
      try { takeCodes(await navigator.clipboard.readText()); }
      catch { pass("notify", core.UTF8ToString(pass("words", "class.no paste"))); wake(3); }
    },
    saveFile: (name, text) => {
      const a = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(new Blob([text])) });
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), 60000);
    },
    keepState: text => { if (listener) return; try { localStorage.setItem("midlab", text); } catch { /* storage is refused or full: this visit is not kept */ } },
    copyLink: text => copy(address(text), said("copy_link")),
    announce: sentence => say("announced", sentence),   // what happens on the canvas, for those who cannot see it
    copyText: text => copy(text, said("copy_text")),
    // Refused in frames: then the page stays as large as it is.
    fullScreen: on => { (on ? document.documentElement.requestFullscreen?.() : document.fullscreenElement && document.exitFullscreen())?.catch?.(() => {}); },
  };
  const takeCodes = text => { pass("command", JSON.stringify({ do: "class", text })); wake(3); changed(); };
  const copy = async (text, otherwise) => {
    try { await navigator.clipboard.writeText(text); }
    catch {
      core._mid_page_not_copied();
      wake(3);
      note(otherwise, { copy: text });
    }
  };
  const address = text => location.href.replace(/[?#].*/, "") + (text && "#s=" + text);   // all that a query says is in the state

  const open = async (files, workerCode) => {
    const lacks = missing();
    if (lacks) { giveUp(said("cannot_be_shown"), lacks); broke(new Error(lacks)); return; }
    try { translatePage(languageOfLink(readLink()) ?? document.documentElement.lang); } catch { /* no link of ours: its reader says so */ }
    // Of a visitor who does not read English the texts come along with the module.
    const first = document.documentElement.lang;
    let kept = "";
    if (!listener) try { kept = localStorage.getItem("midlab") ?? ""; } catch { /* storage is refused */ }
    textsOf = textsIn(files);
    const firstTexts = first === "en" ? null : textsOf(first).catch(() => null);
    loaded = await load(files, Boolean(readLink() || kept));
    separate = files?.separate ?? {};
    if (files && window.parent === window && /^https?:$/.test(location.protocol)) manual = new URL("manual/index.html", location).href;
    const canvas = document.getElementById("canvas");
    // SDL has no word for it: frames draw only what changed, so what stands in the canvas must stay.
    canvas.getContext = (kind, wishes) => HTMLCanvasElement.prototype.getContext.call(canvas, kind, { ...wishes, preserveDrawingBuffer: true });
    modules = twoModules(loaded.module, lateNow);
    const make = () => midCore({ canvas, page: hooks, instantiateWasm: modules.instantiateWasm });
    const url = URL.createObjectURL(new Blob([loaded.script], { type: "text/javascript" }));
    const defined = new Promise((ok, no) => {
      const script = document.createElement("script");
      script.src = url, script.onload = ok, script.onerror = () => no(new Error("the core's script did not run"));
      document.head.append(script);
    });
    const onBroken = why => halted || giveUp(said("stopped"), said("worker_broke", why));
    const worker = more => startHost({ script: loaded.script, workerCode, module: loaded.module, late: loaded.late, lateAddress: loaded.lateAddress, files: given, onUnfetched: why => halt(new Error(why)), ...more });
    const starting = worker({ onSnapshot, onBroken });   // no snapshot comes before a command, and no command before the page
    startSecond = () => {
      const lost = () => { if (mine !== second) return; second = null; core._mid_page_unhelped(); wake(1); };
      const mine = worker({ onSnapshot: (...news) => { if (mine === second) onHelped(...news); }, onBroken: lost });
      mine.then(h => { if (!h) lost(); });
      return mine;
    };
    await defined;
    const instance = await make();
    const queued = [], filed = [];
    host = { kind: "starting", send: text => queued.push(text), file: (path, bytes) => filed.push([path, bytes]), late() {}, asked: () => 0, restarts: () => 0 };
    core = instance;
    if (loaded.late) { await modules.addSoon(loaded.late); whole = true; }
    const bytes = await firstTexts;
    if (bytes) { putTexts(first, bytes); texts.set(first, Promise.resolve()); }
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const from = core.stringToNewUTF8(readLink()), before = core.stringToNewUTF8(kept);
    const others = core.stringToNewUTF8(/^https?:$/.test(location.protocol) ? address("") : "");
    const open = core._mid_page_open(from, before, others, dark ? 1 : 0);
    for (const text of [from, before, others]) core._free(text);
    if (!open) throw new Error(said("webgl_failed"));
    wake(3);    // not frame(): a second chain of frames would begin
    document.getElementById("skeleton").hidden = true;
    listen(canvas);
    host = await starting || pageHost(core, onSnapshot, onBroken);
    if (loaded.late) host.late(loaded.late);   // it may have come meanwhile
    for (const f of [...Object.entries(loaded.data).map(([path, { buffer }]) => [path, buffer]), ...filed]) host.file(...f);
    for (const text of queued) host.send(text);
    opened(true);
  };

  const listen = canvas => {
    for (const type of ["pointermove", "pointerdown", "pointerup", "pointerleave", "wheel", "touchstart", "touchmove", "touchend", "keydown", "keyup", "focus", "blur"])
      canvas.addEventListener(type, () => wake(3), { passive: true });
    for (const type of ["resize", "focus", "blur", "pointerup"]) window.addEventListener(type, () => wake(3));
    document.addEventListener("visibilitychange", () => wake(3));
    canvas.addEventListener("pointerdown", () => canvas.focus());
    canvas.addEventListener("webglcontextlost", canvasLost);
    canvas.addEventListener("webglcontextrestored", canvasRestored);
    // The browser takes Escape for itself while it fills the screen.
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement && state().present) pass("command", JSON.stringify({ do: "present", on: false }));
      wake(3);
    });
    const follow = () => bringLate().then(() => { pass("follow", readLink()); wake(3); }, error => noRest(error, follow));
    window.addEventListener("hashchange", follow);
    window.addEventListener("paste", e => { if (document.activeElement === canvas && state().takes_codes) takeCodes(e.clipboardData.getData("text/plain")); });
    window.addEventListener("dragover", e => e.preventDefault());
    window.addEventListener("drop", e => { e.preventDefault(); for (const f of e.dataTransfer.files) openTable(f); });
    // SDL would swallow Tab: at the last control it goes on to the page, and the first key in puts the focus on a control.
    let byTab = 0;
    window.addEventListener("keydown", e => {
      byTab = e.key === "Tab" ? (e.shiftKey ? -1 : 1) : 0;
      // SDL would keep the browser from pasting.
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "v" && document.activeElement === canvas && state().takes_codes) e.stopImmediatePropagation();
      if (byTab && document.activeElement === canvas && !core._mid_page_keeps_tab(e.shiftKey ? 1 : 0)) e.stopImmediatePropagation();
    }, true);
    canvas.addEventListener("focus", () => { if (byTab) core._mid_page_enter(byTab < 0 ? 1 : 0); byTab = 0; });
  };

  // ---- in another page's frame (?embed=https://...): the page of that origin may ask and is told, any other one nothing ----
  // Messages {midlab: 1, id, do: "get" | "set" | "command" | "run" | "subscribe" | "unsubscribe", ...}; answers {midlab: 1, id,
  // result} or {midlab: 1, id, error}; news {midlab: 1, event: "changed", state}. From when a table of the visitor's own is opened
  // the frame hears and says nothing any more; and it neither reads nor keeps what other visits left in this browser's storage,
  // because an own table's figures may be among it.
  const origin = text => { try { const { protocol, origin } = new URL(text); return /^https?:$/.test(protocol) ? origin : null; } catch { return null; } };
  const listener = window.parent === window ? null : origin(new URLSearchParams(location.search).get("embed"));
  const embed = () => {
    const tell = message => { if (!locked) window.parent.postMessage({ midlab: 1, ...message }, listener); };
    const brief = async () => { const { sheet, beliefs, ...rest } = await mid.session(); return rest; };
    let quiet = null;
    const acts = {
      get: brief,
      set: async m => { await mid.command({ do: "set", fields: m.fields }); return brief(); },
      command: async m => { await mid.command(m.command); return brief(); },
      run: m => mid.run(m.spec),
      subscribe: () => { quiet ??= mid.subscribe(async () => tell({ event: "changed", state: await brief() })); return true; },
      unsubscribe: () => { quiet?.(); quiet = null; return true; },
    };
    window.addEventListener("message", async e => {
      if (e.source !== window.parent || e.origin !== listener || e.data?.midlab !== 1 || locked) return;
      const { id = null, do: what } = e.data;
      try {
        if (!Object.hasOwn(acts, what)) throw new Error(`do must be one of ${Object.keys(acts).join(", ")}, found ${JSON.stringify(what)}`);
        tell({ id, result: await acts[what](e.data) });
      } catch (error) { tell({ id, error: String(error.message ?? error) }); }
    });
    ready.then(() => tell({ event: "ready", version: "@version@" }), () => {});
  };
  if (listener) embed();
  if (new URLSearchParams(location.search).has("embed")) {   // a frame is small: the whole page is a click away
    const whole = document.getElementById("whole");
    document.documentElement.classList.add("framed");   // room below the canvas
    whole.hidden = false, whole.href = address("");
    whole.addEventListener("click", () => { whole.href = address(link); });
  }

  return {
    ready,
    version: "@version@",
    open,   // called once, by the page itself
    get manual() { return manual; },
    async capabilities() {
      await ready;
      return { webgl2: true, wasm: true, worker: host.kind === "worker", host: host.kind, restarts: host.restarts(), waited: modules.asked() + host.asked(), devicePixelRatio,
               cores: navigator.hardwareConcurrency ?? null, catalogue: JSON.parse(core.UTF8ToString(core._mid_catalogue())) };
    },
    async session() {
      await ready;
      const { result = null, sheet = null, beliefs = null } = shown;
      return { ...latest, result, sheet, beliefs, link: address(link), page: state() };
    },
    async command(c) { await ready; await bringLate(); pass("command", JSON.stringify(c)); wake(3); changed(); },
    // A File with a CSV of one's own, or (by its name) with a model to attack on it: what is in them is in session().page.own;
    // command({ do: "own", target, secret }) runs them.
    async openTable(file) { await ready; await openTable(file); },
    // `tell` is called when something changed; what this returns ends it.
    subscribe(tell) { listeners.add(tell); return () => listeners.delete(tell); },
    words: key => core.UTF8ToString(pass("words", key)),
    copyLink: () => hooks.copyLink(link),
    get locked() { return locked !== null; },   // a table of one's own was opened: no request leaves this page any more
    async run(spec) {
      await ready;
      if (spec === null || typeof spec !== "object") throw new TypeError("a specification is an object, found " + JSON.stringify(spec));
      await bringLate();
      return new Promise(done => { questions.set(pass("ask", JSON.stringify(spec)), done); wake(1); });
    },
  };
})();
