// What index.js (browsers, bundlers) and node.js share: a core in this thread, which works in slices, one run after the other.
import { beliefsOf, picturesOf, recordsOf } from "./arrays.js";
import { readCbor } from "./cbor.js";
import createCore from "./core.js";
import { sets } from "./sets.js";

const slice = 12;   // ms of work between two looks at everything else
const pause = 100;  // ms between two calls of onProgress

export class MidlabError extends Error {
  constructor(message, { field = "", input = true, stage = "" } = {}) {
    super(message);
    this.name = "MidlabError";
    this.field = field, this.input = input, this.stage = stage;
  }
}

export async function fetched(address) {
  const answer = await fetch(address);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw new MidlabError(`${address} answered ${answer.status}; say by configure() where the package's files are`, { input: false });
}

/// Lets everything else that waits for this thread have its turn. Not by setTimeout, which browsers slow down to 4 ms.
function turns() {
  if (typeof setImmediate === "function") return () => new Promise(done => { setImmediate(done); });
  const { port1, port2 } = new MessageChannel();
  return () => new Promise(done => { port1.onmessage = done; port2.postMessage(0); });
}

function write(core, name, bytes) {
  const folder = name.replace(/[^/]*$/, "");
  if (folder) core.FS.mkdirTree(folder);
  core.FS.writeFile(name, bytes);
}

async function bytesOf(content) {
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof Blob) return new Uint8Array(await content.arrayBuffer());
  return ArrayBuffer.isView(content) ? new Uint8Array(content.buffer, content.byteOffset, content.byteLength) : new Uint8Array(content);
}

/// Some servers unpack a .gz on the way.
async function packed(name, bytes) {
  if (!name.endsWith(".gz") || (bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
}

/// `read` gives a promise of the bytes at an address; `module` one of what Emscripten's createCore() needs to find core.wasm.
export function midlab({ read, module }) {
  let chosen = {}, starting = null, last = Promise.resolve();
  const turn = turns();

  function configure(options) {
    if (starting) throw new MidlabError("configure() must come before the first call of anything else");
    chosen = { ...chosen, ...options };
  }

  async function moduleOptions() {
    const { wasm } = chosen;
    if (wasm === undefined) return module();
    if (typeof wasm === "string" || wasm instanceof URL) return { wasmBinary: await read(wasm) };
    if (!(wasm instanceof WebAssembly.Module)) return { wasmBinary: wasm };
    return {
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(wasm, imports).then(instance => done(instance, wasm));
        return {};
      },
    };
  }

  const start = () => starting ??= moduleOptions().then(createCore).catch(e => { starting = null; throw e; });

  /// A call into the core. What it throws is no sentence of ours: memory ran out, or a fault.
  function inside(call) {
    try {
      return call();
    } catch (e) {
      starting = null;
      throw new MidlabError(`the core broke off (${e.message ?? e}); the next call starts it anew`, { input: false });
    }
  }

  function withText(core, json, call) {
    return inside(() => {
      const text = core.stringToNewUTF8(JSON.stringify(json));
      const result = call(text);
      core._free(text);
      return result;
    });
  }
  const command = (core, json) => withText(core, json, text => core._mid_command(text));
  const cborAt = (core, from, size) => readCbor(core.HEAPU8.slice(from, from + size));
  const snapshot = (core, everything) => inside(() => {
    const from = core._mid_snapshot(everything);
    return cborAt(core, from, core._mid_snapshot_size());
  });

  function ask(core, question) {
    const { value, error } = withText(core, question, text => {
      const from = core._mid_ask(text);
      return cborAt(core, from, core._mid_answer_size());
    });
    if (error) throw new MidlabError(error.sentence, error);
    return value;
  }

  /// One after the other; who is told to stop while others work is gone at once.
  function inTurn(work, signal) {
    const mine = last.then(work);
    last = mine.catch(() => {});
    if (!signal) return mine;
    return new Promise((done, failed) => {
      const stop = () => failed(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      mine.then(done, failed).finally(() => signal.removeEventListener("abort", stop));
    });
  }

  /// Does `work` while the caller's files are in the core's file system.
  async function withFiles(files, work) {
    const core = await start(), mine = [];
    try {
      for (const [name, content] of Object.entries(files ?? {})) {
        if (!name || core.FS.analyzePath(name).exists)
          throw new MidlabError(`files must have names of their own, found "${name}", which the core uses itself`, { field: "files" });
        write(core, name, await bytesOf(content));
        mine.push(name);
      }
      return await work(core);
    } finally {
      for (const name of mine) core.FS.unlink(name);
    }
  }

  function completed(core, spec, set) {
    const named = typeof spec === "string" ? { name: spec } : { spec: spec ?? null };
    return ask(core, { ask: "specification", ...named, set: Object.entries(set ?? {}) });
  }

  /// The files of a data set, when a specification first names it.
  async function bring(core, { data }) {
    if (!Object.hasOwn(sets, data.name ?? "")) return;
    for (const [name, address] of Object.entries(sets[data.name].files)) {
      const path = "/data/" + name, from = chosen.data;
      if (core.FS.analyzePath(path).exists) continue;
      const bytes = typeof from === "function" ? await bytesOf(await from(name)) : await read(from ? new URL(name, from) : address);
      write(core, path, await packed(name, bytes));
    }
  }

  async function work(core, onProgress, signal) {
    let told = -Infinity;
    try {
      while (inside(() => core._mid_advance(slice))) {
        if (onProgress && performance.now() - told >= pause) {
          onProgress(snapshot(core, 0).progress);
          told = performance.now();
        }
        await turn();
        signal?.throwIfAborted();
      }
    } catch (e) {
      if (starting) command(core, { do: "cancel" });
      throw e;
    }
  }

  function ended(core) {
    const { result, sheet, beliefs, tree, error, progress } = snapshot(core, 1);
    if (error) throw new MidlabError(error.sentence, { ...error, stage: progress.stage });
    const model = ask(core, { ask: "model" });
    return { ...result, pictures: picturesOf(sheet), beliefs: beliefsOf(beliefs), tree: tree ?? null, model };
  }

  async function run(spec, { set, onProgress, signal, files, allVictims } = {}) {
    signal?.throwIfAborted();
    return inTurn(() => withFiles(files, async core => {
      signal?.throwIfAborted();
      const checked = completed(core, spec, set);
      await bring(core, checked);
      command(core, { do: "run", spec: checked, aside: true, log: false, all_victims: allVictims === true });
      await work(core, onProgress, signal);
      return ended(core);
    }), signal);
  }

  async function data(spec, { set, files } = {}) {
    return inTurn(() => withFiles(files, async core => {
      const { data, model, seed } = completed(core, spec, set);
      // Who attacks makes no difference, and a model that is a file or answers elsewhere need not be there.
      const asked = { data, model, seed, attack: { kind: "none" } };
      if (model.kind === "black_box") asked.model = { kind: model.kind, command: ["none"], as_table: model.as_table };
      await bring(core, asked);
      return recordsOf(ask(core, { ask: "records", spec: asked }));
    }));
  }

  return {
    configure, run, data,
    specification: (spec, { set, files } = {}) => inTurn(() => withFiles(files, async core => completed(core, spec, set))),
    catalogue: async () => ask(await start(), { ask: "catalogue" }),
    schema: async () => ask(await start(), { ask: "schema" }),
    presets: async () => Object.fromEntries(ask(await start(), { ask: "presets" })),
    text: async ({ pictures, beliefs, tree, model, ...result }) => ask(await start(), { ask: "text", result }),
  };
}
