import type { EventBody } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Issuer, Principal } from '../../../model/principal.ts'
import { Secret } from '../../../model/secret.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { localPrincipal, osUser } from '../../identity/local/local.ts'
import { LOGOUTS, loginPorts, spentIn } from '../../identity/login-ports.ts'
import {
  beginWebLogin,
  beginWebStepUp,
  endWebLogin,
  endWebStepUp,
  type ReturnedLogin,
  type SentBrowser,
  type WebLogin,
  webIssuer,
  webLogoutUrl,
} from '../../identity/oidc/code-login.ts'
import type { LoginPorts, StepUp } from '../../identity/oidc/logins.ts'
import { type ProviderLogout, takeLogoutToken } from '../../identity/oidc/verify-token.ts'

export function webIssuers({ project }: Pick<RecordApp, 'project'>): readonly string[] {
  return (project.settings.identity?.issuers ?? []).flatMap((issuer) =>
    webIssuer(issuer) === undefined ? [] : [issuer.name],
  )
}

/** Throws `not-authorised` where nobody logs in there, `unreachable`, retryable. */
export async function sendToLogin(app: RecordApp, name: string, publicUrl: string): Promise<SentBrowser> {
  return beginWebLogin(issuerOf(app, name), publicUrl, loginPorts(app.project, app))
}

/** Throws as {@link endWebLogin} does. */
export async function webLoggedIn(app: RecordApp, login: WebLogin, query: string): Promise<ReturnedLogin> {
  const issuer = issuerOf(app, login.issuer)
  return loggingIn(app, issuer, async (ports) => {
    const came = await endWebLogin(issuer, login, query, ports)
    const { principal, expires } = came
    const until = new Date(expires).toISOString()
    await record(app, principal, { type: 'LoggedIn', principal, flow: 'browser', until })
    return came
  })
}

/** Throws `refused` where that offers it to nobody, and as {@link sendToLogin} does. */
export async function sendToLogout(app: RecordApp, name: string, publicUrl: string): Promise<string> {
  const url = await webLogoutUrl(issuerOf(app, name), publicUrl)
  if (url !== undefined) return url
  throw new EosflowError('refused', `${name} does not say where people log out`, {
    hint: 'Log out on its own page.',
  })
}

/** The login that a provider says has ended, by its logout token, which is good once. Throws as {@link takeLogoutToken} does. */
export async function endedLogin(app: RecordApp, token: string): Promise<ProviderLogout> {
  const issuers = (app.project.settings.identity?.issuers ?? []).flatMap((issuer) => webIssuer(issuer) ?? [])
  const mark = spentIn(app.notes, LOGOUTS)
  // A store that cannot be written keeps nobody logged in: whoever sends it once more ends logins, and nothing else.
  const spent: typeof mark = (name, lasts) => mark(name, lasts).catch(() => true)
  return takeLogoutToken(new Secret(token), issuers, { ...loginPorts(app.project, app), spent })
}

export async function webLoggedOut(app: RecordApp, { principal }: SilentCaller, by?: 'provider'): Promise<void> {
  // Only logins at a provider are on record.
  if (principal.auth !== 'oidc') return
  await record(app, principal, { type: 'LoggedOut', principal, ...definedMembers({ by }) })
}

/** `nonce` names the decision. Throws as {@link sendToLogin} does. */
export async function sendToStepUp(
  app: RecordApp,
  { principal }: SilentCaller,
  nonce: string,
  publicUrl: string,
): Promise<SentBrowser> {
  return beginWebStepUp(issuerOf(app, principal.issuer), nonce, publicUrl, loginPorts(app.project, app))
}

/** Throws as {@link endWebStepUp} does. */
export async function webSteppedUp(
  app: RecordApp,
  { principal }: SilentCaller,
  login: WebLogin,
  query: string,
): Promise<StepUp> {
  const issuer = issuerOf(app, login.issuer)
  return loggingIn(app, issuer, async (ports) => {
    const stepped = await endWebStepUp(issuer, principal, login, query, ports)
    await record(app, principal, { type: 'LoggedIn', principal: stepped.principal, flow: 'browser', stepUp: true })
    return stepped
  })
}

// The tokens of a login are dropped with it: a server that kept every one of them would never end to grow.
async function loggingIn<T>(app: RecordApp, issuer: Issuer, work: (ports: LoginPorts) => Promise<T>) {
  const tokens: Secret[] = []
  try {
    return await work(loginPorts(app.project, app, (token) => tokens.push(token)))
  } catch (error) {
    await recordFailure(app, issuer, error)
    throw error
  } finally {
    for (const token of tokens) app.scrubber.forget(token)
  }
}

function issuerOf({ project }: RecordApp, name: string) {
  const issuer = (project.settings.identity?.issuers ?? []).find((one) => one.name === name)
  const web = issuer === undefined ? undefined : webIssuer(issuer)
  if (web !== undefined) return web
  throw new EosflowError('not-authorised', `nobody logs in in a browser at ${JSON.stringify(name)}`, {
    hint: 'Add `web:` with the client of the control room to the issuer in eosflow.yaml.',
  })
}

async function recordFailure(app: RecordApp, { name }: Issuer, error: unknown) {
  if (!(error instanceof EosflowError) || error.kind !== 'not-authorised') return
  await record(app, localPrincipal(osUser()), {
    type: 'LoginFailed',
    issuer: name,
    flow: 'browser',
    reason: error.message,
  })
}

async function record({ store }: RecordApp, actor: Principal, event: EventBody) {
  await store.as(actor).append(undefined, [event])
}
