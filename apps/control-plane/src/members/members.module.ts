import { Module } from "@nestjs/common";
import { MemberRepository } from "./member.repository.ts";
import { MembersController } from "./members.controller.ts";
import { MembersService } from "./members.service.ts";

@Module({ controllers: [MembersController], providers: [MemberRepository, MembersService] })
export class MembersModule {}
