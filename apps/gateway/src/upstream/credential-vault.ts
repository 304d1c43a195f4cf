import type { PolicyConnection } from "@switchyard/policy-engine/policy/policy-revision";
import type { MasterKeyring } from "@switchyard/secrets/master-key";
import { CredentialCannotBeOpenedError, openCredential } from "@switchyard/secrets/sealed-credential";
import { SecretText } from "@switchyard/secrets/secret-text";
import type { Logger } from "@switchyard/telemetry/logger";

export interface OpenedCredential {
  readonly credentialId: string;
  readonly secret: SecretText;
}

/** Provider credentials, opened once for each connection of each policy revision and never on the way of a request. */
export class CredentialVault {
  readonly #keyring: MasterKeyring;
  readonly #logger: Logger;
  readonly #opened = new WeakMap<PolicyConnection, readonly OpenedCredential[]>();

  constructor(keyring: MasterKeyring, logger: Logger) {
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
        return [{ credentialId: credential.credentialId, secret: new SecretText(text) }];
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
}
