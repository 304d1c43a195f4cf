import type { MouseEvent, ReactNode } from "react";
import classes from "./data-table.module.css";

export interface Column<Row> {
  readonly header: string;
  readonly align?: "right";
  readonly width?: number | string;
  /** Pixels beyond which a cell's text ends in an ellipsis. */
  readonly truncateAt?: number;
  /** On a phone a row is a card: the first column heads it, beside it stands one `heading`, the others are its lines. */
  readonly onPhone?: "heading" | "hidden";
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Makes the first column of each row a link that covers the row. */
  readonly opens?: {
    readonly href: (row: Row) => string;
    readonly onOpen: (row: Row) => void;
    readonly openKey: string | null;
  };
  /** Rows of the choice before, shown until those of the new one arrive. */
  readonly isStale?: boolean;
}

/** A list of things, dense on a desk and as cards on a phone. */
export function DataTable<Row>({ label, columns, rows, keyOf, opens, isStale }: DataTableProps<Row>) {
  return (
    <div className={classes.frame} data-stale={isStale || undefined} aria-busy={isStale}>
      <table className={classes.table} aria-label={label}>
        <thead className={classes.head}>
          <tr>
            {columns.map((column) => (
              <th
                key={column.header}

                scope="col"
                className={classes.heading}
                data-align={column.align}
                style={{ width: column.width }}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}

              className={classes.row}
              data-opens={opens ? true : undefined}
              data-open={opens?.openKey === keyOf(row) || undefined}
            >
              {columns.map((column, index) => (
                <td
                  key={column.header}

                  className={classes.cell}
                  data-align={column.align}
                  data-truncated={column.truncateAt === undefined ? undefined : true}
                  style={{ maxWidth: column.truncateAt }}
                  data-label={index === 0 ? undefined : column.header}
                  data-phone={column.onPhone}
                >
                  {index === 0 && opens ? (
                    <a
                      href={opens.href(row)}
                      className={classes.link}
                      onClick={(event) => openHere(event, () => opens.onOpen(row))}
                    >
                      {column.cell(row)}
                    </a>
                  ) : (
                    <div className={classes.content}>{column.cell(row)}</div>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A plain click opens in place; with a modifier key the browser does what it does with links. */
function openHere(event: MouseEvent, open: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open();
}
