// Where the core works: in a worker of its own, made from text so that it also works from a file and in a sandboxed frame;
// where workers are forbidden, in slices on the page. `onSnapshot` gets CBOR bytes, and what they say. `files`: what a worker finds
// beside the embedded data, path to bytes; the same map for all of them.
async function startHost({ script, workerCode, module, late = null, lateAddress, files, onSnapshot, onBroken, onUnfetched }) {
  const patience = 5000;   // a worker that has not heard a command in this time is ended
  const silence = 6000;    // one that works but says nothing for so long is asked whether it lives
  let worker = null, ready = false, ids = 0, heard = 0, restarts = 0, strikes = 0, quiet = 0, asked = 0;
  const unanswered = new Map();

  // All that a new worker has to be told so that nobody misses the old one: the files, what was worth keeping, the commands that
  // this does not hold yet, the run under way and whether it is paused, and the questions that no snapshot has answered yet.
  const questions = new Map(), answers = { describe: "table", recognise: "model", export: "file" };
  let saved = null, journal = [], run = null, control = null;
  const remember = text => {
    const { do: what, tag, aside } = JSON.parse(text), entry = { text, tag, id: 0 };
    if (what === "run") run = entry, control = null;
    else if (what === "cancel") run = control = null;
    else if (["pause", "resume", "step"].includes(what)) control = text;
    if (["run", "set", "undo", "redo", "restore", "take", "cancel"].includes(what) && !aside) journal.push(entry);
    if (Object.hasOwn(answers, what)) questions.set(what, entry);
    return entry;
  };
  const forget = news => {
    if (news.saved) saved = news.saved, journal = journal.filter(e => e.id === 0 || e.id > heard);
    for (const [what, { id }] of questions) if (news[answers[what]] !== undefined && id > 0 && id <= heard) questions.delete(what);
    if (run && news.tag === run.tag && (news.state === "done" || news.state === "failed")) run = control = null, strikes = 0;
  };
  const replay = () => {
    for (const f of files) put(...f);
    if (saved) post(JSON.stringify({ do: "restore", state: saved }));
    for (const e of journal) post(e.text, e);
    if (run && !journal.includes(run)) post(run.text, run);
    if (run && control) post(control);
    for (const e of questions.values()) post(e.text, e);
  };

  const post = (command, entry) => {
    const id = ++ids;
    if (entry) entry.id = id;
    // In two steps: where the page itself was held up, what the worker said meanwhile is read between them.
    unanswered.set(id, setTimeout(() => unanswered.set(id, setTimeout(() => respawn("no answer"), patience / 2)), patience / 2));
    worker.postMessage({ id, command });
  };
  const put = (path, bytes) => worker.postMessage({ file: path, bytes });
  const listen = () => {
    clearTimeout(quiet);
    if (run) quiet = setTimeout(() => { if (ready) post(""); }, silence);
  };

  const spawn = () => new Promise((done, failed) => {
    const url = URL.createObjectURL(new Blob([script, "\n", workerCode], { type: "text/javascript" }));
    try { worker = new Worker(url); } catch (e) { failed(e); return; }
    const mine = worker;
    worker.onerror = e => { if (mine !== worker) return; if (!ready) failed(new Error(e.message || "the worker did not start")); else respawn(e.message); };
    worker.onmessage = e => {
      if (mine !== worker) return;
      const { heard: id, snapshot, broken, unfetched } = e.data;
      if (e.data.ready) { ready = true; URL.revokeObjectURL(url); replay(); done(); }
      else if (id) { heard = id; clearTimeout(unanswered.get(id)); unanswered.delete(id); }
      else if (snapshot) { const bytes = new Uint8Array(snapshot), news = readCbor(bytes); asked = e.data.asked; forget(news); onSnapshot(bytes, news); }
      else if (unfetched) { end(); return onUnfetched(unfetched); }   // another one would fare no better
      else if (broken) return respawn(broken);
      listen();
    };
    setTimeout(() => { if (mine === worker && !ready) failed(new Error("the worker did not answer")); }, 30000);
    worker.postMessage({ module, late, lateAddress });
  });
  const end = () => {
    worker?.terminate();
    worker = null;
    clearTimeout(quiet);
    for (const timer of unanswered.values()) clearTimeout(timer);
    unanswered.clear();
    ready = false;
  };
  const respawn = why => {
    console.warn("midlab: the worker is started anew (" + why + ")");
    end();
    ++restarts;
    if (++strikes > 3) return onBroken(why);   // three in a row without one run that ended
    spawn().catch(e => onBroken(String(e)));
  };

  try {
    await spawn();
    return {
      kind: "worker",
      send(command) { const entry = remember(command); if (ready) post(command, entry); listen(); },
      file(path, bytes) { files.set(path, bytes); if (ready) put(path, bytes); },
      late(second) { late = second; if (ready) worker.postMessage({ late }); },
      asked: () => asked,
      restarts: () => restarts,
      end,   // for good
    };
  } catch (e) {
    console.warn("midlab: no worker here (" + e.message + ")");
    end();
    return null;
  }
}

// The core on the page itself: 8 ms of work between two frames.
function pageHost(core, onSnapshot, onBroken) {
  let sent = -1, last = -Infinity, turning = false;
  const turn = () => {
    let more;
    try { more = core._mid_advance(8); } catch (e) { onBroken(String(e)); throw e; }
    if (core._mid_serial() !== sent && (!more || performance.now() - last > 1000 / 30)) {
      const from = core._mid_snapshot(0), bytes = core.HEAPU8.slice(from, from + core._mid_snapshot_size());
      sent = core._mid_serial(), last = performance.now();
      onSnapshot(bytes, readCbor(bytes));
    }
    turning = more !== 0;
    if (turning) setTimeout(turn, 8);
  };
  return {
    kind: "page",
    send(command) {
      const text = core.stringToNewUTF8(command);
      core._mid_command(text);
      core._free(text);
      if (!turning) { turning = true; setTimeout(turn, 0); }
    },
    file(path, bytes) { core.FS.mkdirTree(path.replace(/\/[^/]*$/, "")); core.FS.writeFile(path, new Uint8Array(bytes)); },
    late() {},   // the page's own instance has it
    asked: () => 0,
    restarts: () => 0,
  };
}
