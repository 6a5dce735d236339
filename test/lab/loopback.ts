import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

const [loopback] = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
  all.some(({ address }) => address === '::1') ? [name] : [],
)

/** Whether this machine has the loopback of IPv6, and what a skipped test says of that. */
export const hasIpv6 = loopback !== undefined
export const withoutIpv6 = hasIpv6 ? '' : ' (SKIPPED: this machine has no ::1)'

/** The loopback of IPv6 with its zone: `::1%lo` on Linux. */
export const ZONED_LOOPBACK = `::1%${loopback}`

/** Has a server listen on a free port of loopback. Gives the port. */
export async function listen(server: Server, host: '127.0.0.1' | '::1' = '127.0.0.1') {
  await once(server.listen(0, host), 'listening')
  return (server.address() as AddressInfo).port
}

/** The same until the test is over: then its connections are cut and it is closed. */
export async function listenInTest(server: Server) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listen(server)
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return port
}

/** Waits in real time until something holds. Throws when it does not within so many milliseconds. */
export async function soon(
  holds: () => boolean | Promise<boolean>,
  within = 20_000,
  what: string | (() => string) = 'that',
) {
  for (const end = performance.now() + within; !(await holds()); await pause(20)) {
    if (performance.now() > end) throw new Error(`it did not come to ${typeof what === 'string' ? what : what()}`)
  }
}
