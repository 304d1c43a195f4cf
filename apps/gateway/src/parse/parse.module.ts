import { Module } from "@nestjs/common";
import type { Env } from "../env.ts";
import { ENV } from "../env.module.ts";
import { BodyReader } from "./body-reader.ts";

@Module({
  providers: [
    {
      provide: BodyReader,
      useFactory: (env: Env) =>
        new BodyReader(
          {
            json: env.GATEWAY_BODY_LIMIT_BYTES,
            multipart: env.GATEWAY_UPLOAD_LIMIT_BYTES,
            any: env.GATEWAY_UPLOAD_LIMIT_BYTES,
          },
          env.GATEWAY_BODY_BYTES_IN_FLIGHT,
        ),
      inject: [ENV],
    },
  ],
  exports: [BodyReader],
})
export class ParseModule {}
