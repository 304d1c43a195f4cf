import { Module } from "@nestjs/common";
import { IdentityModule } from "../identity/identity.module.ts";
import { ParseModule } from "../parse/parse.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { UpstreamModule } from "../upstream/upstream.module.ts";
import { PassthroughRoutes } from "./passthrough.routes.ts";

@Module({
  imports: [PoliciesModule, IdentityModule, ParseModule, UpstreamModule],
  providers: [PassthroughRoutes],
})
export class PassthroughModule {}
