// What browsers' own recordings need: they do not say how long they are.

const BEYOND_S = 1e7;

/** Let a video find out how long it is, and go back to its beginning. Recordings of MediaRecorder have no duration in
 * their head; asked for a moment behind its end, a browser reads until there.
 * @param {HTMLVideoElement} film
 * @returns {Promise<void>} when `film.duration` can be used */
export function knowDuration(film) {
  if (Number.isFinite(film.duration)) return Promise.resolve();
  return new Promise((resolve) => {
    const known = () => {
      if (!Number.isFinite(film.duration)) return;
      film.removeEventListener("durationchange", known);
      film.currentTime = 0;
      resolve();
    };
    film.addEventListener("durationchange", known);
    film.currentTime = BEYOND_S;
  });
}
