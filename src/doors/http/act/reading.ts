import { driftOfSwitches } from '../../../project/switches/drift/drift-of-switches.ts'
import { compareSnapshots } from '../../../project/switches/snapshot/compare-snapshots.ts'
import { takeSnapshot } from '../../../project/switches/snapshot/take-snapshot.ts'
import { driftAs } from '../../../report/drift/formats.ts'
import type { Perform } from '../context/act-context.ts'
import { faultOf } from '../request/fault.ts'
import { askAnew } from './ask-anew.ts'

export const drift: Perform<'drift'> = async ({ app }, caller, { targets }) => {
  await askAnew(app, caller)
  return JSON.parse(driftAs.json(await driftOfSwitches(app, caller, targets)))
}

export const compare: Perform<'compare'> = async ({ app }, caller, { before }) => {
  await askAnew(app, caller)
  return { diffs: await compareSnapshots(app, caller, { before, after: undefined, target: undefined }) }
}

export const snapshot: Perform<'snapshot'> = async ({ app }, caller, { name, targets }) => {
  await askAnew(app, caller)
  const { failure, ...taken } = await takeSnapshot(app, caller, { target: targets, name })
  const fault = failure === undefined ? {} : { failure: faultOf(failure).message }
  return { version: 1, kind: 'snapshot', ...taken, ...fault }
}
