// The worker's side: owns a core, works in slices, reads commands between them, posts at most 30 snapshots a second.
// It runs behind the core's own script, which defines midCore.
onmessage = async first => {
  const { module, late, lateAddress } = first.data;
  const lateNow = () => { try { return fetchedNow(lateAddress); } catch (e) { postMessage({ unfetched: String(e.message) }); throw e; } };
  const modules = twoModules(module, lateNow), core = await midCore({ instantiateWasm: modules.instantiateWasm });
  if (late) modules.add(late);
  const slice = 12, pause = 1000 / 30;
  let sent = -1, last = -Infinity, turning = false;
  const report = () => {
    const serial = core._mid_serial();
    if (serial === sent) return;
    const from = core._mid_snapshot(0), bytes = core.HEAPU8.slice(from, from + core._mid_snapshot_size());
    sent = core._mid_serial(), last = performance.now();
    postMessage({ snapshot: bytes.buffer, asked: modules.asked() }, [bytes.buffer]);
  };
  const channel = new MessageChannel();   // unlike setTimeout it is not slowed down to 4 ms a turn
  channel.port1.onmessage = () => {
    let more;
    try { more = core._mid_advance(slice); } catch (e) { postMessage({ broken: String(e) }); throw e; }
    if (!more || performance.now() - last > pause) report();
    turning = more !== 0;
    if (turning) channel.port2.postMessage(0);
  };
  const turn = () => { if (!turning) { turning = true; channel.port2.postMessage(0); } };
  onmessage = e => {
    if (e.data.late) { modules.add(e.data.late); return; }
    if (e.data.file) {
      core.FS.mkdirTree(e.data.file.replace(/\/[^/]*$/, ""));
      core.FS.writeFile(e.data.file, new Uint8Array(e.data.bytes));
      return;
    }
    if (e.data.command) {   // none: the host only asks whether the worker lives
      const text = core.stringToNewUTF8(e.data.command);
      core._mid_command(text);
      core._free(text);
      turn();
    }
    postMessage({ heard: e.data.id });
  };
  postMessage({ ready: true });
};
