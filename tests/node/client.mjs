// What the Node.js backends of this service do, with nothing but Node 18: fetch, FormData, Blob.
// Usage: AI_SERVER_URL=http://... node client.mjs PHOTO [FIELD]   (prints what it saw as one JSON object)
import { readFile } from "node:fs/promises";

const base = process.env.AI_SERVER_URL;
const [photo, field = "image"] = process.argv.slice(2);

const health = await fetch(new URL("/health", base), { signal: AbortSignal.timeout(5_000) });

async function detect(form) {
  const response = await fetch(new URL("/detect-crack", base), {
    method: "POST",
    body: form,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, body: await response.json() };
}

async function picture(address) {
  const response = await fetch(new URL(address, base));
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get("content-type"), start: bytes.toString("hex", 0, 3) };
}

function severityOf(confidence) {
  return confidence > 0.8 ? "high" : confidence > 0.5 ? "medium" : "low";
}

const form = new FormData();
form.append(field, new Blob([await readFile(photo)], { type: "image/jpeg" }), "벽.jpg");
const answer = await detect(form);

const nameless = new FormData();
nameless.append(field, new Blob([await readFile(photo)]));

const big = new FormData();
big.append(field, new Blob([new Uint8Array(8_000_000)]), "big.jpg");

console.log(
  JSON.stringify({
    health: { status: health.status, body: await health.json() },
    answer,
    severity: severityOf(answer.body.confidence),
    result: await picture(answer.body.result_url),
    image: await picture(answer.body.image_url),
    missing: await picture("/result/missing"),
    nameless: await detect(nameless),
    empty: await detect(new FormData()),
    big: await detect(big),
  }),
);
