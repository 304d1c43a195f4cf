import type { ReactNode } from "react";
import classes from "./state-label.module.css";

export type Tone = "good" | "warning" | "bad" | "idle" | "busy";

/** A state as a word with a dot of its colour, never as a colour alone. */
export function StateLabel({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.state} data-tone={tone}>
      {children}
    </span>
  );
}
