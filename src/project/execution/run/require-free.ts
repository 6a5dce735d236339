import { readState } from '../../../change/engine/fold.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'

/** Throws `busy`. */
export async function requireFree(app: ProjectStore & WordedHost, targets: readonly string[]): Promise<void> {
  for (const { id, hasActed } of await app.store.openExecutions()) {
    if (!hasActed) continue
    const state = await readState(app.store, id)
    const held = targets.filter(
      (name) => (state.devices.get(name)?.reached ?? 'nothing') !== 'nothing' && !state.networks.has(name),
    )
    if (held.length > 0) {
      throw new EosflowError('busy', `execution ${id} is not settled and holds ${held.join(', ')}`, {
        ...hinted(app, { code: 'resume', execution: id }),
      })
    }
  }
}
