import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import { taskTokensOf } from '../../../src/project/history/requests/task-tokens.ts'
import { ANN, openLab } from '../../lab/lab.ts'
import { idle, until } from '../../lab/server.ts'

/** The change of one VLAN, begun when an owner has answered. */
const ASKED = readFileSync(new URL('../../e2e/asked-owner.yaml', import.meta.url), 'utf8')

/** A change of ann that waits for its owner, and the token that answers it. */
async function waiting() {
  const bench = await openLab({ files: { 'asked.yaml': ASKED } }).serve()
  await bench.room.begin()
  const ann = bench.browser(ANN)
  const begun = await ann.post('/api/v1/executions', { workflow: 'asked.yaml' })
  expect(begun.status, begun.text).toBe(202)
  const id = String(begun.json.execution)
  const of = `/api/v1/executions/${id}`
  const state = () => readState(bench.app.store, id)
  await idle(bench)
  const { plan } = (await ann.get(of)).json
  expect((await ann.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })).status).toBe(200)
  await until(bench, async () => taskTokensOf(bench.app.key, await state()).length === 1)
  const [awaited] = taskTokensOf(bench.app.key, await state())
  return { bench, ann, id, of, token: awaited?.token ?? '' }
}

test('a change goes on when whoever has its token answers, and the token is in nothing that is given or kept', {
  tags: ['long', 'turn'],
}, async () => {
  const { bench, ann, id, of, token } = await waiting()
  const alive = await ann.post('/api/v1/signals', { token, heartbeat: true })
  expect([alive.status, alive.json.signal]).toEqual([200, 'heartbeat'])
  const { status, json, text } = await ann.post('/api/v1/signals', { token, output: { approved: true } })
  expect([status, json.execution, json.state, json.signal]).toEqual([200, id, 'AskOwner', 'success'])
  expect(text).not.toContain(token)
  await until(bench, async () => (await ann.get(of)).json.status === 'ended')
  expect((await ann.get(of)).json.outcome).toBe('succeeded')
  const late = await ann.post('/api/v1/signals', { token, output: null })
  expect([late.status, late.json.kind]).toEqual([409, 'stale'])
  expect(JSON.stringify(await bench.app.store.read(id))).not.toContain(token)
  expect(bench.failures).toEqual([])
})

test('an answer is one of three, holds whole characters, and a text that is nearly a token is not repeated', async () => {
  const ann = await openLab().http('local')
  const token = `eosflow-task-${'A'.repeat(43)}`
  const refused: [string, object][] = [
    ['nothing', { token }],
    ['two', { token, output: 1, heartbeat: true }],
    ['half a character', { token, output: { a: ['\ud800'] } }],
    ['half a character in a name', { token, output: { '\udc00': 1 } }],
    ['half a character in the cause', { token, error: 'E', cause: '\ud800' }],
    ['a long output', { token, output: 'x'.repeat(262_143) }],
    ['no token', { token: `${token}B`, heartbeat: true }],
  ]
  for (const [name, body] of refused) {
    const { status, json, text } = await ann.post('/api/v1/signals', body)
    expect([name, status, json.kind]).toEqual([name, 422, 'input'])
    expect(text).not.toContain('AAAAAAAA')
  }
  expect(refused).toHaveLength(7)
  const unknown = await ann.post('/api/v1/signals', { token, output: 'x'.repeat(262_142) })
  expect([unknown.status, unknown.json.kind]).toEqual([409, 'not-approved'])
})
