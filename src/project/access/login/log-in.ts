import type { EventBody } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer, Principal } from '../../../model/principal.ts'
import type { EndedLogin } from '../../../report/ended-logins.ts'
import { openProjectStore } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import { issuerNamed } from '../../identity/identify.ts'
import { localPrincipal, osUser } from '../../identity/local/local.ts'
import { loginPorts } from '../../identity/login-ports.ts'
import { flowOf, meet } from '../../identity/meet.ts'
import {
  type Caller,
  endLogin,
  keepLogin,
  type LoginFlow,
  type LoginPorts,
  serviceLogin,
} from '../../identity/oidc/logins.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'

type LoginEvent = Extract<EventBody, { readonly type: 'LoggedIn' | 'LoginFailed' | 'LoggedOut' }>

async function recordLogin(
  event: LoginEvent,
  project: Project,
  host: Host,
  actor: Principal = localPrincipal(osUser()),
) {
  // Whoever is to accept the clock, or to replace a lost key, has to log in first.
  const { store, clockRule } = await openProjectStore(project, host, { despiteCheckpointKey: true })
  try {
    await clockRule?.waive()
    await store.as(actor).append(undefined, [event])
  } finally {
    await store.close()
  }
}

// How long ago a person may have proved themselves, in seconds; asked for so that the provider says when it was.
const A_DAY = 86_400

interface LoginRequest {
  readonly issuer: string | undefined
  readonly device: boolean
}

/** Throws `not-authorised`. */
export async function logIn(
  project: Project,
  host: Host,
  caller: Console,
  { issuer: name, device }: LoginRequest,
): Promise<Caller> {
  const issuer = issuerOf(host, project, name)
  const flow = issuer.kind === 'service' ? 'client-credentials' : flowOf(caller, device)
  return onRecord(project, host, issuer, flow, (ports) => atIssuer(issuer, flow, caller, ports))
}

async function atIssuer(issuer: Issuer, flow: LoginFlow, caller: Console, ports: LoginPorts) {
  if (flow === 'client-credentials') return serviceLogin(issuer, ports)
  return keepLogin(
    issuer,
    flow,
    await meet(issuer, { scopes: issuer.scopes, maxAge: A_DAY }, flow, caller, ports),
    ports,
  )
}

async function onRecord(
  project: Project,
  host: Host,
  { name }: Issuer,
  flow: LoginFlow,
  work: (ports: LoginPorts) => Promise<Caller>,
) {
  try {
    const caller = await work(loginPorts(project, host))
    const until = new Date(caller.verified.expires).toISOString()
    await recordLogin({ type: 'LoggedIn', principal: caller.principal, flow, until }, project, host, caller.principal)
    return caller
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'not-authorised') {
      await recordLogin({ type: 'LoginFailed', issuer: name, flow, reason: error.message }, project, host)
    }
    throw error
  }
}

function issuerOf(host: WordedHost, { settings }: Project, name: string | undefined) {
  const issuers = settings.identity?.issuers ?? []
  if (issuers.length === 0) {
    throw new EosflowError('not-authorised', 'eosflow.yaml lists no identity provider: you are the local user', {
      ...hinted(host, { code: 'local-user' }),
    })
  }
  const found = name === undefined ? issuers.filter(({ kind }) => kind === 'person') : [issuerNamed(issuers, name)]
  const [issuer, ...others] = found
  if (issuer?.clientId !== undefined && others.length === 0) return issuer
  const names = issuers.filter(({ clientId }) => clientId !== undefined).map((one) => one.name)
  throw new EosflowError('not-authorised', 'there is not exactly one identity provider where people log in', {
    ...(names.length === 0
      ? { hint: 'set EOSFLOW_TOKEN to a token for this job' }
      : hinted(host, { code: 'login', issuer: names[0] })),
  })
}

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
