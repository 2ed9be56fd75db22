// The manual on a disk or a stick: there a browser lets no page fetch the search's index, nor start a worker. The index comes as a script
// (make_manual.py writes it), and the worker's script runs in a frame of its own. Where a server answers, nothing of this happens.
if (location.protocol === "file:") {
  const beside = name => new URL(name, document.currentScript.src).href;
  document.write(`<script src="${beside("search_index.js")}"><\/script>`);   // before the theme's own script, which looks for __search
  window.Worker = class extends EventTarget {
    constructor(script) {
      super();
      const frame = Object.assign(document.createElement("iframe"), { hidden: true });
      document.body.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }));
      this.started = new Promise(done => inside.document.head.append(Object.assign(inside.document.createElement("script"), { src: script, onload: done })));
      this.inside = inside;
    }
    postMessage(data) {
      this.started.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }
  };
}
