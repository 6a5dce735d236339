import { foldAll } from '../engine/fold.ts'
import { EosflowError } from '../model/error.ts'
import type { Desk } from './desk.ts'

/** One execution per switch at a time: one that has touched a switch and is not ended holds it. Throws `busy`. */
export async function requireFree(desk: Desk, targets: readonly string[]): Promise<void> {
  for (const { id, last } of await desk.store.executions()) {
    if (last.type === 'ExecutionEnded') continue
    const state = foldAll(id, await desk.store.read(id))
    const held = targets.filter((name) => (state.devices.get(name)?.reached ?? 'nothing') !== 'nothing')
    if (held.length > 0) {
      throw new EosflowError('busy', `execution ${id} is not settled and holds ${held.join(', ')}`, {
        hint: `eosflow resume ${id}`,
      })
    }
  }
}
