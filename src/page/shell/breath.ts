/** Chances for the browser to draw and to listen, in work that is the page's own. */

/** @returns called between pieces of work, it waits for such a chance where the last one was `most_busy` milliseconds ago */
export function create_breaths(most_busy: number): () => Promise<void> {
  let breathed = performance.now();
  return async () => {
    if (performance.now() - breathed < most_busy) return;
    await breath();
    breathed = performance.now();
  };
}

/** A frame; or, in a tab that is hidden and draws none, as soon as others had their turn. */
const breath = () =>
  new Promise<void>((resolve) => {
    if (document.hidden) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
      return;
    }
    const done = () => {
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    // A tab that is hidden while it waits draws no more frames.
    document.addEventListener('visibilitychange', done);
    requestAnimationFrame(done);
  });
