import { valueWithoutSecrets } from '../../../change/record/event/record-text.ts'
import { snapshotNamed } from '../../../project/switches/snapshot/snapshot-document.ts'
import { compareSnapshots } from '../../../project/switches/snapshot/take-snapshot.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import type { DeviceDiff, Sides } from '../../../report/snapshot-diff/formats.ts'
import { faultOf, notThere } from '../request/readable.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import { askerOf, type FrontContext } from './route.ts'

const NEVER = new AbortController().signal

/** How switches differ between two snapshots, or, without `after`, since one: then the main thread asks them. A snapshot holds what switches have said as they said it: every secret that is known here is taken out of the comparison before anything is made of it. */
export async function compared(
  front: Pick<FrontContext, 'app' | 'acts' | 'scrub'>,
  caller: IdentifiedCaller,
  sides: Sides,
): Promise<readonly DeviceDiff[]> {
  const diffs = await asStored(front, caller, sides).catch(unseen)
  return valueWithoutSecrets(diffs, front.scrub) as readonly DeviceDiff[]
}

async function asStored(
  { app, acts }: Pick<FrontContext, 'app' | 'acts'>,
  caller: IdentifiedCaller,
  { before, after }: Sides,
) {
  for (const name of after === undefined ? [before] : [before, after]) await snapshotNamed(app, name).catch(absent)
  if (after === undefined) {
    const { diffs } = (await acts.ask('compare', askerOf(caller), { before })) as { diffs: readonly DeviceDiff[] }
    return diffs
  }
  // With both sides named nothing is asked of a switch, so nobody is spoken with.
  const quiet = { ...caller, interactive: false, tell: () => undefined, ask: async () => undefined, stop: NEVER }
  return compareSnapshots(app, quiet, { before, after, target: undefined })
}

function unseen(error: unknown): never {
  throw faultOf(error).kind === 'not-authorised' ? notThere('snapshot') : error
}

function absent(error: unknown): never {
  throw error instanceof InputError ? notThere('snapshot') : error
}
