// The site's service worker: keeps the site's files, the page and what lies beside it, so that a second visit needs no network. It
// knows these files, which pack_page.py puts in, and answers for nothing else. A newer site brings a newer worker, which
// keeps its own files and clears away the older ones when the last page of the older site is closed.
const files = @files@, kept = "midlab-@mark@";

addEventListener("install", event => event.waitUntil(caches.open(kept).then(cache => cache.addAll(files))));
addEventListener("activate", event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(name => name.startsWith("midlab-") && name !== kept).map(name => caches.delete(name))))));

const root = new URL("./", location).href;
addEventListener("fetch", event => {
  const { request } = event, name = request.url.split(/[?#]/)[0].replace(root, "./");
  if (request.method !== "GET" || !request.url.startsWith(root)) return;
  // The page itself from the network where there is one, so that nobody is left with an old site; names of all else carry the
  // content's hash, or the data set's files, which a newer site would bring under a newer worker.
  if (name === "./" || name === "./index.html")
    event.respondWith(fetch(request).catch(async () => await caches.match("./", { cacheName: kept }) ?? Response.error()));
  else if (files.includes(name))
    event.respondWith(caches.match(name, { cacheName: kept }).then(found => found ?? fetch(request)));
});
