import { Module } from "@nestjs/common";
import { DashboardRoutes } from "./dashboard.routes.ts";

@Module({ providers: [DashboardRoutes] })
export class DashboardModule {}
