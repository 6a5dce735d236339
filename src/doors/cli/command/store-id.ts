import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { appCommand } from '../terminal/compose.ts'

/** Prints the id of this store, as `approvals: store:` of the settings takes it. */
export const run = appCommand(async ({ app, caller, io, global }) => {
  await requireAllowed(app, caller, 'audit.read')
  const { id } = app.store
  io.out(global.json ? `${JSON.stringify({ version: 1, store: id })}\n` : `${id}\n`)
  return 0
})
