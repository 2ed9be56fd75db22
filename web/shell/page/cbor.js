// Reads what nlohmann/json writes as CBOR: plain JSON values, and byte strings as Uint8Array.
function readCbor(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), utf8 = new TextDecoder();
  let at = 0;
  const size = info => {
    if (info < 24) return info;
    if (info === 24) return view.getUint8(at++);
    if (info === 25) { at += 2; return view.getUint16(at - 2); }
    if (info === 26) { at += 4; return view.getUint32(at - 4); }
    if (info === 27) { at += 8; return Number(view.getBigUint64(at - 8)); }
    throw new Error("CBOR: a length of kind " + info);
  };
  const half = bits => {
    const e = bits >> 10 & 31, f = bits & 1023, sign = bits >> 15 ? -1 : 1;
    return sign * (e === 0 ? f * 2 ** -24 : e === 31 ? (f ? NaN : Infinity) : (1 + f / 1024) * 2 ** (e - 15));
  };
  const value = () => {
    const head = view.getUint8(at++), kind = head >> 5, info = head & 31;
    if (kind === 7) {
      if (info === 20) return false;
      if (info === 21) return true;
      if (info === 25) { at += 2; return half(view.getUint16(at - 2)); }
      if (info === 26) { at += 4; return view.getFloat32(at - 4); }
      if (info === 27) { at += 8; return view.getFloat64(at - 8); }
      return null;
    }
    if (kind === 6) { size(info); return value(); }   // a tag says what bytes mean; we know
    const n = size(info);
    if (kind === 0) return n;
    if (kind === 1) return -1 - n;
    if (kind === 2) { at += n; return bytes.slice(at - n, at); }
    if (kind === 3) { at += n; return utf8.decode(bytes.subarray(at - n, at)); }
    if (kind === 4) { const list = []; for (let i = 0; i < n; ++i) list.push(value()); return list; }
    const map = {};
    for (let i = 0; i < n; ++i) { const key = value(); map[key] = value(); }
    return map;
  };
  return value();
}
