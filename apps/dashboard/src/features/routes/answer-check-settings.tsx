"use client";
import { NumberInput, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { type AnswerValidation, usualValidation } from "@switchyard/policy-engine/validation/answer-rules";

interface AnswerCheckSettingsProps {
  readonly validation: AnswerValidation | null;
  readonly isReadOnly: boolean;
  readonly onChange: (validation: AnswerValidation | null) => void;
}

const modes = [
  { value: "retry", label: "Ask another target" },
  { value: "observe", label: "Only say so in the receipt" },
];

const bytesPerKibibyte = 1_024;

/** Whether answers are judged, and what becomes of those that are empty, cut short or not in the form asked for. */
export function AnswerCheckSettings({ validation, isReadOnly, onChange }: AnswerCheckSettingsProps) {
  return (
    <Stack gap="sm">
      <Switch
        label="Check answers: empty, cut short, or not the JSON or schema that was asked for"
        checked={validation !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usualValidation : null)}
        disabled={isReadOnly}
      />
      {validation !== null && (
        <>
          <Stack gap={4} align="flex-start">
            <Text size="sm" fw={500}>
              When one is no good
            </Text>
            <SegmentedControl
              data={modes}
              value={validation.mode}
              onChange={(mode) => onChange({ ...validation, mode: mode === "retry" ? "retry" : "observe" })}
              disabled={isReadOnly}
            />
            <Text size="xs" c="dimmed">
              Every answer that was asked for is paid for, also those that were replaced.
            </Text>
          </Stack>
          <Switch
            label="Hold streams back until they are whole"
            description="Without it a stream can only be observed: what the client has seen cannot be taken back."
            checked={validation.buffered}
            onChange={(event) => onChange({ ...validation, buffered: event.currentTarget.checked })}
            disabled={isReadOnly}
          />
          <Switch
            label="A refusal counts as no good"
            description="Another model may then answer what the first one thought better not to."
            checked={validation.refusals}
            onChange={(event) => onChange({ ...validation, refusals: event.currentTarget.checked })}
            disabled={isReadOnly}
          />
          <NumberInput
            label="Longest answer that is held"
            suffix=" KiB"
            min={1}
            max={8_192}
            allowDecimal={false}
            value={Math.round(validation.mostBytes / bytesPerKibibyte)}
            onChange={(value) =>
              typeof value === "number" && onChange({ ...validation, mostBytes: value * bytesPerKibibyte })
            }
            disabled={isReadOnly}
            w={220}
          />
          <Switch
            label="Refuse longer answers instead of passing them on unchecked"
            checked={validation.whenTooLong === "refuse"}
            onChange={(event) =>
              onChange({ ...validation, whenTooLong: event.currentTarget.checked ? "refuse" : "stream" })
            }
            disabled={isReadOnly}
          />
        </>
      )}
    </Stack>
  );
}
