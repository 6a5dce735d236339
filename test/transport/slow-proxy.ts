import { connect, createServer, type Socket } from 'node:net'
import { listen } from '../lab/loopback.ts'

/** A way to a switch on which every answer is late. */
export interface SlowProxy {
  readonly port: number
  /** Everything that has gone to the switch. */
  passed(): string
  close(): Promise<void>
}

/** Passes bytes on as they come, and what comes back so many milliseconds later, in order. */
export async function slowProxy(
  to: { readonly host: string; readonly port: number },
  late: number,
): Promise<SlowProxy> {
  const sockets = new Set<Socket>()
  const passed: Buffer[] = []
  const server = createServer((near) => {
    const far = connect(to)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.once('close', () => sockets.delete(socket))
    }
    near.on('data', (bytes) => {
      passed.push(bytes)
      far.write(bytes)
    })
    far.on('data', (bytes) => setTimeout(() => near.write(bytes), late))
    near.once('close', () => far.destroy())
    far.once('close', () => setTimeout(() => near.destroy(), late))
  })
  const port = await listen(server)
  return {
    port,
    passed: () => Buffer.concat(passed).toString('utf8'),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
