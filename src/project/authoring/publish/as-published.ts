import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { EosflowError } from '../../../model/error.ts'
import { ofBundle } from '../../../text/source/files.ts'
import type { App } from '../../app/app.ts'
import { published } from '../../history/bundle/published.ts'
import { keptApp } from '../../history/bundle/read-bundle.ts'
import { preparedAgain } from '../../plan/definition/definition-of.ts'
import { askedFor, switchesOf } from '../../plan/planning.ts'

export interface PublishedChange {
  readonly app: App
  readonly prepared: PreparedChange
}

/** Throws `stale` where the files that it was prepared from are not those that are published. */
export async function asPublished(
  app: App,
  { prepared, plan }: { readonly prepared: PreparedChange; readonly plan?: Plan },
): Promise<PublishedChange> {
  if (app.dispatch === undefined || prepared.commit !== undefined) return { app, prepared }
  if ((await app.store.bundles(1)).length === 0) return { app, prepared }
  const newest = app.project.published === undefined ? await published(app) : app
  const on = (await keptApp(newest, prepared.workflow.file)) ?? newest
  const { workflow, params, devices, inventory, changeFile } = prepared
  const { readings: _, fabric: __, ...asked } = inventory
  const switches = plan === undefined ? devices.map(({ name }) => name) : switchesOf(plan)
  const again = preparedAgain(
    on.project,
    { file: workflow.file, params, changeFile },
    switches,
    plan === undefined ? asked : askedFor(plan),
  )
  if (again.digest === prepared.digest) return { app: on, prepared: again }
  const which = ofBundle(on.project.files, workflow.file)
  throw new EosflowError('stale', `the workflow or one of its files is not as it is published${which}`, {
    hint: 'Publish the files of the project, or take those that are published.',
  })
}
