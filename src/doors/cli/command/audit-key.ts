import { asGiven } from '../../../model/install-keys.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { ownVerifier } from '../../../project/app/store/own-verifier.ts'
import { trailOf } from '../../../project/history/trail-of.ts'
import { appCommand } from '../terminal/compose.ts'

/** The public key that checkpoints of this store are judged with. */
export const run = appCommand(async ({ app, caller, io, global }) => {
  await requireAllowed(app, caller, 'audit.read')
  const { origin } = trailOf(app)
  const key = ownVerifier(app.keys, asGiven(app.key))
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'audit-key', origin, pem: key.pem, line: key.line })}\n`
      : key.pem,
  )
  return 0
})
