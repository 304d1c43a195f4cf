import type { SelectProps } from "@mantine/core";

/** What a select of one kind of thing takes: any select's looks, an id or null, and what to do with a new one. */
export interface RemoteChoiceProps extends Omit<SelectProps, "data" | "value" | "onChange"> {
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}
