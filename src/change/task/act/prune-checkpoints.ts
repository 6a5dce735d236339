import type { Device } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { act } from './act.ts'
import type { TaskContext } from './context.ts'
import { isTransient, read } from './read.ts'

export async function pruneCheckpoints(
  context: TaskContext<unknown>,
  name: string,
  { session, listed }: { readonly session: string; readonly listed: readonly string[] },
): Promise<void> {
  const { prunes } = await context.change.planned(name)
  if (!prunes) return
  const checkpoints = await context.checkpoints.spent(name, listed)
  if (checkpoints.length === 0) return
  const send = (device: Device) => device.removeCheckpoints(checkpoints)
  const deleted = await act(context, name, 'prune', { session, checkpoints }, send).catch(passedOver)
  // Nothing is sent behind a request that is lost, or whose answer is, before the switch has answered again.
  if (deleted.outcome === 'unknown') await read(context, name, (device) => device.look([]))
}

// Throws what else went wrong.
function passedOver(error: unknown): { readonly outcome: 'done' | 'unknown' } {
  if (error instanceof EosflowError && error.kind === 'refused') return { outcome: 'done' }
  if (isTransient(error)) return { outcome: 'unknown' }
  throw error
}
