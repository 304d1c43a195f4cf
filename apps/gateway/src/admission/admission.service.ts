import type { AdmittedCall, CallToAdmit } from "./admission.ts";

export class AdmissionService {
  /**
   * Takes one request, one call in flight and the expected tokens from every rate limit in scope, all or nothing.
   * Returns at once where this process owns enough of each; a promise only where it must ask the database for more.
   * Throws (or rejects with) GatewayError: rate_limit_exceeded, concurrency_limit_exceeded.
   */
  admit(_call: CallToAdmit): AdmittedCall | Promise<AdmittedCall> {
    throw new Error("not built yet");
  }
}
