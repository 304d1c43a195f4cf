import { Controller } from "@nestjs/common";
import { projectOperations } from "@switchyard/api-contract/projects";
import { type Call, Handles } from "../operations/handles.ts";
import { ProjectsService } from "./projects.service.ts";

@Controller()
export class ProjectsController {
  readonly #projects: ProjectsService;

  constructor(projects: ProjectsService) {
    this.#projects = projects;
  }

  @Handles(projectOperations.list)
  list({ query }: Call<typeof projectOperations.list>) {
    return this.#projects.list(query);
  }

  @Handles(projectOperations.create)
  create({ actor, body }: Call<typeof projectOperations.create>) {
    return this.#projects.create(actor, body);
  }

  @Handles(projectOperations.get)
  get({ params }: Call<typeof projectOperations.get>) {
    return this.#projects.get(params.id);
  }

  @Handles(projectOperations.update)
  update({ actor, params, body }: Call<typeof projectOperations.update>) {
    return this.#projects.update(actor, params.id, body);
  }

  @Handles(projectOperations.archive)
  archive({ actor, params }: Call<typeof projectOperations.archive>) {
    return this.#projects.archive(actor, params.id);
  }
}
