import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** The connections below TLS. */
const carriers = new WeakMap<Duplex, Duplex>()

/** What else is done where a connection through a jump host is given up. */
const given = new WeakMap<Duplex, () => void>()

/** Keeps which connection carries a socket. */
export function carriedBy(socket: Duplex, carrier: Duplex): void {
  carriers.set(socket, carrier)
}

/** Has something done when a connection is given up. */
export function whenAbandoned(carrier: Duplex, act: () => void): void {
  given.set(carrier, act)
}

/**
 * Gives a connection up with a reset: what this machine's kernel has not delivered yet is thrown away, and no request that its sender has
 * given up arrives minutes later (RFC 9293 3.10.7.4 calls it an abort). One through a jump host cannot be reset alone.
 */
export function abandon(socket: Duplex): void {
  const carrier = carriers.get(socket) ?? socket
  if (carrier instanceof Socket && !carrier.destroyed) carrier.resetAndDestroy()
  else carrier.destroy()
  given.get(carrier)?.()
  given.delete(carrier)
  socket.destroy()
}
