import { foldSwitches } from '../../../change/engine/past-checkpoints.ts'
import type { PlannedDevice } from '../../../change/plan/plan.ts'
import { plannedOf } from '../../../change/plan/settled.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

export interface StagedChange {
  readonly name: string
  readonly execution: string
  readonly plan: string
  readonly file: string
  readonly planned: PlannedDevice
  readonly base: string | undefined
  readonly target: string
}

export async function stagedChanges(
  app: Pick<ProjectStore, 'store'>,
  { execution: id, seq: until }: { readonly execution: string; readonly seq: number },
  names: readonly string[],
): Promise<readonly StagedChange[]> {
  const { store } = app
  const { plan: settled, devices, sites, file } = await foldSwitches(id, (one, types) => store.read(one, types), until)
  const isOwn = (name: string) => settled !== undefined && devices.get(name)?.target !== undefined
  const staged: StagedChange[] = []
  const others = names.filter((name) => !isOwn(name))
  for (const { execution } of others.length === 0 ? [] : sites.sites)
    if (execution !== id) staged.push(...(await stagedChanges(app, { execution, seq: until }, others)))
  if (settled === undefined || others.length === names.length) return staged
  const plan = await recordedPlan(store, settled.ref)
  for (const name of names) {
    const { base, target } = devices.get(name) ?? {}
    if (target === undefined) continue
    staged.push({ name, execution: id, plan: plan.digest, file, planned: plannedOf(plan, name), base, target })
  }
  return staged
}
