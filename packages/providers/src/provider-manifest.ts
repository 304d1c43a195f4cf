import type { CredentialType } from "./credentials/provider-credential.ts";
import type { Operation } from "@switchyard/metering/usage-event";

/** What people need to know of a provider kind to connect an account: data that a browser may hold. */
export interface ProviderManifest {
  readonly kind: string;
  readonly displayName: string;
  /** True for a protocol that many servers speak; a connection of it may serve any model. */
  readonly generic: boolean;
  /** Other kinds whose models, as the catalogue has them, it serves under the same ids. */
  readonly servesModelsOf?: readonly string[];
  /** Without trailing slash; null where every account has its own. */
  readonly defaultBaseUrl: string | null;
  /** What a base URL of an account looks like, where every account has its own. */
  readonly baseUrlHint?: string;
  readonly needsCredential: boolean;
  /** What a credential may be, where that is more than a text that is sent as it is. */
  readonly credentialTypes?: readonly CredentialType[];
  readonly credentialLabel: string;
  readonly credentialHint: string;
  readonly docsUrl: string | null;
  /** What is assumed about billing when the gateway hangs up, until an admin says otherwise. */
  readonly defaultAbortBilling: "stops" | "runs_on";
  readonly operations: readonly Operation[];
  /** Where the provider lists its models, appended to the base URL; null if it has no such list. */
  readonly modelListPath: string | null;
}
