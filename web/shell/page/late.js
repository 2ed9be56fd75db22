// The core is two modules (web/shell/split_module.py): what the first picture needs, and what follows it. Page and workers have this.
// Each function of the second stands in the first as one that is called through a table; until the second is there, JavaScript
// answers in its place. `now` gives that module at once, for whoever calls such a function before it came: then it is waited for.
function twoModules(early, now) {
  let instance = null, whole = false, asked = 0;
  const table = () => Object.entries(instance.exports).find(([name, value]) => name.startsWith("%") && value instanceof WebAssembly.Table)[1];
  const named = () => ({ early: instance.exports });
  const add = module => { if (!whole) new WebAssembly.Instance(module, named()); whole = true; };   // its functions go into the table
  const late = new Proxy({}, { get: (_, slot) => (...args) => { if (!whole) { ++asked; add(now()); } return table().get(Number(slot))(...args); } });
  return {
    instantiateWasm: (imports, done) => { WebAssembly.instantiate(early, { ...imports, late }).then(i => { instance = i; done(i, early); }); return {}; },
    add,
    // On the page, where browsers refuse to wait for a large module. Were it added meanwhile by who could not wait, that would do no harm.
    addSoon: async module => { if (!whole) await WebAssembly.instantiate(module, named()); whole = true; },
    asked: () => asked,   // how often somebody had to wait: 0 or 1
  };
}

// The second module of a site, whatever it takes: the way of those who cannot wait.
function fetchedNow(address) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");   // a page may ask for no bytes this way
  try { request.send(); } catch { throw new Error(address.replace(/.*\//, "")); }   // no network
  if (request.status !== 200) throw new Error(address + " answered " + request.status);
  return new WebAssembly.Module(Uint8Array.from(request.responseText, letter => letter.charCodeAt(0) & 255));
}
