import type { Socket } from 'node:net'

/** The TCP connections below TLS. */
const carriers = new WeakMap<Socket, Socket>()

/** Keeps which TCP connection carries a socket. */
export function carriedBy(socket: Socket, carrier: Socket): void {
  carriers.set(socket, carrier)
}

/**
 * Gives a connection up with a reset: what this machine's kernel has not delivered yet is thrown away, and no request that its sender has
 * given up arrives minutes later (RFC 9293 3.10.7.4 calls it an abort).
 */
export function abandon(socket: Socket): void {
  const carrier = carriers.get(socket) ?? socket
  if (!carrier.destroyed) carrier.resetAndDestroy()
  socket.destroy()
}
