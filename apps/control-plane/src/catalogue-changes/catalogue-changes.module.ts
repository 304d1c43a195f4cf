import { Module } from "@nestjs/common";
import { ModelsModule } from "../models/models.module.ts";
import { CatalogueImportRepository } from "../seed/catalogue-import.repository.ts";
import { CatalogueChangesController } from "./catalogue-changes.controller.ts";
import { CatalogueChangesService } from "./catalogue-changes.service.ts";
import { CataloguePriceRepository } from "./catalogue-price.repository.ts";

@Module({
  imports: [ModelsModule],
  controllers: [CatalogueChangesController],
  providers: [CatalogueChangesService, CatalogueImportRepository, CataloguePriceRepository],
})
export class CatalogueChangesModule {}
