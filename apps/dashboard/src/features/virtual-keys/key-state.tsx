import type { VirtualKey } from "@switchyard/api-contract/virtual-keys";
import { StateLabel, type Tone } from "../../ui/state-label.tsx";
import type { VirtualKeyState } from "./queries.ts";

export const keyStates: { readonly [state in VirtualKeyState]: { readonly label: string; readonly tone: Tone } } = {
  active: { label: "Active", tone: "good" },
  rotating: { label: "Rotating out", tone: "warning" },
  expired: { label: "Expired", tone: "idle" },
  revoked: { label: "Revoked", tone: "idle" },
};

export function KeyState({ virtualKey }: { virtualKey: VirtualKey }) {
  const { label, tone } = keyStates[virtualKey.state];
  return <StateLabel tone={tone}>{label}</StateLabel>;
}

export function isUsable(virtualKey: VirtualKey): boolean {
  return virtualKey.state === "active" || virtualKey.state === "rotating";
}
