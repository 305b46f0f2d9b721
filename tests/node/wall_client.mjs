// Check-in against check-out from a Node.js backend, with nothing but Node 18: fetch, FormData, Blob.
// Usage: AI_SERVER_URL=http://... node wall_client.mjs BEFORE AFTER   (prints what it saw as one JSON object)
import { readFile } from "node:fs/promises";

const base = process.env.AI_SERVER_URL;
const photos = process.argv.slice(2);

async function json(address, options) {
  const response = await fetch(new URL(address, base), options);
  return { status: response.status, body: response.status === 204 ? null : await response.json() };
}

async function start(address, headers = {}) {
  const response = await fetch(new URL(address, base), { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get("content-type"), start: bytes.toString("latin1", 0, 5) };
}

const asked = { method: "POST", body: JSON.stringify({ wall: "침실 벽" }) };
const begun = await json("/inspections", asked);
const { links } = begun.body;

const sent = [];
for (const [place, stage] of ["check-in", "check-out"].entries()) {
  const form = new FormData();
  form.append("image", new Blob([await readFile(photos[place])], { type: "image/jpeg" }), "벽.jpg");
  sent.push(await json(`${links.photos}?stage=${stage}`, { method: "POST", body: form }));
}

const both = new FormData();
both.append("before", new Blob([await readFile(photos[0])]), "before.jpg");
both.append("after", new Blob([await readFile(photos[1])]), "after.jpg");

console.log(
  JSON.stringify({
    begun,
    sent,
    inspection: await json(links.self),
    original: await start(sent[0].body.links.original),
    pdf: await start(links.report_pdf, { "accept-language": "ko" }),
    compared: await json("/compare", { method: "POST", body: both }),
    removed: await json(links.self, { method: "DELETE" }),
    gone: await json(links.self),
  }),
);
