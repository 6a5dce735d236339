import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import { personName } from '../../report/page/execution-item.ts'
import { loginPage, oneTimeLinkPage } from '../../report/page/login.ts'
import { Refusal } from '../fault.ts'
import { localUserOf } from '../local-user.ts'
import { pageAnswer } from '../pages/define-page.ts'
import { defineOpenRoute, defineRoute, type Route } from '../route.ts'
import { cookieOf, NO_COOKIE, sessionIdIn } from '../session.ts'

const secret = z.string().regex(/^[0-9a-f]{64}$/, 'the secret of a link')

/** How somebody comes in, and goes. */
export const loginRoutes: readonly Route[] = [
  defineOpenRoute({
    method: 'GET',
    path: '/login',
    summary: 'The page on which somebody logs in',
    // A link only shows a form: what looks at links by itself does not use it up.
    input: z.strictObject({ link: secret.optional() }),
    answer: (front, { input: { link } }) => {
      const user = personName(localUserOf(front))
      const content = link === undefined ? loginPage({ providers: [] }) : oneTimeLinkPage({ link, user })
      return pageAnswer(front, content)
    },
  }),
  defineOpenRoute({
    method: 'POST',
    path: '/login',
    summary: 'Log in with the link that the terminal of the server shows',
    input: z.strictObject({ link: secret }),
    answer: (front, { input: { link }, headers, caller }) => {
      const { sessions, link: local } = front
      if (local === undefined || !local.take(link)) {
        throw new Refusal({
          kind: 'login-missing',
          message: 'this link is not good, or no more',
          hint: 'Ask for another at /login: the terminal of the server shows it.',
        })
      }
      const before = caller === undefined ? undefined : sessionIdIn(headers.get('cookie'))
      const id = sessions.open(localUserOf(front), before)
      return { status: 303, headers: { location: '/', 'set-cookie': cookieOf(id) } }
    },
  }),
  defineOpenRoute({
    method: 'POST',
    path: '/login/another-link',
    summary: 'Have the terminal of the server show another link',
    answer: ({ link }) => {
      if (link === undefined) throw new Refusal({ kind: 'no-route', message: 'nobody logs in by a link here' })
      if (!link.renew()) throw new EosflowError('busy', 'a link was shown a moment ago')
      return { status: 303, headers: { location: '/login' } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/logout',
    action: 'own',
    summary: 'End the session',
    answer: ({ sessions }, { headers }) => {
      const id = sessionIdIn(headers.get('cookie'))
      if (id !== undefined) sessions.close(id)
      return { status: 303, headers: { location: '/login', 'set-cookie': NO_COOKIE } }
    },
  }),
]
