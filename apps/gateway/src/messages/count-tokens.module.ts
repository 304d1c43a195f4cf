import { Module } from "@nestjs/common";
import { EstimateModule } from "../estimate/estimate.module.ts";
import { TokenCounter } from "../estimate/token-counter.ts";
import { IdentityModule } from "../identity/identity.module.ts";
import { ParseModule } from "../parse/parse.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { RoutingModule } from "../routing/routing.module.ts";
import { SetAsideMemory } from "../routing/set-aside.memory.ts";
import { AttemptTargets } from "../upstream/attempt-targets.ts";
import { CredentialVault } from "../upstream/credential-vault.ts";
import { UpstreamClient } from "../upstream/upstream-client.ts";
import { UpstreamModule } from "../upstream/upstream.module.ts";
import { ConversationCount } from "./conversation-count.ts";
import { CountTokensPipeline } from "./count-tokens.pipeline.ts";
import { CountTokensRoutes } from "./count-tokens.routes.ts";
import { ProviderCount } from "./provider-count.ts";

@Module({
  imports: [PoliciesModule, IdentityModule, ParseModule, RoutingModule, UpstreamModule, EstimateModule],
  providers: [
    {
      provide: ProviderCount,
      useFactory: (client: UpstreamClient, vault: CredentialVault, setAside: SetAsideMemory) =>
        new ProviderCount(client, new AttemptTargets(vault, setAside)),
      inject: [UpstreamClient, CredentialVault, SetAsideMemory],
    },
    {
      provide: ConversationCount,
      useFactory: (counter: TokenCounter) => new ConversationCount(counter),
      inject: [TokenCounter],
    },
    CountTokensPipeline,
    CountTokensRoutes,
  ],
})
export class CountTokensModule {}
