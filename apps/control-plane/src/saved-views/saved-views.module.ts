import { Module } from "@nestjs/common";
import { SavedViewRepository } from "./saved-view.repository.ts";
import { SavedViewsController } from "./saved-views.controller.ts";
import { SavedViewsService } from "./saved-views.service.ts";

@Module({ controllers: [SavedViewsController], providers: [SavedViewRepository, SavedViewsService] })
export class SavedViewsModule {}
