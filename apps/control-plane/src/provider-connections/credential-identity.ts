import { readProviderCredential } from "@switchyard/providers/credentials/provider-credential";
import type { ProviderManifest } from "@switchyard/providers/provider-manifest";
import { ControlPlaneError } from "../errors/control-plane-error.ts";

/**
 * What tells a credential from others, so that its last letters may be shown: the key itself, or the public name of a
 * credential that has one. Throws for a credential that the kind has no use for, without repeating it.
 */
export function identityOf({ credentialTypes, credentialHint }: ProviderManifest, plaintext: string): string {
  if (credentialTypes === undefined) return plaintext;
  const credential = readProviderCredential(plaintext);
  if (credential === null || !credentialTypes.includes(credential.type)) {
    throw new ControlPlaneError("validation_failed", {
      problems: [
        { path: "credential", code: "invalid_credential", message: `is not one of this kind. ${credentialHint}` },
      ],
    });
  }
  switch (credential.type) {
    case "api_key":
      return credential.key;
    case "service_account":
      return credential.clientEmail;
    case "aws_keys":
      return credential.accessKeyId;
    case "azure_client":
      return credential.clientId;
  }
}
