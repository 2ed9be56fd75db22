// The memory of an open page and of its worker, in bytes: for the programs that measure it.

// For addInitScript: notes the memories of all WebAssembly instances, the page's here, the worker's in the worker.
export function watched() {
  const noted = "const make = WebAssembly.instantiate; WebAssembly.instantiate = (...all) => make(...all).then(i => { for (const e of Object.values(i.exports ?? {})) if (e instanceof WebAssembly.Memory) self.wasmMemory = e; return i; });";
  const make = WebAssembly.instantiate;   // by hand: the page's policy runs no text as a script
  WebAssembly.instantiate = (...all) => make(...all).then(i => {
    for (const e of Object.values(i.exports ?? {})) if (e instanceof WebAssembly.Memory) window.wasmMemory = e;
    return i;
  });
  const Original = Worker;
  window.Worker = function (url) {
    return new Original(URL.createObjectURL(new Blob([noted, `importScripts(${JSON.stringify(url)});`], { type: "text/javascript" })));
  };
}

export const wasm = async page => ({ page: await page.evaluate("wasmMemory.buffer.byteLength"),
                                     worker: await page.workers()[0].evaluate("wasmMemory.buffer.byteLength") });

// JavaScript's own, after a collection; it holds no WebAssembly.
export async function heap(page) {
  const talk = await page.context().newCDPSession(page), workers = [];
  talk.on("Target.attachedToTarget", e => workers.push(e.sessionId));
  const answer = new Promise(done => talk.on("Target.receivedMessageFromTarget", e => { const { id, result } = JSON.parse(e.message); if (id) done(result); }));
  await talk.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  await talk.send("HeapProfiler.collectGarbage");
  const own = await talk.send("Runtime.getHeapUsage");
  await talk.send("Target.sendMessageToTarget", { sessionId: workers[0], message: JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }) });
  const { usedSize } = await answer;
  await talk.detach();
  return { page: own.usedSize, worker: usedSize };
}
