import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { listenInTest } from '../../lab/loopback.ts'

/** A switch that accepts a connection and reads nothing until it is let. */
async function stalled() {
  const server = createServer({ pauseOnConnect: true })
  const connection = once(server, 'connection') as Promise<[Socket]>
  return { port: await listenInTest(server), connection }
}

test.each([
  ['its time is over', 200],
  ['its connection is closed under it', 60_000],
])(
  '[F40] a request that is given up because %s is never delivered: what waits in the kernel is thrown away',
  async (_why, answerMilliseconds) => {
    const { port, connection } = await stalled()
    const transport = eapiTransport({ timeouts: { answerMilliseconds } })
    const target = {
      name: 'leaf1',
      host: '127.0.0.1',
      port,
      transport: 'eapi',
      protocol: 'http',
      tls: { mode: 'system' },
    } as const
    const leaf1 = await transport.connect(target, { username: 'a', password: new Secret('b') }, noFence)
    // More than the kernels of both ends take together: most of it waits on our side.
    const commands = [{ cmd: `description ${'x'.repeat(24 * 2 ** 20)}` }]
    const staged = leaf1
      .stage({ session: 's', mode: 'merge', commands, checkpoint: 'c' })
      .catch((error: unknown) => error)
    if (answerMilliseconds > 1000) setTimeout(() => void leaf1.close(), 200)
    const thrown = await staged
    expect(thrown).toBeInstanceOf(EosflowError)
    expect(thrown).toMatchObject({ kind: 'lost-answer' })
    const [socket] = await connection
    let arrived = 0
    socket.on('error', () => undefined)
    socket.on('data', ({ length }: Buffer) => {
      arrived += length
    })
    // Newer releases of Node say first that it was reset.
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    await closed
    // The receive buffer that Linux begins with is 128 KiB; a connection that is closed delivers nearly 4 MB behind it.
    expect(arrived).toBeGreaterThan(0)
    expect(arrived).toBeLessThan(2 ** 20)
  },
)
