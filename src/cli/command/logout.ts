import { issuerNamed } from '../../app/login/identify.ts'
import { loginPorts } from '../../app/login/login-ports.ts'
import { recordLogin } from '../../app/login/login-record.ts'
import { openProject } from '../../app/project.ts'
import { endLogin } from '../../identity/logins.ts'
import type { Issuer } from '../../model/issuer.ts'
import type { Invocation } from '../io.ts'

/** Forgets the logins of this project's issuers, or of one, here and at the provider where it offers that. */
export async function run({ io, global, options }: Invocation): Promise<number> {
  const project = openProject(io, global)
  const ports = loginPorts(project, io)
  const issuers = project.settings.identity?.issuers ?? []
  const chosen = typeof options.issuer === 'string' ? [issuerNamed(issuers, options.issuer)] : issuers
  const ended: { readonly issuer: Issuer['name']; readonly revoked: boolean }[] = []
  for (const issuer of chosen.filter(({ clientId }) => clientId !== undefined)) {
    const login = await endLogin(issuer, ports)
    if (login === undefined) continue
    await recordLogin({ type: 'LoggedOut', principal: login.principal }, project, io, login.principal)
    ended.push({ issuer: issuer.name, revoked: login.revoked })
  }
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
