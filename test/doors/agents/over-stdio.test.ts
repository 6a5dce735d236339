import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { AgentTools } from '../../../src/doors/agents/agent-server.ts'
import { serveOverStdio } from '../../../src/doors/agents/over-stdio.ts'
import { bounded, fitting } from '../../../src/doors/agents/untrusted.ts'
import { AskedPlans } from '../../../src/doors/http/jobs/asked-plans.ts'
import { PEOPLE } from '../../lab/people.ts'
import { until } from '../../lab/server.ts'
import { call, planOf, startAgentTools } from './agent-tools.ts'

/** What ends a connection, though the end that the agent writes to stays open. */
const ENDS: readonly (readonly [string, (input: PassThrough, output: PassThrough) => void])[] = [
  ['a message that never ends', (input) => void input.write('x'.repeat(11 * 1024 * 1024))],
  ['an agent that hears nothing any more', (_, output) => void output.destroy(new Error('EPIPE'))],
]

test.each(ENDS)('%s ends what serves it, and is said', { timeout: 4_000 }, async (_, end) => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const said: string[] = []
  const served = serveOverStdio({} as AgentTools, {
    input,
    output,
    stop: new AbortController().signal,
    failed: ({ message }) => said.push(message),
  })
  end(input, output)
  await served
  expect(said.length).toBe(1)
})

test('[E13] an agent that closes its pipe has gone, which is no failure to speak of', { timeout: 4_000 }, async () => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const said: string[] = []
  const stop = new AbortController().signal
  const served = serveOverStdio({} as AgentTools, { input, output, stop, failed: ({ message }) => said.push(message) })
  output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await served
  expect(said).toEqual([])
})

test('a message with a member that is there twice is answered as none, in whatever pieces it comes', {
  timeout: 4_000,
}, async () => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const stopping = new AbortController()
  const served = serveOverStdio({} as AgentTools, { input, output, stop: stopping.signal, failed: () => undefined })
  const message = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"plan","name":"show"}}\n'
  for (const part of [message.slice(0, 40), message.slice(40)]) input.write(part)
  const answer = await new Promise<string>((resolve) => output.once('data', (data) => resolve(String(data))))
  expect(JSON.parse(answer)).toEqual({
    jsonrpc: '2.0',
    id: null,
    error: { code: -32700, message: 'a member of an object is there twice' },
  })
  stopping.abort()
  await served
})

const CUT = '\n[cut: there is more]'

test.each([
  ['as long as the limit', 'a'.repeat(30), 30, 'a'.repeat(30)],
  // JSON writes the line break of the mark in two bytes.
  ['one byte longer', 'a'.repeat(31), 30, `${'a'.repeat(8)}${CUT}`],
  ['quotes, two bytes each in JSON', '"'.repeat(20), 30, `${'"'.repeat(4)}${CUT}`],
  ['letters of two bytes', 'ü'.repeat(20), 31, `${'ü'.repeat(4)}${CUT}`],
  ['a pair that would be cut in two', `aaa${'😀'.repeat(10)}`, 37, `aaa😀😀😀${CUT}`],
])('a text of others keeps its beginning: %s', (_, text, most, kept) => {
  expect(bounded(text, most)).toBe(kept)
})

test('a text of others has 30,000 bytes if nothing else is said', () => {
  expect(bounded('b'.repeat(40_000))).toBe(`${'b'.repeat(29_978)}${CUT}`)
})

test.each([
  ['all of it fits', ['ab', 'cd'], 10, ['ab', 'cd']],
  ['the last one does not fit', ['ab', 'cd', 'ef'], 14, ['ab', 'cd']],
  [
    'not even the first one: it is given, so that the next question goes on after it',
    ['a'.repeat(20), 'b'],
    5,
    ['a'.repeat(20)],
  ],
])('a list: %s', (_, list, most, kept) => {
  expect(fitting(list, most)).toEqual(kept)
})

test('what an agent asks for waits on the overview of whoever may approve it, and of nobody else, until somebody decides', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await startAgentTools()
  bench.front.live.follow(bench.front.ending).catch(() => undefined)
  const digest = await planOf(bench, 'botOfAlice')
  const agent = await bench.agent('botOfAlice')
  const [bob, alice, dave] = [PEOPLE.bob, PEOPLE.alice, PEOPLE.dave].map((person) => bench.browser(person))
  const link = `/plans/${encodeURIComponent(digest)}`
  const waitsFor = async (browser: typeof bob) => ((await browser?.get('/'))?.text ?? '').includes(link)
  expect(await waitsFor(bob)).toBe(false)
  await call(agent, 'approval_request', { digest, reason: 'please' })
  await until(bench, () => waitsFor(bob))
  expect([await waitsFor(alice), await waitsFor(dave)]).toEqual([false, false])
  await bob?.post(`/api/v1/plans/${digest}/decisions`, { decision: 'reject' })
  await until(bench, async () => !(await waitsFor(bob)))
})

const asked = (plan: string, at: string, more: object = {}) =>
  ({
    v: 1,
    seq: 1,
    at,
    actor: 'corp:bot',
    type: 'ApprovalRequested',
    plan,
    principal: PEOPLE.bot,
    ...more,
  }) as JournalEvent

test('a request is kept for a day, the hundred newest of them, and what an execution asks for itself is none', () => {
  const plans = new AskedPlans()
  const noon = Date.parse('2026-01-05T12:00:00.000Z')
  plans.took([
    asked('a', '2026-01-05T12:00:00.000Z'),
    asked('a', '2026-01-05T13:00:00.000Z'),
    asked('own', '2026-01-05T12:00:00.000Z', { principal: undefined, execution: 'x1' }),
  ])
  expect(plans.at(noon).map(({ plan, at }) => [plan, at])).toEqual([['a', '2026-01-05T12:00:00.000Z']])
  expect(plans.at(noon + 86_400_000)).toEqual([])
  plans.took(Array.from({ length: 100 }, (_, index) => asked(`p${index}`, '2026-01-05T14:00:00.000Z')))
  const kept = plans.at(noon + 7_200_000)
  expect([kept.length, kept[0]?.plan, kept.at(-1)?.plan]).toEqual([100, 'p0', 'p99'])
})
