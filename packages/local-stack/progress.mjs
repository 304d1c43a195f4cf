// @ts-check
/**
 * Progress lines, shared by the bootstrap (plain JavaScript, nothing installed yet) and the commands: one line that
 * rewrites itself on a terminal; elsewhere a line at the start, one every ten seconds, and one at the end.
 */

const refreshMs = 120;
const plainRefreshMs = 10_000;

/**
 * @typedef {object} Step
 * @property {(text: string) => void} note shows what the step is doing right now
 * @property {(text?: string) => void} done ends the step with a tick
 * @property {(text?: string) => void} failed ends the step with a cross
 */

/**
 * Begins a step that takes a while. Only one step runs at a time.
 * @param {string} label
 * @param {NodeJS.WriteStream} [out]
 * @returns {Step}
 */
export function beginStep(label, out = process.stdout) {
  const isTerminal = out.isTTY === true;
  const startedAt = Date.now();
  let detail = "";
  const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  const clear = isTerminal ? "\r\x1b[2K" : "";
  const show = () => {
    const line = `  … ${label}  ${seconds()}${detail === "" ? "" : `  ${detail}`}`;
    // A line longer than the terminal is wide could not be rewritten.
    out.write(isTerminal ? `${clear}${line.slice(0, Math.max(20, (out.columns ?? 80) - 1))}` : `${line}\n`);
  };
  if (isTerminal) show();
  const timer = setInterval(show, isTerminal ? refreshMs : plainRefreshMs);
  timer.unref();
  /** @param {string} mark @param {string} [text] */
  const end = (mark, text) => {
    clearInterval(timer);
    out.write(`${clear}  ${mark} ${text ?? label}  ${seconds()}\n`);
  };
  return {
    note: (text) => {
      detail = text;
    },
    done: (text) => end("✓", text),
    failed: (text) => end("✗", text),
  };
}

/**
 * Runs `work` as a step: a tick when it resolves, a cross when it throws, and the error goes on.
 * @template T
 * @param {string} label
 * @param {(note: (text: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function runStep(label, work) {
  const step = beginStep(label);
  try {
    const result = await work(step.note);
    step.done();
    return result;
  } catch (error) {
    step.failed();
    throw error;
  }
}
