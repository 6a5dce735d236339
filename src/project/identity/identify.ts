import type { Notes } from '../../change/record/store/notes.ts'
import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import type { Issuer } from '../../model/principal.ts'
import { Secret } from '../../model/secret.ts'
import type { Project } from '../files/project.ts'
import { hinted } from '../system/process/hinted.ts'
import type { Host } from '../system/process/host.ts'
import { begunIn, loginPorts } from './login-ports.ts'
import { type Caller, lastLogin, serviceLogin } from './oidc/logins.ts'
import { spendToken, verifyToken } from './oidc/verify-token.ts'

export interface ProviderCaller extends Caller {
  /** To be asked before an execution begins: the token of a job begins one. `notes`: where that is kept for several machines. */
  begins(notes?: Notes): Promise<void>
}

/**
 * Who is calling: whom `EOSFLOW_TOKEN` names, else the login at the issuer that `EOSFLOW_ISSUER` names, else the last login. Throws
 * `not-authorised` when there is none, or none that is taken; `unreachable`, retryable, when the provider cannot be asked.
 */
export async function identify(project: Project, host: Host): Promise<ProviderCaller> {
  const issuers = project.settings.identity?.issuers ?? []
  const { EOSFLOW_TOKEN: given = '' } = host.env
  if (given !== '') return byToken(new Secret(given), issuers, project, host)
  const caller = await byLogin(issuers, project, host)
  return { ...caller, begins: async () => undefined }
}

/** Throws `not-authorised` when the settings list none. */
export function issuerNamed(issuers: readonly Issuer[], name: string): Issuer {
  const found = issuers.find((issuer) => issuer.name === name)
  if (found !== undefined) return found
  throw new EosflowError('not-authorised', `there is no issuer ${JSON.stringify(name)} in eosflow.yaml`, {
    hint: `It lists: ${issuers.map((issuer) => issuer.name).join(', ')}`,
  })
}

async function byToken(
  token: Secret,
  issuers: readonly Issuer[],
  project: Project,
  host: Host,
): Promise<ProviderCaller> {
  const ports = loginPorts(project, host)
  ports.hold(token, 'EOSFLOW_TOKEN')
  const verified = await verifyToken(token, issuers, ports)
  const { principal } = verified
  const begins = (notes?: Notes) => spendToken(begunIn(host, notes), token, verified, ports.clock.now())
  return { principal, verified, token, begins: principal.kind === 'person' ? async () => undefined : begins }
}

async function byLogin(issuers: readonly Issuer[], project: Project, host: Host) {
  const ports = loginPorts(project, host)
  const { EOSFLOW_ISSUER: name = '' } = host.env
  const chosen = name === '' ? issuers : [issuerNamed(issuers, name)]
  const caller = await lastLogin(
    chosen.filter(({ clientId }) => clientId !== undefined),
    ports,
  )
  if (caller !== undefined) return caller
  const [service, ...others] = chosen
  const isService = service?.clientSecret !== undefined && service.kind === 'service' && others.length === 0
  if (service !== undefined && isService) return serviceLogin(service, ports)
  throw new EosflowError('not-authorised', 'nobody is logged in', nextOf(host, chosen))
}

function nextOf(host: Host, issuers: readonly Issuer[]): Pick<ErrorOptions, 'hint' | 'next'> {
  const named = issuers.filter(({ clientId }) => clientId !== undefined)
  if (named.length === 0) return { hint: 'set EOSFLOW_TOKEN to a token for this job' }
  return hinted(host, { code: 'login', issuer: named.length === 1 ? undefined : named[0]?.name })
}
