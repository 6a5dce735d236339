import { type PreparedChange, prepare, type TargetSelection } from '../../change/plan/prepare.ts'
import type { App } from '../app/app.ts'
import { loadWorkflow } from '../files/load-workflow.ts'
import { keepFiles, keptApp } from '../history/bundle/read-bundle.ts'
import { orProblems } from '../system/process/input-error.ts'

interface KeptWorkflow {
  readonly purpose: Parameters<typeof keepFiles>[1]
  readonly workflow: string
  readonly files?: Readonly<Record<string, string>>
}

export interface KeptChange {
  readonly app: App
  readonly prepared: PreparedChange
}

/** Throws InputError. */
export async function keepChange(
  given: App,
  { purpose, workflow, files }: KeptWorkflow,
  chosen: TargetSelection,
): Promise<KeptChange> {
  const file = await keepFiles(given, purpose, workflow, files)
  const app = (await keptApp(given, file)) ?? given
  const { project } = app
  const prepared = orProblems(
    prepare({
      workflow: loadWorkflow(project, file),
      given: {},
      inventory: project.inventory(),
      ...chosen,
      files: project.files,
    }),
  )
  return { app, prepared }
}
