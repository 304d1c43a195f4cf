/**
 * Bytes of sound a second that no recording falls below: 4 kbit/s, under the lowest rate of the speech coders in use
 * (AMR 4.75, Opus 6). Silence in a coder that stops sending would need less; what a provider then bills beyond the hold is
 * an overrun.
 */
const fewestBytesPerSecond = 500;
const wavHeaderBytes = 44;
const uncompressed = 1;

/** The most seconds that a recording can last, by its size; exact for uncompressed WAV files. */
export function secondsAtMost(file: Uint8Array): number {
  return Math.ceil(file.length / (wavBytesPerSecond(file) ?? fewestBytesPerSecond));
}

/** By sample rate, channels and sample size, which decide how long it plays; null for anything else than plain samples. */
function wavBytesPerSecond(file: Uint8Array): number | null {
  if (file.length < wavHeaderBytes) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isWav =
    view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57415645 && view.getUint32(12) === 0x666d7420;
  if (!isWav || view.getUint16(20, true) !== uncompressed) return null;
  const channels = view.getUint16(22, true);
  const samplesPerSecond = view.getUint32(24, true);
  const bytesPerSample = view.getUint16(34, true) / 8;
  const bytesPerSecond = samplesPerSecond * channels * bytesPerSample;
  // A header that promises more than sound has is not believed.
  const isPlausible =
    channels <= 8 && samplesPerSecond <= 192_000 && bytesPerSample <= 4 && bytesPerSecond >= fewestBytesPerSecond;
  return isPlausible ? bytesPerSecond : null;
}
