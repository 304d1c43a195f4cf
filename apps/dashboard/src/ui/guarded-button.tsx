import { Button, Tooltip, type ButtonProps } from "@mantine/core";
import type { ComponentPropsWithoutRef } from "react";

interface GuardedButtonProps extends ButtonProps, Omit<ComponentPropsWithoutRef<"button">, keyof ButtonProps> {
  /** Why it may not be used; null when it may. */
  readonly refusal: string | null;
}

/** A button that somebody without the right can see, reach and ask why. */
export function GuardedButton({ refusal, onClick, ...button }: GuardedButtonProps) {
  if (refusal === null) return <Button {...button} onClick={onClick} />;
  return (
    <Tooltip label={refusal} multiline maw={260}>
      <Button {...button} type="button" data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Tooltip>
  );
}
