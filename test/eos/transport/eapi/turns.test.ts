import { expect, test } from 'vitest'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { readsOnly } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { startService } from '../../../lab/service.ts'

const SWITCHES = 200

test('the first of many switches is asked before the last one is connected to, and all are heard', async () => {
  const seen: string[] = []
  const { port } = await startService((_request, response, { body }) => {
    seen.push('asked')
    response.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: [{}, { output: 'ok' }] }))
  })
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
  expect(texts).toEqual(Array.from({ length: SWITCHES }, () => ({ ok: true, text: 'ok' })))
  expect(seen.filter((one) => one === 'connected')).toHaveLength(SWITCHES)
  expect(seen.indexOf('asked')).toBeLessThan(seen.lastIndexOf('connected'))
})
