// What a Node.js client of the service for faces does, with nothing but Node 18: fetch, FormData, Blob.
// Usage: AI_SERVER_URL=http://... node gaze_client.mjs VIDEO   (prints what it saw as one JSON object)
import { readFile } from "node:fs/promises";

const base = process.env.AI_SERVER_URL;
const bytes = await readFile(process.argv[2]);

async function told(response) {
  return { status: response.status, body: await response.json() };
}

async function act(request) {
  const headers = { "Content-Type": "application/json" };
  return told(await fetch(new URL("/eye-tracking", base), { method: "POST", headers, body: JSON.stringify(request) }));
}

const form = new FormData();
form.append("file", new Blob([bytes], { type: "video/mp4" }), "얼굴.mp4");
form.append("user_id", "user_identifier");
form.append("parameters", JSON.stringify({ step: 1 }));
form.append("protocol", new Blob(['[{"start_s": 0, "end_s": 1, "target": "up"}]'], { type: "application/json" }));
const sent = await fetch(new URL("/gaze/videos", base), { method: "POST", body: form });
const accepted = { location: sent.headers.get("location"), ...(await told(sent)) };

let job;
do {
  await new Promise((wake) => setTimeout(wake, 50));
  job = await told(await fetch(new URL(accepted.location, base)));
} while (["queued", "running"].includes(job.body.state));

const files = {};
for (const [link, address] of Object.entries(job.body.links)) {
  const file = await fetch(new URL(address, base));
  files[link] = { status: file.status, type: file.headers.get("content-type"), size: (await file.blob()).size };
}

const action = await act({ action: "analyze_video", file_data: bytes.toString("base64"), file_name: "video.mp4" });
const refused = await act({ action: "analyze_video", file_data: "no base64!" });
const removed = await fetch(new URL(accepted.location, base), { method: "DELETE" });
const gone = await told(await fetch(new URL(accepted.location, base)));

console.log(JSON.stringify({ accepted, job, files, action, refused, removed: removed.status, gone }));
