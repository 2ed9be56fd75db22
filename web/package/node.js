// For Node.js, whose fetch reads no files.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { fetched, midlab } from "./api.js";

const isAddress = text => /^[a-z][a-z0-9+.-]+:/i.test(text);   // one letter and a colon is a drive
async function read(from) {
  const address = from instanceof URL ? from : isAddress(from) ? new URL(from) : pathToFileURL(from);
  return address.protocol === "file:" ? readFile(address) : fetched(address);
}

export { MidlabError } from "./api.js";
export const { catalogue, configure, data, presets, run, schema, specification, text } =
  midlab({ read, module: async () => ({ wasmBinary: await readFile(new URL("./core.wasm", import.meta.url)) }) });
