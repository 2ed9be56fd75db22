// What ONNX Runtime answers: reads {"FILE": [record, ...], ...} as JSON, prints {"FILE": [answer, ...], ...}. Of each file the output
// "probabilities" or the only one. For test_onnxruntime.py, which gives it the packages by NODE_PATH.
const { readFileSync } = require("fs");
const ort = require("onnxruntime-web");

ort.env.wasm.numThreads = 1;

async function answers(file, records) {
  const session = await ort.InferenceSession.create(readFileSync(file), { executionProviders: ["wasm"] });
  const input = new ort.Tensor("float32", Float32Array.from(records.flat()), [records.length, records[0].length]);
  const name = session.outputNames.includes("probabilities") ? "probabilities" : session.outputNames[0];
  const { dims, data } = (await session.run({ [session.inputNames[0]]: input }))[name];
  if (dims[0] !== records.length) throw new Error(`${file} answers ${dims} for ${records.length} records`);
  const width = data.length / records.length;
  return records.map((_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));
}

(async () => {
  const found = {};
  for (const [file, records] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) found[file] = await answers(file, records);
  console.log(JSON.stringify(found));
})();
