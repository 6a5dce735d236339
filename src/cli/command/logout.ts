import { logOut } from '../../app/login/log-out.ts'
import { openProject } from '../../app/project.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** Forgets the logins of this project's issuers, or of one, here and at the provider where it offers that. */
export async function run({ io, global, options }: Invocation): Promise<number> {
  const ended = await logOut(openProject(io, global), io, text(options.issuer))
  if (global.json) {
    io.out(`${JSON.stringify({ version: 1, loggedOut: ended })}\n`)
    return 0
  }
  for (const { issuer, revoked } of ended) {
    io.out(
      `${issuer}: forgotten here${revoked ? ' and revoked there' : '; its tokens are good there until they run out'}\n`,
    )
  }
  io.out(`${ended.length} login${ended.length === 1 ? '' : 's'} ended\nNext: eosflow login\n`)
  return 0
}
