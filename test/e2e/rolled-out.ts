import { join } from 'node:path'
import type { Plan } from '../../src/change/plan/plan.ts'
import { sealPlan } from '../../src/change/plan/seal.ts'
import { readOrMakeInstallKey, signingKeys } from '../../src/project/system/machine/key-files.ts'
import type { Lab } from '../lab/lab.ts'

/** The states of a change behind its approval: pushed and verified in its waves, confirmed and saved. */
export const ROLLED_OUT = `  RollOut:
    Type: Map
    Items: waves
    ItemProcessor:
      StartAt: RollOutWave
      States:
        RollOutWave:
          Type: Map
          Items: wave
          ItemProcessor:
            StartAt: PushChange
            States:
              PushChange: { Type: Task, Resource: eosflow:push, Arguments: { confirmWithin: 5m }, Next: VerifyChange }
              VerifyChange:
                Type: Task
                Resource: eosflow:verify
                Arguments: { within: 20s, stableFor: 0s, every: 1s, checks: [reachable] }
                End: true
          End: true
    Next: CheckTimers
  CheckTimers: { Type: Task, Resource: eosflow:ready, Next: ConfirmChanges }
  ConfirmChanges:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: ConfirmChange
      States:
        ConfirmChange: { Type: Task, Resource: eosflow:confirm, End: true }
    Next: SaveAll
  SaveAll:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: SaveChange
      States:
        SaveChange: { Type: Task, Resource: eosflow:save, End: true }
    Next: Done
  Done: { Type: Succeed }
`

/** A plan that somebody who holds the keys of the installation in a folder has changed and sealed again. */
export function resealed(dir: string, plan: Plan): Plan {
  const folder = join(dir, '.eosflow')
  const { key } = signingKeys(folder, {}).readOrMake('plan')
  const { seal: _, ...bare } = plan
  return { ...bare, seal: sealPlan({ key, installKey: readOrMakeInstallKey(folder, {}) }, bare) }
}

/** The config sessions that are open on leaf1, by what is behind the prefix of their execution. */
export const openOnLeaf1 = ({ fabric }: Lab) =>
  fabric
    .device('leaf1')
    .switch.sessions.all()
    .flatMap(({ name, state }) =>
      state === 'pending' || state === 'armed' ? [name.replace(/^eosflow-[^-]+-/, 'S-')] : [],
    )
