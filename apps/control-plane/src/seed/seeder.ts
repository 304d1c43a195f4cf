import { Injectable } from "@nestjs/common";
import { providerManifests } from "@switchyard/providers/manifests";
import type { Actor } from "../auth/actor.ts";
import type { SeedEnv } from "../env.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { AlreadySeededError } from "./already-seeded.error.ts";
import { CatalogueSeeder } from "./catalogue.seeder.ts";
import { type FirstAccess, OrganisationSeeder } from "./organisation.seeder.ts";
import { RoutingSeeder } from "./routing.seeder.ts";
import { sampleModel } from "./simulator-catalogue.ts";

export type SeedResult = { readonly alreadySeeded: true } | (FirstAccess & { readonly sampleModel: string | null });

const system: Actor = { type: "system", id: "first-run", name: "First run", email: null, role: "owner" };

/** Fills an empty database in one transaction and publishes revision 1; does nothing to any other. */
@Injectable()
export class Seeder {
  readonly #publisher: PolicyRevisionPublisher;
  readonly #organisation: OrganisationSeeder;
  readonly #catalogue: CatalogueSeeder;
  readonly #routing: RoutingSeeder;

  constructor(
    publisher: PolicyRevisionPublisher,
    organisation: OrganisationSeeder,
    catalogue: CatalogueSeeder,
    routing: RoutingSeeder,
  ) {
    this.#publisher = publisher;
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#routing = routing;
  }

  async seed(env: SeedEnv): Promise<SeedResult> {
    try {
      const published = await this.#publisher.publish(system, async (connection) => {
        const { organisationId, access } = await this.#organisation.seed(connection, system, env.adminEmail);
        await this.#catalogue.seed(connection, system);
        const context = { connection, actor: system, organisationId };
        if (env.simulatorUrl !== null) await this.#routing.seedSimulator(context, env.simulatorUrl);
        for (const manifest of providerManifests) {
          const apiKey = env.providerApiKeys.get(manifest.kind);
          if (apiKey !== undefined) await this.#routing.seedProvider(context, manifest, apiKey);
        }
        return {
          value: { ...access, sampleModel: env.simulatorUrl === null ? null : sampleModel },
          summary: "First run",
          audit: { action: "installation.seeded", resourceType: "organisation", resourceId: organisationId },
        };
      });
      return published.value;
    } catch (error) {
      if (error instanceof AlreadySeededError) return { alreadySeeded: true };
      throw error;
    }
  }
}
