const KEPT = /^(?:rollback\/[^/]+|restore)\/(?<ref>blob:[0-9a-f]{64})\//

/**
 * The text of the store that holds the files of a workflow, by the path of the workflow: those of a rollback and of a restore are kept beside the
 * record (`rollback/OF/blob:HEX/workflow.yaml`, `restore/blob:HEX/workflow.yaml`). Undefined for a workflow of the project.
 */
export function keptFilesOf(workflow: string): string | undefined {
  return KEPT.exec(workflow)?.groups?.ref
}

/** What names an execution in the path of the workflow that rolls it back. */
const ROLLBACK = /^rollback\/(?!plan-)(?<of>[^/]+)\//

/** The execution that another one rolls back, by the undo that was approved with it (`undoes`), or by its own workflow; undefined for every other execution. */
export function rolledBackBy({
  file,
  undoes,
}: {
  readonly file: string
  readonly undoes?: string | undefined
}): string | undefined {
  return undoes ?? ROLLBACK.exec(file)?.groups?.of
}
