import { Select } from "@mantine/core";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface FilterSelectProps {
  /** Singular, as in "Team": what is chosen, or every one of it. */
  readonly label: string;
  readonly choices: readonly Choice[] | undefined;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** One filter of a page; empty means every one. */
export function FilterSelect({ label, choices, value, onChange }: FilterSelectProps) {
  return (
    <Select
      size="xs"
      w={{ base: "calc(50% - 5px)", xs: 172 }}
      aria-label={label}
      placeholder={`Every ${label.toLowerCase()}`}
      data={[...(choices ?? [])]}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${label.toLowerCase()}` }}
      searchable={(choices?.length ?? 0) > 8}
      nothingFoundMessage="Nothing of that name"
    />
  );
}
