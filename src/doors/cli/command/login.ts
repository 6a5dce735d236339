import { logIn } from '../../../project/access/login/log-in.ts'
import { openProject } from '../../../project/files/project.ts'
import { identityText } from '../../../report/phrases/identity-words.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, global, options }: Invocation): Promise<number> {
  const request = { issuer: text(options.issuer), device: options.device === true }
  const { principal, verified } = await logIn(openProject(io, global), io, io, request)
  const expires = new Date(verified.expires).toISOString()
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, identity: principal, expires })}\n`
      : `1 login: ${identityText(principal)}, its token until ${expires}\nNext: eosflow whoami\n`,
  )
  if ((io.env.EOSFLOW_TOKEN ?? '') !== '') io.err('! EOSFLOW_TOKEN is set and is used instead of this login\n')
  return 0
}
