import type { FidelityCase } from "@switchyard/api-contract/fidelity";
import { StateLabel, type Tone } from "../../ui/state-label.tsx";

type Verdict = FidelityCase["request"]["verdict"];

const looks: { readonly [verdict in Verdict]: { readonly tone: Tone; readonly word: string } } = {
  identical: { tone: "good", word: "Identical" },
  equivalent: { tone: "good", word: "Equivalent" },
  different: { tone: "bad", word: "Different" },
  unobserved: { tone: "idle", word: "Not observed" },
};

export function FidelityVerdict({ verdict }: { verdict: Verdict }) {
  const { tone, word } = looks[verdict];
  return <StateLabel tone={tone}>{word}</StateLabel>;
}
