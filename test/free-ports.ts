import { threadId } from 'node:worker_threads'
import { isFreePort } from '../src/eos/transport/connection/free-port.ts'

/** Below these a kernel takes no port for whoever names none: 32768 of Linux (ip_local_port_range), 49152 of others (RFC 6335). */
const FIRST = 10_000
const COUNT = 22_000
/** So many ports on, the next process begins, and so many of these the next thread of one. */
const BETWEEN = 131
const OF_A_THREAD = 41

let next = ((process.pid + threadId * OF_A_THREAD) * BETWEEN) % COUNT

/**
 * Ports of loopback that nobody listens on now, each given once in this thread. A connection of somebody else does not take them
 * before whoever asked listens there, nor while a server that has died is started again: a port that the kernel has chosen can be
 * taken so at any moment.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = FIRST + next
    next = (next + 1) % COUNT
    if (await isFreePort(port)) ports.push(port)
  }
  return ports
}

/** One of {@link freePorts}. */
export async function freePort() {
  const [port = 0] = await freePorts(1)
  return port
}
