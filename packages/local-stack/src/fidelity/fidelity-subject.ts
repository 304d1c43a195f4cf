/** Which provider is checked: the simulator, an account whose key is in the environment, or a server by its address. */
import { OperatorError } from "../operator-error.ts";
import { simulatedKind } from "./simulated-kinds.ts";

export interface FidelityProvider {
  readonly kind: string;
  readonly baseUrl: string;
  /** Null where the simulator plays a kind that takes service accounts: one is made up for the run. */
  readonly credential: string | null;
}

export interface FidelityChoice {
  /** `simulator`, or a kind of provider. */
  readonly connection: string;
  /** What kind the simulator plays. */
  readonly kind: string;
  readonly baseUrl: string | undefined;
}

interface KnownKind {
  readonly kind: string;
  readonly defaultBaseUrl: string | null;
  readonly needsCredential: boolean;
}

/** Any text that nobody takes for a real key: neither the simulator nor a server without keys looks at it. */
const anyCredential = "sk-fidelity-0123456789";

/** @throws OperatorError where the choice lacks something, with what it is. */
export function chooseProvider(
  choice: FidelityChoice,
  simulatorUrl: string,
  kinds: readonly KnownKind[],
  environment: Readonly<Record<string, string | undefined>>,
): FidelityProvider {
  if (choice.connection === "simulator") {
    const { surface, hasServiceAccount } = simulatedKind(choice.kind);
    const credential = hasServiceAccount === true ? null : anyCredential;
    return { kind: choice.kind, baseUrl: `${simulatorUrl}/fidelity${surface}`, credential };
  }
  const kind = kinds.find((candidate) => candidate.kind === choice.connection);
  if (kind === undefined) {
    const known = kinds.map((candidate) => candidate.kind).join(", ");
    throw new OperatorError(`--connection ${choice.connection} is neither simulator nor one of ${known}.`);
  }
  const baseUrl = choice.baseUrl ?? kind.defaultBaseUrl;
  if (baseUrl === null) throw new OperatorError(`Every account of ${kind.kind} has its own address: give --base-url.`);
  const variable = `${kind.kind.toUpperCase().replaceAll("-", "_")}_API_KEY`;
  const credential = environment[variable] ?? "";
  if (credential === "" && kind.needsCredential) throw new OperatorError(`Set ${variable} to a key of the account.`);
  return { kind: kind.kind, baseUrl: baseUrl.replace(/\/+$/, ""), credential: credential || anyCredential };
}
