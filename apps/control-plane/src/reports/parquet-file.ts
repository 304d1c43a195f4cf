import type { SpendRow } from "@switchyard/metering/spend-row";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { type ParquetColumn, parquetColumns, spendParquetSchemaVersion } from "./parquet-columns.ts";

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

const decimalBytes = 16;
const decimalPrecision = 38;
const usdDigits = 12;
/** Readers like large row groups; this many rows weigh a few megabytes before they are compressed. */
const rowsPerGroup = 20_000;

/** One Parquet file, written row group by row group: what is written can be sent on at once. */
export class ParquetFile {
  readonly #bytes = new ByteWriter();
  readonly #writer = new ParquetWriter({
    writer: this.#bytes,
    schema: schemaOf(parquetColumns),
    createdBy: "Switchyard",
    kvMetadata: [{ key: "switchyard.schema", value: spendParquetSchemaVersion }],
  });
  #rows: SpendRow[] = [];

  /** Takes rows in; returns what is ready to be sent, which may be nothing. */
  write(rows: readonly SpendRow[]): Uint8Array {
    this.#rows.push(...rows);
    if (this.#rows.length >= rowsPerGroup) this.#writeGroup();
    return this.#take();
  }

  /** The last rows and the footer. */
  end(): Uint8Array {
    if (this.#rows.length > 0) this.#writeGroup();
    void this.#writer.finish();
    return this.#take();
  }

  #writeGroup(): void {
    const rows = this.#rows;
    this.#rows = [];
    const columnData = parquetColumns.map(({ name, value }) => ({ name, data: rows.map(value) }));
    void this.#writer.write({ columnData, rowGroupSize: rows.length });
  }

  #take(): Uint8Array {
    const taken = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return taken;
  }
}

function schemaOf(columns: readonly ParquetColumn[]): SchemaElement[] {
  return [{ name: "spend", num_children: columns.length }, ...columns.map(elementOf)];
}

function elementOf({ name, kind }: ParquetColumn): SchemaElement {
  switch (kind) {
    case "instant":
      return { name, type: "INT64", repetition_type: "REQUIRED", converted_type: "TIMESTAMP_MILLIS" };
    case "quantity":
      return { name, repetition_type: "REQUIRED", ...decimal(0) };
    case "usd":
      return { name, repetition_type: "REQUIRED", ...decimal(usdDigits) };
    default:
      return {
        name,
        type: "BYTE_ARRAY",
        repetition_type: kind === "text" ? "REQUIRED" : "OPTIONAL",
        converted_type: "UTF8",
      };
  }
}

function decimal(scale: number) {
  return {
    type: "FIXED_LEN_BYTE_ARRAY",
    type_length: decimalBytes,
    converted_type: "DECIMAL",
    precision: decimalPrecision,
    scale,
  } as const;
}
