import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { serveOverStdio } from '../../../src/doors/agents/over-stdio.ts'
import { serveAgentsHere } from '../../../src/doors/http/agent/agents-here.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { agentFor } from '../../../src/project/identity/local/agent-for.ts'
import { type App, aroundAppends, openLab, PEOPLE, whileTimePasses } from '../../lab/lab.ts'
import { type ServerBench, until } from '../../lab/server.ts'

// What `eosflow mcp` loads late is there: these tests count turns of the loop, and not seconds.
void serveOverStdio

/** One agent over a pipe, without a process. */
function served(
  { app: given, lab }: ServerBench,
  principal: Principal,
  wrap: (app: App, input: PassThrough) => App = (app) => app,
) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const app = wrap(given, input)
  const lines: string[] = []
  output.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  const login = { isOver: false }
  const ended = serveAgentsHere({
    app,
    calling: async () => {
      if (login.isOver) throw new EosflowError('not-authorised', 'nobody is logged in', { hint: 'eosflow login' })
      return principal
    },
    console: silentConsole(),
    rehearse: () => new Promise(() => undefined),
    exitCodeOf: () => undefined,
    input,
    output,
  })
  const say = (message: object) => {
    input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
  return { say, input, lines, login, end: () => whileTimePasses(lab.clock, ended) }
}

const HELLO = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'tester', version: '1' } },
}

test('a plan that was asked for is made to its end when the agent has gone, on record as an agent of whoever ran it', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  let late = 0
  const agent = served(bench, PEOPLE.local, (app, input) => ({
    ...app,
    // The agent is gone with the first record of its plan.
    journalAs: (actor) =>
      aroundAppends({
        before: async () => {
          if (input.writableEnded) late += 1
          else input.end()
          await new Promise((resolve) => setImmediate(resolve))
        },
      })(app.journalAs(actor)),
  }))
  agent.say(HELLO)
  agent.say({ method: 'notifications/initialized' })
  const asked = { name: 'plan_create', arguments: { workflow: 'workflow.yaml', key: 'one' } }
  agent.say({ id: 2, method: 'tools/call', params: asked })
  await agent.end()
  const [id = '', ...others] = await bench.app.store.executionIds()
  expect([others, late > 5]).toEqual([[], true])
  const events = await bench.app.store.read(id)
  expect(foldAll(id, events)).toMatchObject({ status: 'ended', outcome: 'planned' })
  expect(events[0]).toMatchObject({
    actor: 'mcp:local:1000:ann@box',
    requester: {
      issuer: 'local',
      id: 'mcp:local:1000:ann@box',
      kind: 'agent',
      auth: 'os',
      onBehalfOf: { issuer: 'local', id: 'local:1000:ann@box' },
    },
  })
})

test('an agent that a provider vouches for stays who it is, and a service is refused', async () => {
  const bench = await openLab().serve()
  const bot = served(bench, PEOPLE.botOfAlice)
  bot.say(HELLO)
  bot.say({ id: 2, method: 'resources/read', params: { uri: 'eosflow://policy' } })
  await until(bench, async () => bot.lines.join('').includes('"id":2'))
  expect(bot.lines.join('')).toContain('untrusted_document')
  // The pipe stays open when the login ends, and nothing is answered any more.
  bot.login.isOver = true
  bot.say({ id: 3, method: 'tools/call', params: { name: 'switches_list', arguments: {} } })
  await until(bench, async () => bot.lines.join('').includes('"id":3'))
  expect(bot.lines.join('').split('\n').at(-2)).toMatch(/"isError":true/)
  expect(bot.lines.join('')).toContain('nobody is logged in')
  bot.input.end()
  await bot.end()
  expect(() => agentFor(PEOPLE.ci)).toThrow('repo:acme is a service, and no agent speaks for it')
})
