import { Injectable, type OnApplicationBootstrap } from "@nestjs/common";
import { DiscoveryService, MetadataScanner, Reflector } from "@nestjs/core";
import { allOperations } from "@switchyard/api-contract/catalogue";
import type { Operation } from "@switchyard/api-contract/operation";
import { operationMetadata } from "./handles.ts";

/** Refuses to start unless every operation of the contract has exactly one handler, and every handler an operation. */
@Injectable()
export class OperationsCheck implements OnApplicationBootstrap {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #reflector: Reflector;

  constructor(discovery: DiscoveryService, scanner: MetadataScanner, reflector: Reflector) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#reflector = reflector;
  }

  onApplicationBootstrap(): void {
    const faults = findBindingFaults(allOperations, this.#handledOperations());
    if (faults.length > 0) throw new Error(`the API is not bound to its contract: ${faults.join("; ")}`);
  }

  #handledOperations(): Operation[] {
    return this.#discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return this.#scanner.getAllMethodNames(prototype).flatMap((name) => {
        const method = prototype[name];
        const operation = method && this.#reflector.get<Operation | undefined>(operationMetadata, method);
        return operation ? [operation] : [];
      });
    });
  }
}

/** What is wrong between a contract and its handlers, one line a fault; empty when they fit. */
export function findBindingFaults(contract: readonly Operation[], handled: readonly Operation[]): string[] {
  const handlers = new Map<string, number>();
  for (const { id } of handled) handlers.set(id, (handlers.get(id) ?? 0) + 1);
  const known = new Set(contract.map(({ id }) => id));
  return [
    ...contract.filter(({ id }) => !handlers.has(id)).map(({ id }) => `${id} has no handler`),
    ...[...handlers].filter(([, count]) => count > 1).map(([id, count]) => `${id} has ${count} handlers`),
    ...[...handlers.keys()].filter((id) => !known.has(id)).map((id) => `${id} is not in the catalogue`),
  ];
}
