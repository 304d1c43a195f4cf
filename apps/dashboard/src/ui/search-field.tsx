"use client";
import { CloseButton, TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

interface SearchFieldProps extends Omit<TextInputProps, "value" | "onChange" | "defaultValue"> {
  readonly value: string | null;
  /** Called when typing pauses; null when the field is empty. */
  readonly onSettle: (text: string | null) => void;
}

const settleMs = 250;

/** A text filter: what is typed stays here until it settles. */
export function SearchField({ value, onSettle, ...input }: SearchFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const settle = useDebouncedCallback((text: string) => {
    onSettle(text.trim() === "" ? null : text.trim());
    setTyped(null);
  }, settleMs);
  const text = typed ?? value ?? "";
  const type = (next: string) => {
    setTyped(next);
    settle(next);
  };
  return (
    <TextInput
      size="xs"
      leftSection={<IconSearch size={14} aria-hidden />}
      {...input}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      rightSection={
        text !== "" && (
          <CloseButton size="xs" aria-label={`Clear ${input["aria-label"] ?? "search"}`} onClick={() => type("")} />
        )
      }
    />
  );
}
