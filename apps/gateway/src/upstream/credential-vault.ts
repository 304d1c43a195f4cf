import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import { type ProviderCredential, readProviderCredential } from "@switchyard/providers/credentials/provider-credential";
import { findProviderCodec } from "@switchyard/providers/registry";
import type { MasterKeyring } from "@switchyard/secrets/master-key";
import { CredentialCannotBeOpenedError, openCredential } from "@switchyard/secrets/sealed-credential";
import { SecretText } from "@switchyard/secrets/secret-text";
import type { Logger } from "@switchyard/telemetry/logger";
import type { IssuedSecret, LongLivedCredential } from "./credentials/exchange-credential.ts";
import { type Exchange, IssuedCredentials } from "./credentials/issued-credentials.ts";

export interface OpenedCredential {
  readonly credentialId: string;
  readonly secret: SecretText;
  /** What short-lived credentials are issued for; null for a secret that is sent as it is. */
  readonly longLived: LongLivedCredential | null;
}

/** Provider credentials, opened once for each connection of each policy revision and never on the way of a request. */
export class CredentialVault {
  readonly #keyring: MasterKeyring;
  readonly #logger: Logger;
  readonly #issued: IssuedCredentials;
  readonly #opened = new WeakMap<PolicyConnection, readonly OpenedCredential[]>();

  constructor(keyring: MasterKeyring, logger: Logger, exchange: Exchange) {
    this.#issued = new IssuedCredentials(exchange, logger);
    this.#keyring = keyring;
    this.#logger = logger;
  }

  /** The credentials of a connection that can be opened, in policy's order. One that cannot is reported once and left out. */
  open(organisationId: string, connection: PolicyConnection): readonly OpenedCredential[] {
    const known = this.#opened.get(connection);
    if (known !== undefined) return known;
    const opened = connection.credentials.flatMap((credential) => {
      try {
        const context = { organisationId, connectionId: connection.connectionId, origin: connection.baseUrl };
        const text = openCredential(this.#keyring, credential.sealed, {
          ...context,
          credentialId: credential.credentialId,
        });
        return this.#read(connection, credential.credentialId, text);
      } catch (error) {
        if (!(error instanceof CredentialCannotBeOpenedError)) throw error;
        this.#logger.error(
          { connectionId: connection.connectionId, credentialId: credential.credentialId, fault: error.fault },
          "a provider credential cannot be opened; it is not used",
        );
        return [];
      }
    });
    this.#opened.set(connection, opened);
    return opened;
  }

  /** As `IssuedCredentials.get`. */
  issue(
    { credentialId }: OpenedCredential,
    longLived: LongLivedCredential,
    nowMs: number,
  ): IssuedSecret | null | Promise<IssuedSecret | null> {
    return this.#issued.get(credentialId, longLived, nowMs);
  }

  /** Forgets what was issued for credentials that policy no longer has. */
  keepOnly(credentialIds: ReadonlySet<string>): void {
    this.#issued.keepOnly(credentialIds);
  }

  #read(connection: PolicyConnection, credentialId: string, text: string): OpenedCredential[] {
    const types = findProviderCodec(connection.kind)?.manifest.credentialTypes;
    const credential: ProviderCredential | null =
      types === undefined ? { type: "api_key", key: text } : readProviderCredential(text);
    if (credential === null || types?.includes(credential.type) === false) {
      this.#logger.error(
        { connectionId: connection.connectionId, credentialId },
        "a provider credential is none that its kind of provider takes; it is not used",
      );
      return [];
    }
    const longLived = credential.type === "api_key" ? null : credential;
    return [{ credentialId, secret: new SecretText(text), longLived }];
  }
}
