import { Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";
import { IdentityModule } from "../identity/identity.module.ts";
import { ParseModule } from "../parse/parse.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { CostEstimator } from "./cost-estimator.ts";
import { EstimatePipeline } from "./estimate.pipeline.ts";
import { EstimateRoutes } from "./estimate.routes.ts";
import { TokenCounter } from "./token-counter.ts";

@Injectable()
class CountingThread implements OnApplicationShutdown {
  constructor(private readonly counter: TokenCounter) {}

  async onApplicationShutdown(): Promise<void> {
    await this.counter.close();
  }
}

@Module({
  imports: [PoliciesModule, IdentityModule, ParseModule],
  providers: [
    { provide: TokenCounter, useFactory: () => new TokenCounter() },
    {
      provide: CostEstimator,
      useFactory: (counter: TokenCounter) => new CostEstimator(counter),
      inject: [TokenCounter],
    },
    CountingThread,
    EstimatePipeline,
    EstimateRoutes,
  ],
  exports: [TokenCounter],
})
export class EstimateModule {}
