import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Prints the id of this store, as `approvals: store:` of the settings takes it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    await requireAllowed(app, caller, 'audit.read')
    const { id } = app.store
    io.out(global.json ? `${JSON.stringify({ version: 1, store: id })}\n` : `${id}\n`)
    return 0
  })
}
