import { Injectable } from "@nestjs/common";
import { createMetrics, type Metrics } from "@switchyard/telemetry/metrics";

/** The metrics of this process. */
@Injectable()
export class ProcessMetrics {
  readonly metrics: Metrics = createMetrics();
}
