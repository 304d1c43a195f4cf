import type { ProviderKind } from "@switchyard/api-contract/provider-connections";
import { providerManifests } from "@switchyard/providers/manifests";
import type { ProviderManifest } from "@switchyard/providers/provider-manifest";
import { ControlPlaneError } from "../errors/control-plane-error.ts";

export function listProviderKinds(): ProviderKind[] {
  return providerManifests.map(({ kind, displayName, defaultBaseUrl, needsCredential, operations, docsUrl }) => ({
    kind,
    displayName,
    defaultBaseUrl,
    needsCredential,
    operations: [...operations],
    docsUrl,
  }));
}

/** The manifest of a kind, or 422: nothing may be stored that no gateway can speak to. */
export function requireProviderKind(kind: string): ProviderManifest {
  const manifest = providerManifests.find((candidate) => candidate.kind === kind);
  if (!manifest) throw new ControlPlaneError("unknown_provider_kind");
  return manifest;
}
