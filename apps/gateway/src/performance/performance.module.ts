import { Module } from "@nestjs/common";
import { TaskPerformance } from "./task-performance.ts";

@Module({ providers: [TaskPerformance], exports: [TaskPerformance] })
export class PerformanceModule {}
