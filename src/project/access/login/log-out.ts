import type { EndedLogin } from '../../../report/ended-logins.ts'
import type { Project } from '../../files/project.ts'
import { issuerNamed } from '../../identity/identify.ts'
import { loginPorts } from '../../identity/login-ports.ts'
import { endLogin } from '../../identity/oidc/logins.ts'
import type { Host } from '../../system/process/host.ts'
import { recordLogin } from './login-record.ts'

export async function logOut(project: Project, host: Host, name: string | undefined): Promise<readonly EndedLogin[]> {
  const ports = loginPorts(project, host)
  const issuers = project.settings.identity?.issuers ?? []
  const chosen = name === undefined ? issuers : [issuerNamed(issuers, name)]
  const ended: EndedLogin[] = []
  for (const issuer of chosen.filter(({ clientId }) => clientId !== undefined)) {
    const login = await endLogin(issuer, ports)
    if (login === undefined) continue
    await recordLogin({ type: 'LoggedOut', principal: login.principal }, project, host, login.principal)
    ended.push({ issuer: issuer.name, revoked: login.revoked })
  }
  return ended
}
