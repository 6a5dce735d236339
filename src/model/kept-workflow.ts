export type KeptPurpose = 'rollback' | 'restore' | 'change'

const KEPT = /^(?:rollback\/[^/]+|restore|change)\/(?<ref>blob:[0-9a-f]{64})\//

/** The text of the store that holds the files of a workflow, by the path of the workflow: those of a rollback, a restore and a change of typed lines are kept beside the record (`rollback/OF/blob:HEX/workflow.yaml`, `change/blob:HEX/workflow.yaml`). */
export function keptFilesOf(workflow: string): string | undefined {
  return KEPT.exec(workflow)?.groups?.ref
}

export function keptPurposeOf(workflow: string): KeptPurpose | undefined {
  return KEPT.test(workflow) ? (workflow.slice(0, workflow.indexOf('/')) as KeptPurpose) : undefined
}

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
