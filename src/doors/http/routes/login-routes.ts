import { z } from 'zod'
import { EosflowError } from '../../../model/error.ts'
import type { Principal } from '../../../model/principal.ts'
import { endedLogin, sendToLogout, webIssuers } from '../../../project/access/login/web.ts'
import { loginPage, oneTimeLinkPage, type ProviderLink } from '../../../report/page/login.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import { defineOpenRoute, defineRoute, type FrontContext, pageAnswer, type Route, seeOther } from '../context/route.ts'
import { localUserOf } from '../context/who-is.ts'
import { refusalOf } from '../request/readable.ts'
import { cookieOf, NO_COOKIE, sessionIdIn } from '../session/sessions.ts'
import { document, text } from './execution-routes.ts'

const secret = z.string().regex(/^[0-9a-f]{64}$/, 'the secret of a link')

export const loginRoutes: readonly Route[] = [
  defineOpenRoute('GET /login', 'The page on which somebody logs in', {
    // A link only shows a form: what looks at links by itself does not use it up.
    input: z.strictObject({ link: secret.optional(), left: z.string().max(200).optional() }),
    answer: (front, { input: { link, left } }) => {
      const user = personName(localUserOf(front))
      const content =
        link === undefined
          ? loginPage({
              providers: providersOf(front, '/login/at/'),
              left: providersOf(front, '/logout/at/').find(({ name }) => name === left),
            })
          : oneTimeLinkPage({ link, user })
      return pageAnswer(front, content)
    },
  }),
  defineOpenRoute('POST /login', 'Log in with the link that the terminal of the server shows', {
    input: z.strictObject({ link: secret }),
    answer: async (front, { input: { link }, headers, caller, sender }) => {
      const { sessions, link: local } = front
      if (local === undefined || !(await local.take(link))) {
        // A good link is never refused by what others on the machine have tried.
        if (sender !== undefined) front.strangers.require(sender.address)
        throw refusalOf(
          'login-missing',
          'this link is not good, or no more',
          'Ask for another at /login: the terminal of the server shows it.',
        )
      }
      const before = caller === undefined ? undefined : sessionIdIn(headers.get('cookie'))
      const id = await sessions.open(localUserOf(front), before)
      return seeOther('/', cookieOf(id))
    },
  }),
  defineOpenRoute('POST /login/another-link', 'Have the terminal of the server show another link', {
    isOfLogin: true,
    answer: async ({ link }) => {
      if (link === undefined) throw refusalOf('no-route', 'nobody logs in by a link here')
      if (!(await link.renew()))
        throw new EosflowError('busy', 'the terminal shows links that are good', { hint: 'Use the newest one there.' })
      return seeOther('/login')
    },
  }),
  defineOpenRoute('GET /login/at/{issuer}', 'Send the browser to an identity provider', {
    isOfLogin: true,
    answer: async (front, { path }) => {
      front.allowance.requireLogin('there')
      const asked = { issuer: path.issuer ?? '', origin: front.address.origin }
      const sent = await front.acts.ask('send-browser', { principal: localUserOf(front) }, asked)
      const { url, id } = sent as LoginRedirect
      return seeOther(url, sentCookie(id))
    },
  }),
  defineOpenRoute('GET /login/callback', 'Where an identity provider sends the browser back to', {
    isOfLogin: true,
    input: z.looseObject({}),
    answer: async (front, { headers, target, caller }) => {
      const id = sentIdIn(headers.get('cookie'))
      if (id === undefined) throw refusalOf('login-missing', 'this browser has begun no login here')
      front.allowance.requireLogin('back')
      const query = new URL(target, front.address.origin).search.slice(1)
      const session = caller?.session
      const asked = { id, query, ...(session === undefined ? {} : { session: session.mark }) }
      const back = await front.acts.ask('browser-back', { principal: localUserOf(front) }, asked)
      const { principal, sid, plan } = back as {
        readonly principal?: Principal
        readonly sid?: string
        readonly plan?: string
      }
      const before = caller === undefined ? undefined : sessionIdIn(headers.get('cookie'))
      if (principal === undefined) {
        const renewed = before === undefined ? undefined : await front.sessions.renew(before)
        const cookie = renewed === undefined ? NOT_SENT : cookieOf(renewed)
        return seeOther(`/plans/${plan}`, cookie)
      }
      const opened = await front.sessions.open(principal, before, sid)
      return seeOther('/', cookieOf(opened))
    },
  }),
  defineRoute('POST /logout', 'own', 'End the session', {
    answer: async (front, { headers, caller: { principal, session } }) => {
      const id = sessionIdIn(headers.get('cookie'))
      if (id !== undefined) await front.sessions.close(id)
      if (session !== undefined) await front.acts.ask('logged-out', { principal }, {})
      const { issuer } = principal
      const location = webIssuers(front.app).includes(issuer) ? `/login?left=${encodeURIComponent(issuer)}` : '/login'
      return seeOther(location, NO_COOKIE)
    },
  }),
  defineOpenRoute('GET /logout/at/{issuer}', 'Send the browser to an identity provider to log out there, too', {
    isOfLogin: true,
    answer: async ({ app, address: { origin } }, { path }) =>
      seeOther(await sendToLogout(app, path.issuer ?? '', origin)),
  }),
  defineOpenRoute(
    'POST /api/v1/logouts',
    'An identity provider says that a login has ended: the sessions of it end (OpenID Connect Back-Channel Logout 1.0)',
    {
      provesItself: true,
      // What else is sent is to be ignored (section 2.5).
      input: z.looseObject({ logout_token: z.string().min(1).max(16_384) }),
      answer: async (front, { input: { logout_token: token } }) => {
        const people = await front.sessions.endAt(await loginEndedBy(front, token))
        for (const principal of people) await front.acts.ask('logged-out', { principal }, { by: 'provider' })
        return {}
      },
    },
  ),
]

async function loginEndedBy({ app }: FrontContext, token: string) {
  try {
    return await endedLogin(app, token)
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'not-authorised') throw error
    throw refusalOf('logout-refused', error.message)
  }
}

export interface LoginRedirect {
  readonly url: string
  readonly id: string
}

const SENT = '__Host-eosflow-login'
const NOT_SENT = `${SENT}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

export function sentCookie(id: string): string {
  return `${SENT}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600`
}

function sentIdIn(header: string | null) {
  return new RegExp(`(?:^|;\\s*)${SENT}=([0-9a-f]{64})(?:;|$)`).exec(header ?? '')?.[1]
}

function providersOf({ app }: FrontContext, path: string): readonly ProviderLink[] {
  return webIssuers(app).map((name) => ({ name, to: path + encodeURIComponent(name) }))
}

const state = z.looseObject({ status: text }).meta({ id: 'State' })

export const ownRoutes: readonly Route[] = [
  defineOpenRoute('GET /healthz', 'Whether the server lives', {
    // Neither by which name nor by whom: a browser that asks has a session, and the store may be away.
    provesItself: true,
    output: state,
    answer: () => ({ json: { status: 'ok' } }),
  }),
  defineOpenRoute(
    'GET /readyz',
    'Whether the server takes requests: 503 while it ends, and when its store cannot be read or has another layout',
    {
      provesItself: true,
      output: state,
      answer: async ({ app, ending }) => {
        if (ending.aborted) throw refusalOf('ending', 'the server is ending')
        await app.notes.requireUsable()
        await app.store.head()
        return { json: { status: 'ready' } }
      },
    },
  ),
  defineRoute('GET /api/v1/me', 'own', 'Who is asking, and the token that the forms of a session send', {
    output: document('Me', {
      identity: z.looseObject({ issuer: text, id: text, kind: text }),
      token: text.optional(),
      ends: text.optional(),
    }),
    answer: (_, { caller: { principal, session } }) => {
      const own = session === undefined ? {} : { token: session.token, ends: new Date(session.ends).toISOString() }
      return { json: { version: 1, identity: principal, ...own } }
    },
  }),
]
