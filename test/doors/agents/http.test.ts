import { expect, test } from 'vitest'
import { PEOPLE } from '../../lab/people.ts'
import { ORIGIN } from '../../lab/server.ts'
import { call, startAgentTools } from './agent-tools.ts'

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
const ACCEPT = { accept: 'application/json, text/event-stream' }
const METADATA = `${ORIGIN}/.well-known/oauth-protected-resource/mcp`
const CHALLENGE = `Bearer realm="eosflow", resource_metadata="${METADATA}", scope="eosflow:plan"`

test('whoever comes without a token of an agent learns how one is got, and nothing else', async () => {
  const bench = await startAgentTools()
  const ask = (headers: Readonly<Record<string, string>>, token?: string) =>
    bench.ask('POST', '/mcp', {
      body: LIST,
      headers: { ...ACCEPT, ...headers },
      ...(token === undefined ? {} : { token }),
    })
  const nobody = await ask({})
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, CHALLENGE])
  const unknown = await ask({}, 'no-token-of-ours')
  expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([401, CHALLENGE])
  for (const token of ['alice', 'bob', 'local', 'ci'] as const) {
    const refused = await ask({}, token)
    expect([refused.status, refused.json.kind]).toEqual([403, 'not-authorised'])
    expect(refused.json.detail).toBe(`this is the token of a ${PEOPLE[token].kind}, and only an agent is answered here`)
    expect(refused.json.hint).toContain('Give the agent a token that names it')
  }
  const session = await bench.browser(PEOPLE.alice).post('/mcp', LIST)
  expect([session.status, session.headers.get('www-authenticate')]).toEqual([401, CHALLENGE])
  expect((await ask({}, 'bot')).status).toBe(200)
})

test('a page of another site is refused, and so is every method but POST', async () => {
  const bench = await startAgentTools()
  for (const origin of ['https://evil.example', 'http://localhost:8080', 'null', ORIGIN]) {
    const told = await bench.ask('POST', '/mcp', { token: 'bot', body: LIST, headers: { ...ACCEPT, origin } })
    expect([origin, told.status, told.json.kind]).toEqual([origin, 403, 'cross-site'])
  }
  const rebound = await bench.ask('POST', '/mcp', {
    token: 'bot',
    body: LIST,
    headers: { ...ACCEPT, host: 'evil.example' },
  })
  expect(rebound.status).toBe(421)
  for (const method of ['GET', 'DELETE', 'PUT']) {
    const told = await bench.ask(method, '/mcp', { token: 'bot' })
    expect([method, told.status, told.headers.get('allow')]).toEqual([method, 405, 'POST'])
  }
})

test('the metadata names the resource, who gives tokens for it, and what they are granted (RFC 9728)', async () => {
  const bench = await startAgentTools()
  for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
    expect((await bench.ask('GET', path)).json).toEqual({
      resource: `${ORIGIN}/mcp`,
      authorization_servers: ['https://idp.example/realms/net'],
      scopes_supported: ['eosflow:plan'],
      bearer_methods_supported: ['header'],
      resource_name: 'eosflow',
    })
  }
})

test('an agent whose token was not granted the scope learns which, with 403', async () => {
  const bench = await startAgentTools()
  const { whoIs } = bench.front
  Object.assign(bench.front, {
    whoIs: async (token: string) => ({ ...(await whoIs(token)), lacks: 'eosflow:plan' }),
  })
  const told = await bench.ask('POST', '/mcp', { token: 'bot', body: LIST, headers: ACCEPT })
  expect([told.status, told.json.hint]).toEqual([403, 'Whoever gives the agent its token grants eosflow:plan.'])
  expect(told.headers.get('www-authenticate')).toBe(
    CHALLENGE.replace('"eosflow",', '"eosflow", error="insufficient_scope",'),
  )
})

test('a message that is no message, a batch and a subscription are answered at once, and nothing is kept open', async () => {
  const bench = await startAgentTools()
  const ask = (body: unknown) => bench.ask('POST', '/mcp', { token: 'bot', body, headers: ACCEPT })
  expect((await ask([LIST, LIST])).status).toBe(422)
  expect((await ask('{')).status).toBe(422)
  expect((await ask({ hello: 'world' })).status).toBe(400)
  const agent = await bench.agent('bot')
  await expect(agent.listen({ toolsListChanged: true })).rejects.toThrow('Subscription limit reached')
  expect((await call(agent, 'switches_list')).isError).toBe(false)
})

test('an agent asks 200 times a minute, whatever it asks for: then it has to wait, and nothing is sent', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await startAgentTools()
  const agent = await bench.agent('bot')
  const refusedFirst = async (name: string, args: Record<string, unknown>) => {
    for (let count = 1; count <= 300; count += 1) {
      const { isError, found } = await call(agent, name, { ...args })
      if (isError && found.kind === 'too-many') return count
    }
    return 0
  }
  expect(await refusedFirst('execution_status', { id: 'nothing' })).toBe(201)
  expect(await refusedFirst('plan_create', { workflow: 'workflows/none.yaml', key: 'k' })).toBe(1)
  await bench.lab.clock.advance(61_000)
  expect(await refusedFirst('plan_create', { workflow: 'workflows/none.yaml', key: 'k' })).toBe(201)
  expect(bench.requests()).toBe(0)
  const other = await bench.agent('botOfAlice')
  // One client speaks for many people, and what one of them asks for is not another's.
  expect((await call(other, 'switches_list')).isError).toBe(false)
})
