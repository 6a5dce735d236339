import { expect, test } from 'vitest'
import { startServer } from './bench.ts'

const ANN = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const

test('an answer is one of three, holds whole characters, and a text that is nearly a token is not repeated', async () => {
  const bench = await startServer()
  const ann = bench.browser(ANN)
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
