/** For what must happen by itself: often looked at, and with patience for a busy machine. */
export const soon = { timeout: 20_000, interval: 5 } as const;
