// Where the core works: in a worker of its own, made from text so that it also works from a file and in a sandboxed frame;
// where workers are forbidden, in slices on the page. `onSnapshot` gets CBOR bytes.
async function startHost({ script, workerCode, module, onSnapshot, onBroken }) {
  const patience = 500;   // a stop that is not answered in this time ends the worker
  let worker = null, ready = false, waiting = [], unanswered = new Map(), ids = 0, lastRun = null, restarts = 0, strikes = 0;
  const files = new Map();   // what was put beside the embedded data; a new worker gets it again

  const post = (command, urgent) => {
    const id = ++ids;
    if (urgent) unanswered.set(id, setTimeout(() => respawn("no answer"), patience));
    worker.postMessage({ id, command });
  };
  const put = (path, bytes) => worker.postMessage({ file: path, bytes });
  const heard = id => { clearTimeout(unanswered.get(id)); unanswered.delete(id); strikes = 0; };

  const spawn = () => new Promise((done, failed) => {
    const url = URL.createObjectURL(new Blob([script, "\n", workerCode], { type: "text/javascript" }));
    try { worker = new Worker(url); } catch (e) { failed(e); return; }
    const mine = worker;
    worker.onerror = e => { if (!ready) failed(new Error(e.message || "the worker did not start")); else if (mine === worker) respawn(e.message); };
    worker.onmessage = e => {
      if (mine !== worker) return;
      if (e.data.ready) { ready = true; URL.revokeObjectURL(url); for (const f of files) put(...f); for (const c of waiting.splice(0)) post(c, false); done(); }
      else if (e.data.heard) heard(e.data.heard);
      else if (e.data.snapshot) onSnapshot(new Uint8Array(e.data.snapshot));
      else if (e.data.broken) respawn(e.data.broken);
    };
    setTimeout(() => { if (!ready) failed(new Error("the worker did not answer")); }, 30000);
    worker.postMessage({ module });
  });
  // The worker is ended and a new one takes the last run up again; its finished stages are gone with it.
  const respawn = why => {
    console.warn("midlab: the worker is started anew (" + why + ")");
    worker.terminate();
    for (const timer of unanswered.values()) clearTimeout(timer);
    unanswered.clear();
    ready = false;
    ++restarts;
    if (++strikes > 3) return onBroken(why);
    waiting = lastRun ? [lastRun] : [];
    spawn().catch(e => onBroken(String(e)));
  };

  let stateRunning = false;
  const inWorker = {
    kind: "worker",
    send(command) {
      const what = JSON.parse(command).do;
      if (what === "run") lastRun = command;
      if (what === "cancel") lastRun = null;
      if (ready) post(command, stateRunning && what !== "step"); else waiting.push(command);
      if (what === "run" || what === "resume") stateRunning = true;
      if (what === "cancel" || what === "pause") stateRunning = false;
    },
    file(path, bytes) { files.set(path, bytes); if (ready) put(path, bytes); },
    restarts: () => restarts,
  };
  try {
    await spawn();
    return inWorker;
  } catch (e) {
    console.warn("midlab: no worker here (" + e.message + "), the page works in slices");
    if (worker) worker.terminate();
    return null;
  }
}

// The core on the page itself: 8 ms of work between two frames.
function pageHost(core, onSnapshot) {
  let sent = -1, last = -Infinity, turning = false;
  const turn = () => {
    const more = core._mid_advance(8);
    if (core._mid_serial() !== sent && (!more || performance.now() - last > 1000 / 30)) {
      const from = core._mid_snapshot(0), bytes = core.HEAPU8.slice(from, from + core._mid_snapshot_size());
      sent = core._mid_serial(), last = performance.now();
      onSnapshot(bytes);
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
    restarts: () => 0,
  };
}
