import { Global, Module } from "@nestjs/common";
import { ResourceNameRepository } from "./resource-name.repository.ts";

@Global()
@Module({ providers: [ResourceNameRepository], exports: [ResourceNameRepository] })
export class ResourceNamesModule {}
