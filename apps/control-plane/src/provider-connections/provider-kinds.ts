import type { ProviderKind } from "@switchyard/api-contract/provider-connections";
import { providerManifests } from "@switchyard/providers/manifests";
import type { ProviderManifest } from "@switchyard/providers/provider-manifest";
import { findProviderCodec } from "@switchyard/providers/registry";
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
    listsModels: manifest.modelListPath !== null,
    quirkDefaults: quirkDefaultsOf(manifest.kind),
  }));
}

function quirkDefaultsOf(kind: string): ProviderKind["quirkDefaults"] {
  const defaults = findProviderCodec(kind)?.adjustable?.defaults;
  return defaults === undefined ? null : { ...defaults, parameters: { ...defaults.parameters } };
}

/** The manifest of a kind, or 422: nothing may be stored that no gateway can speak to. */
export function requireProviderKind(kind: string): ProviderManifest {
  const manifest = providerManifests.find((candidate) => candidate.kind === kind);
  if (!manifest) throw new ControlPlaneError("unknown_provider_kind");
  return manifest;
}
