import { logOut } from '../../../project/access/login/log-in.ts'
import { openProject } from '../../../project/files/project.ts'
import { endedLoginsText } from '../../../report/ended-logins.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, global, options }: Invocation): Promise<number> {
  const ended = await logOut(openProject(io, global), io, text(options.issuer))
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, loggedOut: ended })}\n`
      : `${endedLoginsText(ended)}\nNext: eosflow login\n`,
  )
  return 0
}
