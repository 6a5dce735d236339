import { EosflowError } from '../model/error.ts'
import { act } from './act.ts'
import type { TaskContext } from './context.ts'

/**
 * Deletes the checkpoints of ours that nobody needs any more, where the approved plan says so: a switch keeps only so many, and what
 * it drops or refuses beyond them is not known. The change goes on whether or not the switch deletes them.
 */
export async function pruneCheckpoints(
  context: TaskContext<unknown>,
  name: string,
  { session, listed }: { readonly session: string; readonly listed: readonly string[] },
): Promise<void> {
  const { prunes } = await context.change.planned(name)
  if (!prunes) return
  const checkpoints = await context.checkpoints.spent(name, listed)
  if (checkpoints.length === 0) return
  await act(context, name, 'prune', { session, checkpoints }, (device) => device.removeCheckpoints(checkpoints)).catch(
    (error: unknown) => {
      if (!(error instanceof EosflowError) || error.kind !== 'refused') throw error
    },
  )
}
