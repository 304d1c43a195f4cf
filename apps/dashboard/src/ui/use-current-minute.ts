import { useSyncExternalStore } from "react";

const minuteMs = 60_000;
const lookEveryMs = 5_000;

/** The start of the next minute in epoch milliseconds; changes once a minute, and with it whatever "until now" means. */
export function useCurrentMinute(): number {
  return useSyncExternalStore(subscribe, nextMinute, nextMinute);
}

function subscribe(onChange: () => void): () => void {
  const timer = setInterval(onChange, lookEveryMs);
  return () => clearInterval(timer);
}

function nextMinute(): number {
  return Math.ceil(Date.now() / minuteMs) * minuteMs;
}
