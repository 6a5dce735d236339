import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { readsOnly } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { eapiTransport } from '../../../src/transport/eapi/eapi-transport.ts'

const SWITCHES = 200

test('the first of many switches is asked before the last one is connected to, and all are heard', async () => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push('asked')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string }
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: [{}, { output: 'ok' }] }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const named = new Set<string>()
  const transport = eapiTransport({
    // Asked for twice: before its turn, and in it.
    wayTo: (name) => {
      if (named.has(name)) seen.push('connected')
      named.add(name)
      return undefined
    },
  })
  const credential = { username: 'admin', password: new Secret('admin') }
  const ask = async (name: string) => {
    const target = { name, host: '127.0.0.1', port, protocol: 'http', tls: { mode: 'system' } } as const
    const device = await transport.connect({ ...target, transport: 'eapi' }, credential, readsOnly)
    const [text] = await device.print(['show clock'])
    await device.close()
    return text
  }
  // What is loaded with the first switch of a process takes turns of its own here.
  await ask('spine1')
  seen.length = 0
  const texts = await Promise.all(Array.from({ length: SWITCHES }, (_, index) => ask(`leaf${index}`)))
  server.close()
  expect(texts).toEqual(Array.from({ length: SWITCHES }, () => ({ ok: true, text: 'ok' })))
  expect(seen.filter((one) => one === 'connected')).toHaveLength(SWITCHES)
  expect(seen.indexOf('asked')).toBeLessThan(seen.lastIndexOf('connected'))
})
