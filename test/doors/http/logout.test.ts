import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { ORIGIN, type ServerBench } from '../../lab/server.ts'
import { browserOf } from '../../project/identity/person.ts'
import {
  type Claims,
  type KeyServer,
  type Minting,
  startKeyServer,
  startProvider,
  type TestProvider,
} from '../../project/identity/test-provider.ts'
import { corporate, loggedIn } from './corporate.ts'

let provider: TestProvider
let keys: KeyServer
beforeAll(async () => {
  ;[provider, keys] = await Promise.all([startProvider(), startKeyServer()])
})
afterAll(() => Promise.all([provider.close(), keys.close()]))

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const OWN = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

/** Whether a session is still one. */
const isIn = async (bench: ServerBench, session: string) =>
  (await bench.ask('GET', '/api/v1/me', { session })).status === 200

/** Has the provider reach the server of a bench. Gives what the server has answered. */
function reachable(bench: ServerBench) {
  const answers: number[] = []
  const over = provider.deliver
  provider.deliver = async (url, { method = '', headers, body }) => {
    expect(url).toBe(`${ORIGIN}/api/v1/logouts`)
    const answer = await bench.open(method, '/api/v1/logouts', {
      headers: Object.fromEntries(new Headers(headers)),
      body: String(body),
    })
    answers.push(answer.status)
    return answer
  }
  onTestFinished(() => {
    provider.deliver = over
  })
  return answers
}

/** The logouts on record, as somebody who may read it is shown them. */
async function logouts(bench: ServerBench) {
  const session = await bench.front.sessions.open({ issuer: 'corp', id: '00u2', kind: 'person', auth: 'oidc' })
  const { json } = await bench.ask('GET', '/api/v1/audit/records?limit=200', { session })
  await bench.front.sessions.close(session)
  return (json.records as { type: string; words: string }[]).flatMap(({ type, words }) =>
    type === 'LoggedOut' ? [words] : [],
  )
}

/** What a stream says until it ends. */
async function watched(bench: ServerBench, session: string) {
  const answer = await bench.open('GET', '/api/v1/stream?topics=overview', { session })
  expect(answer.status).toBe(200)
  return () => answer.text()
}

test('whoever logs out at the provider is logged out here at once, and no other session is', async () => {
  const bench = await corporate(provider.issuer)
  const answers = reachable(bench)
  const [laptop, phone] = [browserOf('00u1'), browserOf('00u1')]
  const [here, there] = [await loggedIn(bench, '00u1', laptop), await loggedIn(bench, '00u1', phone)]
  const bob = await loggedIn(bench, '00u2')
  const said = await watched(bench, here)
  const away = await bench.ask('GET', '/logout/at/corp')
  expect(away.status).toBe(303)
  const url = new URL(away.headers.get('location') ?? '')
  expect([url.searchParams.get('client_id'), url.searchParams.get('post_logout_redirect_uri')]).toEqual([
    'eosflow-page',
    `${ORIGIN}/login`,
  ])
  expect(await laptop.logOut(url.href, ORIGIN)).toBe(`${ORIGIN}/login`)
  expect(answers).toEqual([200])
  expect([await isIn(bench, here), await isIn(bench, there), await isIn(bench, bob)]).toEqual([false, true, true])
  expect(await said()).toContain('event: bye\ndata: {"why":"the session has ended"}')
  expect(await logouts(bench)).toEqual(['LoggedOut 00u1 of corp, by the provider'])
})

test('a logout on the page is on record, and the page before a login leads to that of the provider', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await corporate(provider.issuer)
  const session = await loggedIn(bench, '00u1')
  const { token } = (await bench.ask('GET', '/api/v1/me', { session })).json
  const gone = await bench.ask('POST', '/logout', { session, form: { csrf: String(token) }, headers: OWN })
  expect([gone.status, gone.headers.get('location')]).toEqual([303, '/login?left=corp'])
  expect(await isIn(bench, session)).toBe(false)
  expect(await logouts(bench)).toEqual(['LoggedOut 00u1 of corp'])
  expect((await bench.ask('GET', '/login?left=corp')).text).toContain('href="/logout/at/corp"')
  for (const path of ['/login', '/login?left=evil', '/login?left=%22%3E'])
    expect([path, (await bench.ask('GET', path)).text.includes('/logout/at/')]).toEqual([path, false])
  expect((await bench.ask('GET', '/logout/at/evil')).status).toBe(403)
})

/** An issuer that mints whatever is asked, with a person in two sessions of it. */
async function minting() {
  const bench = await corporate(keys.issuer)
  const { sessions } = bench.front
  const alice = { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc' } as const
  const open = { one: await sessions.open(alice, undefined, 's1'), two: await sessions.open(alice, undefined, 's2') }
  const mint = (more: Claims = {}, how: Minting = {}) => {
    const now = Math.floor(Date.now() / 1000)
    const own = { iss: keys.issuer, aud: 'eosflow-page', sub: '00u1', iat: now, exp: now + 120, events: EVENTS }
    return keys.mint({ jti: crypto.randomUUID(), ...own, ...more }, { typ: 'logout+jwt', ...how })
  }
  const send = async (form: Readonly<Record<string, string>>) => {
    const { status, json } = await bench.ask('POST', '/api/v1/logouts', { form })
    return [status, json.kind, [await isIn(bench, open.one), await isIn(bench, open.two)]]
  }
  return { bench, open, alice, mint, send }
}

test("a logout token that is not the provider's, not for this client, not of now or not of a logout ends nothing", async () => {
  const { bench, mint, send } = await minting()
  const now = Math.floor(Date.now() / 1000)
  const genuine = await mint()
  const [head = '', body = '', signature = ''] = genuine.split('.')
  const claims = {
    iss: keys.issuer,
    aud: 'eosflow-page',
    sub: '00u1',
    iat: now,
    exp: now + 120,
    jti: 'j',
    events: EVENTS,
  }
  const own = await generateKeyPair('ES256')
  const jwk = await exportJWK(own.publicKey)
  const forged = (header: object) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(own.privateKey)
  const shared = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1' })
  const bent = Buffer.from(JSON.stringify({ ...claims, sub: '00u2' })).toString('base64url')
  const attacks: readonly (readonly [string, string | Promise<string>])[] = [
    ['no token at all', 'x'],
    ['alg none', new UnsecuredJWT(claims).encode()],
    ['a shared key', shared.sign(new TextEncoder().encode('eosflow-page-eosflow-page-eosflow'))],
    ['a key that only its maker has', forged({})],
    ['its own key in the header', forged({ jwk })],
    ['its own key by address', forged({ jku: 'http://127.0.0.1:1/keys', kid: 'mine' })],
    ['another body under the signature', [head, bent, signature].join('.')],
    ['no signature', [head, body, ''].join('.')],
    ['for another client', mint({ aud: 'eosflow' })],
    ['for the API', mint({ aud: 'https://eosflow.example/api' })],
    ['for nobody', mint({ aud: undefined })],
    ['of another issuer', mint({ iss: provider.issuer })],
    ['of an issuer that nobody lists', mint({ iss: 'https://evil.example' })],
    ['of no issuer', mint({ iss: undefined })],
    ['run out', mint({ iat: now - 400, exp: now - 280 })],
    ['made an hour ago', mint({ iat: now - 3600, exp: now + 3600 })],
    ['made in an hour', mint({ iat: now + 3600, exp: now + 7200 })],
    ['made at no time', mint({ iat: undefined })],
    ['without a name of its own', mint({ jti: undefined })],
    ['with an empty name', mint({ jti: '' })],
    ['an ID token', mint({ events: undefined, nonce: 'n' }, { typ: 'JWT' })],
    ['with a nonce', mint({ nonce: 'n' })],
    ['of another event', mint({ events: { 'http://schemas.openid.net/event/other': {} } })],
    ['of an event that says nothing', mint({ events: { 'http://schemas.openid.net/event/backchannel-logout': true } })],
    ['of events in a list', mint({ events: Object.keys(EVENTS) })],
    ['of nobody', mint({ sub: undefined })],
    ['of a session that is no name', mint({ sid: 7 })],
    ['a crit that is not known', mint({}, { header: { crit: ['x'], x: 1 } })],
  ]
  for (const [name, token] of attacks)
    expect([name, ...(await send({ logout_token: await token }))]).toEqual([name, 400, 'logout-refused', [true, true]])
  expect(attacks).toHaveLength(28)
  expect(await send({})).toEqual([422, 'input', [true, true]])
  expect(await logouts(bench)).toEqual([])
  expect(bench.failures).toEqual([])
})

test('a logout token ends the session that it names, or all of the person, and is good once', async () => {
  const { bench, open, alice, mint, send } = await minting()
  // Of somebody else, and of a session that is not here: taken, and nothing ends.
  expect(await send({ logout_token: await mint({ sub: '00u7' }) })).toEqual([200, undefined, [true, true]])
  expect(await send({ logout_token: await mint({ sid: 's9' }) })).toEqual([200, undefined, [true, true]])
  const token = await mint({ sub: undefined, sid: 's1', exp: undefined })
  expect(await send({ logout_token: token, more: 'is ignored' })).toEqual([200, undefined, [false, true]])
  // The name of a session alone says nothing about one that does not know it; a person and a session do.
  const old = await bench.front.sessions.open(alice)
  expect(await send({ logout_token: await mint({ sub: undefined, sid: 's8' }) })).toEqual([
    200,
    undefined,
    [false, true],
  ])
  expect(await isIn(bench, old)).toBe(true)
  expect(await send({ logout_token: await mint({ sid: 's8' }) })).toEqual([200, undefined, [false, true]])
  expect(await isIn(bench, old)).toBe(false)
  open.one = await bench.front.sessions.open(alice, undefined, 's1')
  expect(await send({ logout_token: token })).toEqual([400, 'logout-refused', [true, true]])
  expect(await send({ logout_token: await mint() })).toEqual([200, undefined, [false, false]])
  expect(await logouts(bench)).toEqual([
    'LoggedOut 00u1 of corp, by the provider',
    'LoggedOut 00u1 of corp, by the provider',
    'LoggedOut 00u1 of corp, by the provider',
  ])
  expect(bench.failures).toEqual([])
})

test('a logout token ends sessions also where nothing can be written, and says that it could not', async () => {
  const { bench, mint, send } = await minting()
  const { notes } = bench.front.app
  const full = async (): Promise<never> => {
    throw new EosflowError('store', 'the disk is full')
  }
  Object.assign(notes, { put: full, take: full })
  expect(await send({ logout_token: await mint() })).toEqual([503, 'store', [false, false]])
})

test('a logout token comes from no page: neither Origin nor a cookie nor a token of a caller is looked at', async () => {
  const { bench, open, mint } = await minting()
  const headers = { origin: 'https://idp.example', 'sec-fetch-site': 'cross-site', authorization: 'Basic eDp5' }
  const form = { logout_token: await mint() }
  const answer = await bench.ask('POST', '/api/v1/logouts', { session: open.one, form, headers })
  expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([200, '', 'no-store'])
  expect(await isIn(bench, open.one)).toBe(false)
})
