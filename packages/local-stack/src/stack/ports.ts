/** Which port each part listens on, how to choose another, and what to say when one is taken. */
import { findFreePort, isPortFree } from "../free-port.ts";
import { OperatorError } from "../operator-error.ts";

export interface StackPorts {
  gateway: number;
  admin: number;
  simulator: number;
  worker: number;
  database: number;
}

const table: readonly { part: keyof StackPorts; variable: string; standard: number }[] = [
  { part: "gateway", variable: "GATEWAY_PORT", standard: 8080 },
  { part: "admin", variable: "ADMIN_PORT", standard: 3000 },
  { part: "simulator", variable: "SIMULATOR_PORT", standard: 9090 },
  { part: "worker", variable: "WORKER_PORT", standard: 8082 },
  { part: "database", variable: "DATABASE_PORT", standard: 5440 },
];

/** Reads the ports from the environment, or takes the standard ones. */
export function readPorts(environment: Readonly<Record<string, string | undefined>>): StackPorts {
  return fill(({ variable, standard }) => {
    const text = environment[variable];
    if (text === undefined || text === "") return standard;
    const port = Number(text);
    if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
    throw new OperatorError(`${variable}=${text} is not a port. Choose a number from 1 to 65535.`);
  });
}

/** Ports that nobody uses now, for tests. */
export async function findFreePorts(): Promise<StackPorts> {
  const ports = new Set<number>();
  while (ports.size < table.length) ports.add(await findFreePort());
  const free = [...ports];
  return fill((_, index) => free[index] ?? 0);
}

function fill(choose: (row: (typeof table)[number], index: number) => number): StackPorts {
  return Object.fromEntries(table.map((row, index) => [row.part, choose(row, index)])) as unknown as StackPorts;
}

/** @throws OperatorError with one line for every port of `parts` that is taken, or claimed twice. */
export async function checkPorts(ports: StackPorts, parts: readonly (keyof StackPorts)[]): Promise<void> {
  const lines: string[] = [];
  const claimedBy = new Map<number, string>();
  for (const { part, variable } of table.filter((row) => parts.includes(row.part))) {
    const port = ports[part];
    const other = claimedBy.get(port);
    claimedBy.set(port, variable);
    if (other !== undefined) lines.push(`Port ${port} is chosen by both ${other} and ${variable}. Change one of them.`);
    else if (!(await isPortFree(port))) {
      lines.push(
        `Port ${port} (${part}) is in use. Stop what uses it, or choose another: ${variable}=${port + 1} npm start`,
      );
    }
  }
  if (lines.length > 0) throw new OperatorError(lines.join("\n"));
}
