// Steps of networks in WebAssembly beside the same steps by jax-js and TensorFlow.js, in node: each measured in short pieces, in
// turns, so that whatever else the machine does hits all. Prints JSON: milliseconds of processor time a step, every piece's.
//
//   npm ci --ignore-scripts --prefix FOLDER       # after copying package.json and package-lock.json there
//   node compare.mjs BIN FOLDER [PIECES]          # BIN holds bench_web.js
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [bin, folder, pieces = "9"] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node compare.mjs BIN FOLDER [PIECES]");
  process.exit(2);
}
const peer = createRequire(path.resolve(folder, "package.json"));
const rate = 1e-3, beta = .01, kept = .9, keptSquare = .999, tiny = 1e-8;

// convolutions: of 5 x 5, with the padding said, each followed by a maximum of 2 x 2; hidden: widths; code: units of the bottleneck,
// 0: none; pictures: what is learnt are pictures, not weights.
const lenet = [{ filters: 8, padding: 2 }, { filters: 16, padding: 0 }];
const workloads = [
  { name: "784-256-128-10, batch 32", inputs: 784, hidden: [256, 128], code: 0, classes: 10, rows: 32 },
  { name: "784-256-128-10, batch 128", inputs: 784, hidden: [256, 128], code: 0, classes: 10, rows: 128 },
  { name: "bottleneck 784-256-2x64-10, batch 128", inputs: 784, hidden: [256], code: 64, classes: 10, rows: 128 },
  { name: "bottleneck 32-32-2x8-3, batch 50", inputs: 32, hidden: [32], code: 8, classes: 3, rows: 50 },
  { name: "MI-Face 1024-128-40, 40 pictures", inputs: 1024, hidden: [128], code: 0, classes: 40, rows: 40, pictures: true },
  { name: "convolutions 8-16, 128-10, batch 50", inputs: 784, convolutions: lenet, hidden: [128], code: 0, classes: 10, rows: 50 },
  { name: "convolutions 8-16, 128-10, batch 128", inputs: 784, convolutions: lenet, hidden: [128], code: 0, classes: 10, rows: 128 },
  { name: "convolutions 8-16, 128-2x16-10, batch 50", inputs: 784, convolutions: lenet, hidden: [128], code: 16, classes: 10, rows: 50 },
  { name: "convolutions 8-16, 128-2x16-10, batch 128", inputs: 784, convolutions: lenet, hidden: [128], code: 16, classes: 10, rows: 128 },
];
const kernel = 5, side = 28;

/// Numbers of a fixed seed, about normal.
function numbers(count, scale, seed) {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length: count }, () => scale * Math.sqrt(3) * (uniform() + uniform() + uniform() + uniform() - 2));
}
/// Weight, bias, weight, bias, ...: [shape, numbers]. `filters(from, to)`: how a library shapes the weights of a convolution.
function startOf(w, filters) {
  const convolved = [];
  let channels = 1, size = side;
  for (const c of w.convolutions ?? []) {
    const count = kernel * kernel * channels * c.filters;
    convolved.push([filters(channels, c.filters), numbers(count, 1 / Math.sqrt(kernel * kernel * channels), 30 + channels)]);
    convolved.push([[c.filters], new Float32Array(c.filters)]);
    channels = c.filters, size = (size + 2 * c.padding - kernel + 1) / 2;
  }
  const inputs = w.convolutions ? size * size * channels : w.inputs;
  const widths = [inputs, ...w.hidden], layers = widths.slice(1).map((to, i) => [widths[i], to]);
  if (w.code) layers.push([widths.at(-1), 2 * w.code]);
  layers.push([w.code || widths.at(-1), w.classes]);
  return [...convolved,
    ...layers.flatMap(([from, to], i) => [[[from, to], numbers(from * to, 1 / Math.sqrt(from), 10 + i)], [[to], new Float32Array(to)]])];
}
function dataOf(w) {
  return {
    x: numbers(w.rows * w.inputs, w.pictures ? 0 : 1, 1),
    y: Float32Array.from({ length: w.rows * w.classes }, (_, i) => Number(i % w.classes === Math.floor(i / w.classes) % w.classes)),
    eps: numbers(w.rows * (w.code || 1), 1, 3),
  };
}

async function midlab() {
  const module = await createRequire(import.meta.url)(path.resolve(bin, "bench_web.js"))({ wasmBinary: readFileSync(path.join(bin, "bench_web.wasm")) });
  const loaded = { version: module.UTF8ToString(module._bench_kernel()) };
  loaded.step = w => {
    const name = module.stringToNewUTF8(w.name);
    if (!module._bench_prepare(name)) throw new Error(`${w.name}: no such workload`);
    module._free(name);
    return { run: steps => module._bench_run(steps), free() {} };
  };
  return loaded;
}

async function jax() {
  const { init, defaultDevice, jit, grad, lax, numpy: np, nn } = await import(pathToFileURL(path.join(folder, "node_modules/@jax-js/jax/dist/index.js")).href);
  await init("wasm");
  defaultDevice("wasm");
  const version = JSON.parse(readFileSync(path.join(folder, "node_modules/@jax-js/jax/package.json"), "utf8")).version;
  const array = (values, shape) => np.array(values).reshape(shape);
  const step = w => {
    const data = dataOf(w);
    const x = array(data.x, [w.rows, w.inputs]), y = array(data.y, [w.rows, w.classes]), eps = array(data.eps, [w.rows, w.code || 1]);
    const weights = startOf(w, (from, to) => [to, from, kernel, kernel]).map(([shape, values]) => array(values, shape));
    const loss = (weights, x, y, eps) => {
      let h = x, i = 0, price = null, channels = 1, size = side;
      for (const c of w.convolutions ?? []) {
        h = lax.convGeneralDilated(h.reshape([w.rows, channels, size, size]), weights[i], [1, 1], [[c.padding, c.padding], [c.padding, c.padding]]);
        channels = c.filters, size = (size + 2 * c.padding - kernel + 1) / 2;
        h = nn.relu(h.add(weights[i + 1].reshape([channels, 1, 1]))).reshape([w.rows, channels, size, 2, size, 2]);
        h = np.max(np.max(h, 5), 3);
        i += 2;
      }
      if (w.convolutions) h = h.reshape([w.rows, channels * size * size]);
      const dense = () => {
        h = np.matmul(h, weights[i]).add(weights[i + 1]);
        i += 2;
      };
      for (let k = 0; k < w.hidden.length; ++k) {
        dense();
        h = nn.relu(h);
      }
      if (w.code) {
        dense();
        const [mu, raw] = np.split(h, 2, 1);
        const sigma = nn.softplus(raw.sub(5));
        price = np.square(mu.ref).add(np.square(sigma.ref)).sub(1).mul(.5).sub(np.log(sigma.ref)).sum().mul(beta / w.rows);
        h = mu.add(sigma.mul(eps));
      } else {
        eps.dispose?.();
      }
      dense();
      const error = y.mul(nn.logSoftmax(h, 1)).sum().mul(w.pictures ? -1 : -1 / w.rows);
      return price ? error.add(price) : error;
    };
    const adam = (p, m, v, g, factor, unbias) => {
      const first = m.mul(kept).add(g.ref.mul(1 - kept)), second = v.mul(keptSquare).add(np.square(g).mul(1 - keptSquare));
      return [p.sub(first.ref.mul(factor).div(np.sqrt(second.ref).mul(unbias).add(tiny))), first, second];
    };
    let state, count = 0;
    const zeros = list => list.map(a => np.zeros(a.shape));
    const learnt = w.pictures ? [x] : weights;
    state = [learnt, zeros(learnt), zeros(learnt)];
    const update = jit((state, others, y, eps, factor, unbias) => {
      const [values, first, second] = state;
      const gradient = w.pictures ? grad((v, others, y, eps) => loss(others, v[0], y, eps))(values.map(v => v.ref), others, y, eps)
        : grad((v, others, y, eps) => loss(v, others[0], y, eps))(values.map(v => v.ref), others, y, eps);
      const next = values.map((v, i) => adam(v, first[i], second[i], gradient[i], factor.ref, unbias.ref));
      factor.dispose();
      unbias.dispose();
      return [0, 1, 2].map(part => next.map(n => n[part]));
    });
    const others = w.pictures ? weights : [x];
    return {
      run(steps) {
        for (let s = 0; s < steps; ++s) {
          ++count;
          state = update(state, others.map(o => o.ref), y.ref, eps.ref, np.array(rate / (1 - kept ** count)), np.array(1 / Math.sqrt(1 - keptSquare ** count)));
        }
        state[0][0].ref.dataSync();
      },
      free() {
        for (const a of [...state.flat(), ...others, y, eps]) a.dispose();
        update.dispose?.();
      },
    };
  };
  return { version, step };
}

async function tensorflow() {
  const tf = peer("@tensorflow/tfjs"), wasm = peer("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(path.join(path.resolve(folder), "node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
  wasm.setThreadsCount(1);
  if (!await tf.setBackend("wasm")) throw new Error("its WebAssembly does not start");
  const step = w => {
    const data = dataOf(w);
    const x = tf.tensor2d(data.x, [w.rows, w.inputs]), y = tf.tensor2d(data.y, [w.rows, w.classes]), eps = tf.tensor2d(data.eps, [w.rows, w.code || 1]);
    const weights = startOf(w, (from, to) => [kernel, kernel, from, to]).map(([shape, values]) => tf.variable(tf.tensor(values, shape), !w.pictures));
    const picture = w.pictures ? tf.variable(x) : x;
    const optimizer = tf.train.adam(rate, kept, keptSquare, tiny);
    const loss = () => {
      let h = w.convolutions ? tf.reshape(picture, [w.rows, side, side, 1]) : picture, i = 0, price = null;
      for (const c of w.convolutions ?? []) {
        h = tf.maxPool(tf.relu(tf.add(tf.conv2d(h, weights[i], 1, c.padding), weights[i + 1])), 2, 2, 0);
        i += 2;
      }
      if (w.convolutions) h = tf.reshape(h, [w.rows, -1]);
      const dense = () => {
        h = tf.add(tf.matMul(h, weights[i]), weights[i + 1]);
        i += 2;
      };
      for (let k = 0; k < w.hidden.length; ++k) {
        dense();
        h = tf.relu(h);
      }
      if (w.code) {
        dense();
        const [mu, raw] = tf.split(h, 2, 1);
        const sigma = tf.softplus(tf.sub(raw, 5));
        price = tf.mul(tf.sum(tf.sub(tf.mul(tf.sub(tf.add(tf.square(mu), tf.square(sigma)), 1), .5), tf.log(sigma))), beta / w.rows);
        h = tf.add(mu, tf.mul(sigma, eps));
      }
      dense();
      const error = tf.mul(tf.sum(tf.mul(y, tf.logSoftmax(h, 1))), w.pictures ? -1 : -1 / w.rows);
      return price ? tf.add(error, price) : error;
    };
    const learnt = w.pictures ? [picture] : weights;
    return {
      run(steps) {
        for (let s = 0; s < steps; ++s) optimizer.minimize(loss, false, learnt);
        learnt[0].dataSync();
      },
      free() {
        optimizer.dispose();
        for (const a of new Set([x, y, eps, picture, ...weights])) a.dispose();
      },
    };
  };
  return { version: tf.version.tfjs, step };
}

const libraries = {}, missing = {};
for (const [name, load] of Object.entries({ midlab, "jax-js": jax, "tfjs-wasm": tensorflow })) {
  try {
    libraries[name] = await load();
  } catch (e) {
    if (name === "midlab") throw e;
    missing[name] = String(e.message).split("\n")[0];
  }
}
const ms = (step, steps) => {
  const begin = process.cpuUsage();
  step.run(steps);
  const used = process.cpuUsage(begin);
  return (used.user + used.system) / 1e3 / steps;
};
const rows = [];
for (const w of workloads) {
  const row = { name: w.name, ms: {}, missing: {} }, steps = {}, counts = {};
  for (const [name, library] of Object.entries(libraries)) {
    try {
      steps[name] = library.step(w);
      for (let warm = 0; warm < 500;) warm += 5 * ms(steps[name], 5);   // compiled by then
      counts[name] = Math.max(2, Math.ceil(100 / ms(steps[name], 5)));   // about a tenth of a second a piece
      row.ms[name] = [];
    } catch (e) {
      if (name === "midlab") throw e;
      row.missing[name] = String(e.message).split("\n")[0];
    }
  }
  for (let piece = 0; piece < Number(pieces); ++piece) for (const name of Object.keys(row.ms)) row.ms[name].push(ms(steps[name], counts[name]));
  for (const step of Object.values(steps)) step.free();
  rows.push(row);
}
console.log(JSON.stringify({ versions: Object.fromEntries(Object.entries(libraries).map(([n, l]) => [n, l.version])), missing, rows }, null, 1));
