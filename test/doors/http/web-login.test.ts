import { afterAll, beforeAll, expect, test } from 'vitest'
import { ORIGIN, until } from '../../lab/server.ts'
import { browserOf } from '../../project/identity/person.ts'
import { startProvider, type TestProvider } from '../../project/identity/test-provider.ts'
import { cookieIn, corporate, loggedIn, sent } from './corporate.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

test('people log in at a provider, one begins a change, another signs in again and approves it: all in a browser', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await corporate(provider.issuer)
  expect((await bench.ask('GET', '/login')).text).toContain('href="/login/at/corp"')
  const [bob, early] = [await loggedIn(bench, '00u2'), await loggedIn(bench, '00u1')]
  let alice = early
  const me = async (session: string) => (await bench.ask('GET', '/api/v1/me', { session })).json
  expect(await me(alice)).toMatchObject({ identity: { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc' } })
  const own = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }
  const token = String((await me(bob)).token)
  const headers = { ...own, 'x-eosflow-token': token }
  const begun = await bench.ask('POST', '/api/v1/executions', {
    session: bob,
    body: { workflow: 'workflow.yaml' },
    headers,
  })
  const get = async () =>
    (await bench.ask('GET', `/api/v1/executions/${String(begun.json.execution)}`, { session: alice })).json
  await until(bench, async () => (await get()).waitingFor !== undefined)
  const plan = String((await get()).plan)

  const form = { csrf: String((await me(alice)).token), decision: 'approve-by-sign-in', comment: 'CHG-7' }
  // A decision belongs to the session that has asked for it: whoever has logged out since has decided nothing.
  const left = await loggedIn(bench, '00u1')
  const leftForm = { ...form, csrf: String((await me(left)).token) }
  const begunThere = await bench.ask('POST', `/plans/${plan}/decisions`, {
    session: left,
    form: leftForm,
    headers: own,
  })
  const [, away = ''] = /href="(http:\/\/127[^"]+)"/.exec(begunThere.text) ?? []
  const come = await browserOf('00u1').back(away.replaceAll('&amp;', '&'), `${ORIGIN}/login/callback`)
  await bench.ask('POST', '/logout', { session: left, form: { csrf: leftForm.csrf }, headers: own })
  const late = await bench.ask('GET', `/login/callback?${come}`, {
    headers: { cookie: `${cookieIn(begunThere.headers)}; __Host-eosflow=${alice}` },
  })
  expect([late.status, await bench.app.store.approvals(plan)]).toEqual([409, []])

  const asked = await bench.ask('POST', `/plans/${plan}/decisions`, { session: alice, form, headers: own })
  const [, to = ''] = /href="(http:\/\/127[^"]+)"/.exec(asked.text) ?? []
  const query = await browserOf('00u1').back(to.replaceAll('&amp;', '&'), `${ORIGIN}/login/callback`)
  const cookies = `${cookieIn(asked.headers)}; __Host-eosflow=${alice}`
  const back = await bench.ask('GET', `/login/callback?${query}`, { headers: { cookie: cookies } })
  expect([back.status, back.headers.get('location')]).toEqual([303, `/plans/${plan}`])
  // Whoever has the cookie of before has nothing any more.
  alice = cookieIn(back.headers).slice('__Host-eosflow='.length)
  expect([alice === early, (await bench.ask('GET', '/api/v1/me', { session: early })).status]).toEqual([false, 401])
  const [decision] = await bench.app.store.approvals(plan)
  expect(decision?.event).toMatchObject({
    statement: { approver: { id: '00u1' }, comment: 'CHG-7' },
    signature: { kind: 'server' },
  })
  await bench.room.begin()
  await until(bench, async () => (await get()).status === 'ended')
  expect((await get()).outcome).toBe('succeeded')
  const record = await bench.ask('GET', '/api/v1/audit/records?limit=200', { session: alice })
  expect(
    (record.json.records as { type: string }[]).map(({ type }) => type).filter((type) => type === 'LoggedIn'),
  ).toHaveLength(4)
})

test('[G18] a browser that comes back without its cookie, with that of another, or twice, is not logged in', async () => {
  const bench = await corporate(provider.issuer)
  const first = await sent(bench, '00u1')
  const second = await sent(bench, '00u2')
  const back = async (query: string, cookie?: string) => {
    const answer = await bench.ask(
      'GET',
      `/login/callback?${query}`,
      cookie === undefined ? {} : { headers: { cookie } },
    )
    return [answer.status, answer.headers.get('set-cookie')?.startsWith('__Host-eosflow=') ?? false]
  }
  expect(await back(first.query)).toEqual([401, false])
  expect(await back(first.query, `__Host-eosflow-login=${'0'.repeat(64)}`)).toEqual([409, false])
  expect(await back(first.query, second.cookie)).toEqual([502, false])
  // That was the second one's only chance.
  expect(await back(second.query, second.cookie)).toEqual([409, false])
  expect(await back(first.query, first.cookie)).toEqual([303, true])
  expect(await back(first.query, first.cookie)).toEqual([409, false])
})

test('whoever logs in again has another session, and that of before is over', async () => {
  const bench = await corporate(provider.issuer)
  const first = await loggedIn(bench, '00u1')
  const { query, cookie } = await sent(bench, '00u2')
  const back = await bench.ask('GET', `/login/callback?${query}`, {
    headers: { cookie: `${cookie}; __Host-eosflow=${first}` },
  })
  const second = cookieIn(back.headers).slice('__Host-eosflow='.length)
  const me = async (session: string) => {
    const { status, json } = await bench.ask('GET', '/api/v1/me', { session })
    return [status, (json.identity as { id: string } | undefined)?.id]
  }
  expect([await me(first), await me(second)]).toEqual([
    [401, undefined],
    [200, '00u2'],
  ])
})

test('no token of a login is known to the server behind it: what it knows does not grow with each', async () => {
  const bench = await corporate(provider.issuer)
  const known = new Map<string, string>()
  let learnt = 0
  bench.app.scrubber.follow((value, name) => {
    learnt += 1
    if (name === undefined) known.delete(value)
    else known.set(value, name)
  })
  const before = [...known.values()]
  await loggedIn(bench, '00u2')
  expect(learnt).toBeGreaterThan(before.length + 2)
  expect([...known.values()]).toEqual(before)
})
