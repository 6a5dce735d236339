import { type PreparedChange, prepare } from '../../plan/prepare.ts'
import type { App } from '../app.ts'
import { orProblems } from '../input-error.ts'
import { keepFiles, keptApp } from '../kept-files.ts'
import { chosenDevices } from '../plan/chosen-devices.ts'
import { loadWorkflow } from '../project/load-workflow.ts'
import { smallChangeText } from './workflow-text.ts'

/** Lines in their blocks, and the switches that they are for. */
export interface LinesFor {
  readonly lines: readonly string[]
  readonly target: string
}

/** A change of typed lines, and the application that has its files: any process that opens the store goes on with it. */
export interface KeptChange {
  readonly app: App
  readonly prepared: PreparedChange
}

/** Keeps the workflow of typed lines beside the record, and prepares its change. No switch is asked. Throws InputError. */
export async function keptChange(given: App, { lines, target }: LinesFor): Promise<KeptChange> {
  const switches = chosenDevices(given.project.inventory(), target).length
  const file = await keepFiles(given, 'change', smallChangeText({ name: 'change', lines, switches }))
  const app = (await keptApp(given, file)) ?? given
  const { project } = app
  const prepared = orProblems(
    prepare({
      workflow: loadWorkflow(project, file),
      given: {},
      inventory: project.inventory(),
      only: target,
      files: project.files,
    }),
  )
  return { app, prepared }
}
