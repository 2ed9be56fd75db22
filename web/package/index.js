// For browsers and bundlers, on a page or in a worker. core.wasm lies beside core.js, which looks for it there.
import { fetched, midlab } from "./api.js";

export { MidlabError } from "./api.js";
export const { catalogue, configure, data, presets, run, schema, specification, text } =
  midlab({ read: fetched, module: async () => ({}) });
