import type { ProviderKind } from "@switchyard/api-contract/provider-connections";
import { providerManifests } from "@switchyard/providers/manifests";
import type { ProviderManifest } from "@switchyard/providers/provider-manifest";
import { ControlPlaneError } from "../errors/control-plane-error.ts";

export function listProviderKinds(): ProviderKind[] {
  return providerManifests.map((manifest) => ({
    kind: manifest.kind,
    displayName: manifest.displayName,
    defaultBaseUrl: manifest.defaultBaseUrl,
    baseUrlHint: manifest.baseUrlHint ?? null,
    needsCredential: manifest.needsCredential,
    credentialHint: manifest.credentialHint,
    operations: [...manifest.operations],
    docsUrl: manifest.docsUrl,
  }));
}

/** The manifest of a kind, or 422: nothing may be stored that no gateway can speak to. */
export function requireProviderKind(kind: string): ProviderManifest {
  const manifest = providerManifests.find((candidate) => candidate.kind === kind);
  if (!manifest) throw new ControlPlaneError("unknown_provider_kind");
  return manifest;
}
