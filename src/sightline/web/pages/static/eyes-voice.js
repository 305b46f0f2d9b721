// The spoken instructions, where the browser has a voice for the page's language.

const VOICES_COME_WITHIN_MS = 1500; // browsers load them after the page

/** A voice of this machine for a language; null where there is none. Voices of a service elsewhere are not used: what
 * is said here is nobody else's to hear.
 * @param {"en" | "ko"} language
 * @returns {Promise<SpeechSynthesisVoice | null>} */
export async function findVoice(language) {
  if (!("speechSynthesis" in window)) return null;
  const voices = await new Promise((/** @type {(found: SpeechSynthesisVoice[]) => void} */ resolve) => {
    const now = speechSynthesis.getVoices();
    if (now.length) resolve(now);
    speechSynthesis.addEventListener("voiceschanged", () => resolve(speechSynthesis.getVoices()), { once: true });
    setTimeout(() => resolve(speechSynthesis.getVoices()), VOICES_COME_WITHIN_MS);
  });
  const fitting = voices.filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language));
  return fitting.find((voice) => voice.default) ?? fitting[0] ?? null;
}

/** Say something, and nothing else any more.
 * @param {SpeechSynthesisVoice | null} voice
 * @param {string} text */
export function speak(voice, text) {
  if (!voice) return;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice;
  said.lang = voice.lang;
  speechSynthesis.speak(said);
}

/** Be silent. */
export function hush() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
