import { issuerNamed } from '../../app/login/identify.ts'
import { loginPorts } from '../../app/login/login-ports.ts'
import { recordLogin } from '../../app/login/login-record.ts'
import { flowOf, meet } from '../../app/login/meet.ts'
import { openProject, type Project } from '../../app/project.ts'
import { type Caller, keepLogin, type LoginPorts, serviceLogin } from '../../identity/logins.ts'
import type { LoginFlow } from '../../identity/token-cache.ts'
import { EosflowError } from '../../model/error.ts'
import type { Issuer } from '../../model/issuer.ts'
import type { Invocation, Io } from '../io.ts'
import { identityText } from '../login/identity-words.ts'

/** How long ago a person may have proved themselves, in seconds; asked for so that the provider says when it was. */
const A_DAY = 86_400

/** Logs in at an identity provider, and keeps the login for the commands that follow. */
export async function run({ io, global, options }: Invocation): Promise<number> {
  const project = openProject(io, global)
  const issuer = issuerOf(project, options.issuer)
  const flow = issuer.kind === 'service' ? 'client-credentials' : flowOf(io, options.device === true)
  const { principal, verified } = await onRecord(project, io, issuer, flow, (ports) => logIn(issuer, flow, io, ports))
  const expires = new Date(verified.expires).toISOString()
  if (global.json) io.out(`${JSON.stringify({ version: 1, identity: principal, expires })}\n`)
  else io.out(`1 login: ${identityText(principal)}, its token until ${expires}\nNext: eosflow whoami\n`)
  if ((io.env.EOSFLOW_TOKEN ?? '') !== '') io.err('warning: EOSFLOW_TOKEN is set and is used instead of this login\n')
  return 0
}

async function logIn(issuer: Issuer, flow: LoginFlow, io: Io, ports: LoginPorts): Promise<Caller> {
  if (flow === 'client-credentials') return serviceLogin(issuer, ports)
  return keepLogin(issuer, flow, await meet(issuer, { scopes: issuer.scopes, maxAge: A_DAY }, flow, io, ports), ports)
}

/** Whoever logs in is on record, and so is whoever was refused. */
async function onRecord(
  project: Project,
  io: Io,
  { name }: Issuer,
  flow: LoginFlow,
  work: (ports: LoginPorts) => Promise<Caller>,
): Promise<Caller> {
  try {
    const caller = await work(loginPorts(project, io))
    const until = new Date(caller.verified.expires).toISOString()
    await recordLogin({ type: 'LoggedIn', principal: caller.principal, flow, until }, project, io, caller.principal)
    return caller
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'not-authorised') {
      await recordLogin({ type: 'LoginFailed', issuer: name, flow, reason: error.message }, project, io)
    }
    throw error
  }
}

/** The issuer that was named, else the only one where people log in. */
function issuerOf({ settings }: Project, name: unknown): Issuer {
  const issuers = settings.identity?.issuers ?? []
  if (issuers.length === 0) {
    throw new EosflowError('not-authorised', 'eosflow.yaml lists no identity provider: you are the local user', {
      hint: 'eosflow whoami, or list one under identity: in eosflow.yaml',
    })
  }
  const found =
    typeof name === 'string' ? [issuerNamed(issuers, name)] : issuers.filter(({ kind }) => kind === 'person')
  const [issuer, ...others] = found
  if (issuer?.clientId !== undefined && others.length === 0) return issuer
  const names = issuers.filter(({ clientId }) => clientId !== undefined).map((one) => one.name)
  throw new EosflowError('not-authorised', 'there is not exactly one identity provider where people log in', {
    hint: names.length === 0 ? 'set EOSFLOW_TOKEN to a token for this job' : `eosflow login --issuer ${names[0]}`,
  })
}
