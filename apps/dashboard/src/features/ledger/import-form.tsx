"use client";
import { Button, FileInput, Group, Select, Stack, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { statementFormats, type StatementFormat } from "@switchyard/metering/statements/statement-line";
import { useQuery } from "@tanstack/react-query";
import { connectionsQuery } from "../../control-plane/lists.ts";
import { Failure } from "../../ui/failure.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { useImportStatement } from "./mutations.ts";

export const formatNames: { readonly [format in StatementFormat]: string } = {
  openai_costs: "OpenAI costs",
  openai_usage: "OpenAI usage",
  anthropic_cost_report: "Anthropic cost report",
  anthropic_usage_report: "Anthropic usage report",
  csv: "CSV",
};

const formatChoices = statementFormats.map((value) => ({ value, label: formatNames[value] }));

interface Draft {
  connectionId: string | null;
  format: StatementFormat;
  file: File | null;
  day: string;
  model: string;
  cost: string;
  tokens: string;
}

/** Reads a file here and sends its text: the server says what in it cannot be read, and where. */
export function ImportForm({ onDone }: { onDone: () => void }) {
  const connections = useQuery(connectionsQuery);
  const importing = useImportStatement();
  const form = useForm<Draft>({
    initialValues: {
      connectionId: null,
      format: "csv",
      file: null,
      day: "date",
      model: "model",
      cost: "cost",
      tokens: "",
    },
    validate: { connectionId: isNotEmpty("Whose statement is it?"), file: isNotEmpty("Choose a file") },
  });
  const { format } = form.getValues();
  const submit = form.onSubmit(async ({ connectionId, file, ...draft }) => {
    if (connectionId === null || file === null) return;
    const body = { connectionId, format: draft.format, content: await file.text(), ...mappingOf(draft) };
    importing.mutate(body, {
      onSuccess: ({ lines }) => {
        notifyDone(`${lines} lines are imported.`);
        onDone();
      },
    });
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          label="Provider"
          placeholder="Choose a connection"
          data={(connections.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps("connectionId")}
        />
        <Select label="Kind of file" data={formatChoices} allowDeselect={false} {...form.getInputProps("format")} />
        <FileInput label="File" placeholder="JSON or CSV, up to 900 kB" clearable {...form.getInputProps("file")} />
        {format === "csv" && (
          <Group grow align="flex-start" gap="xs">
            <TextInput label="Day column" {...form.getInputProps("day")} />
            <TextInput label="Model column" {...form.getInputProps("model")} />
            <TextInput label="Cost column" {...form.getInputProps("cost")} />
            <TextInput label="Token columns" placeholder="input,output" {...form.getInputProps("tokens")} />
          </Group>
        )}
        {importing.error && <Failure error={importing.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={importing.isPending}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function mappingOf({ format, day, model, cost, tokens }: Omit<Draft, "connectionId" | "file">) {
  if (format !== "csv") return {};
  const names = tokens.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  const mapping = {
    day: day.trim(),
    ...(model.trim() !== "" && { model: model.trim() }),
    ...(cost.trim() !== "" && { cost: cost.trim() }),
    ...(names.length > 0 && { tokens: names }),
  };
  return { mapping };
}
