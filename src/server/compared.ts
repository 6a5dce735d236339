import { compareSnapshots } from '../app/compare-snapshots.ts'
import { InputError } from '../app/input-error.ts'
import { snapshotNamed } from '../app/snapshot-document.ts'
import type { DeviceDiff, Sides } from '../report/snapshot-diff/snapshot-diff.ts'
import type { Front } from './front.ts'
import type { Known } from './known.ts'
import { notThere } from './not-there.ts'
import { askerOf } from './route.ts'

const NEVER = new AbortController().signal

/**
 * How switches differ between two snapshots, or, without `after`, since one: then the main thread asks them. Throws that a snapshot is not
 * there, and as the policy does.
 */
export async function compared(
  { app, acts }: Pick<Front, 'app' | 'acts'>,
  caller: Known,
  { before, after }: Sides,
): Promise<readonly DeviceDiff[]> {
  for (const name of after === undefined ? [before] : [before, after]) await snapshotNamed(app, name).catch(absent)
  if (after === undefined) {
    const { diffs } = (await acts.ask('compare', askerOf(caller), { before })) as { diffs: readonly DeviceDiff[] }
    return diffs
  }
  // With both sides named nothing is asked of a switch, so nobody is spoken with.
  const quiet = { ...caller, interactive: false, tell: () => undefined, ask: async () => undefined, stop: NEVER }
  return compareSnapshots(app, quiet, { before, after, target: undefined })
}

function absent(error: unknown): never {
  throw error instanceof InputError ? notThere('snapshot') : error
}
