import { readState } from '../../../change/engine/fold.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { trailOf } from '../../../project/history/trail-of.ts'
import type { Perform } from '../context/act-context.ts'
import { aboutSeen, notThere } from '../request/not-there.ts'

/** Throws `store`. */
export const checkpoint: Perform<'checkpoint'> = ({ app }, caller, { execution }) =>
  aboutSeen(app, caller, execution, async () => {
    const found = await app.store.resolveExecution(execution)
    if (found.found !== 'one') throw notThere('execution')
    const state = await readState(app.store, found.id)
    await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
    await trailOf(app).checkpoint()
    return {}
  })
