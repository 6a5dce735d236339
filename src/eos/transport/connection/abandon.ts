import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

const carriers = new WeakMap<Duplex, Duplex>()

const given = new WeakMap<Duplex, () => void>()

export function carriedBy(socket: Duplex, carrier: Duplex): void {
  carriers.set(socket, carrier)
}

export function whenAbandoned(carrier: Duplex, act: () => void): void {
  given.set(carrier, act)
}

/** Gives a connection up with a reset: what this machine's kernel has not delivered yet is thrown away, and no request that its sender has given up arrives minutes later (RFC 9293 3.10.7.4 calls it an abort). */
export function abandon(socket: Duplex): void {
  const carrier = carriers.get(socket) ?? socket
  if (carrier instanceof Socket && !carrier.destroyed) carrier.resetAndDestroy()
  else carrier.destroy()
  given.get(carrier)?.()
  given.delete(carrier)
  socket.destroy()
}
