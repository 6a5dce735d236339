import type { Clock } from '../../../src/model/clock.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { passwordUser } from '../../../src/sim/auth/local-users.ts'
import { CliShell } from '../../../src/sim/ssh/cli-shell.ts'
import type { TerminalService } from '../../../src/sim/ssh/service.ts'
import type { ShellChannel, ShellListener } from '../../../src/transport/ssh/shell-channel.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'

/** What the way between a switch and us does to the bytes of the switch. */
export type Deliver = (bytes: Uint8Array, hear: (bytes: Uint8Array) => void) => void

/** What a terminal is like, besides a good one. */
export interface Hardship {
  readonly deliver?: Deliver
  readonly width?: number
  /** Printed before the switch says anything, with LF. */
  readonly banner?: string
}

/** The bytes as they come. */
export const atOnce: Deliver = (bytes, hear) => hear(bytes)

/** Each byte by itself. */
export const oneByOne: Deliver = (bytes, hear) => {
  for (const byte of bytes) hear(Uint8Array.of(byte))
}

/** Everything this much later, in its order. */
export function delayedBy(milliseconds: number, clock: Clock): Deliver {
  let sent = Promise.resolve()
  return (bytes, hear) => {
    sent = sent.then(() => clock.sleep(milliseconds)).then(() => hear(bytes))
  }
}

/**
 * A clock that jumps to what is waited for next as soon as nothing else happens, so that waiting costs no time. What the
 * simulated switch needs to answer counts as something happening.
 */
export function hurriedClock(): Clock {
  const clock = new VirtualClock()
  let busy = false
  const hurry = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (clock.sleeping > 0) {
      const sleeping = clock.sleeping
      for (let quiet = 0; quiet < 20; quiet += 1) await new Promise((resolve) => setImmediate(resolve))
      if (clock.sleeping === sleeping) await clock.next()
    }
    busy = false
  }
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (milliseconds, signal) => {
      const slept = clock.sleep(milliseconds, signal)
      void hurry()
      return slept
    },
  }
}

/** Logs in at a simulated switch and opens a shell on it, without a socket. */
export function simulatedShell(
  terminals: TerminalService,
  login: { readonly username: string; readonly password: string },
  { deliver = atOnce, width = 511, banner = '' }: Hardship = {},
): ShellChannel {
  const { device } = terminals
  if (!device.sshReachable) throw new EosflowError('unreachable', 'the connection was refused', { retryable: true })
  const user = passwordUser(device, login, 'ssh (memory)')
  if (user === undefined) throw new EosflowError('unauthenticated', `the switch refused the user ${login.username}`)
  let listener: ShellListener | undefined
  const shell = new CliShell(
    terminals,
    { user, address: '192.0.2.250', size: { width, length: 24 } },
    {
      write: (text) => deliver(Buffer.from(text), (bytes) => listener?.heard(bytes)),
      close: (how) => listener?.closed(how === 'exit' ? 'the switch logged us out' : 'the connection died'),
    },
  )
  return {
    write: (text) => queueMicrotask(() => shell.receive(Buffer.from(text))),
    listen: (given) => {
      listener = given
      if (banner !== '') deliver(Buffer.from(banner.replaceAll('\n', '\r\n')), (bytes) => given.heard(bytes))
      shell.start()
    },
    close: () => shell.close(),
  }
}
