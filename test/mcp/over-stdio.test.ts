import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { AgentTools } from '../../src/mcp/agent-tools.ts'
import { serveOverStdio } from '../../src/mcp/over-stdio.ts'

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
