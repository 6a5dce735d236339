import { type Credentials, passwordUser } from '../../eos/sim/auth/local-users.ts'
import { CliShell } from '../../eos/sim/ssh/cli-shell.ts'
import type { TerminalService } from '../../eos/sim/ssh/service.ts'
import type { ShellChannel, ShellListener } from '../../eos/transport/ssh/shell-channel.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'

/** Logs in at a simulated switch and opens a shell on it, without a socket. Throws `unauthenticated` for a user that it does not know. */
export function memoryShell(terminals: TerminalService, login: Credentials): ShellChannel {
  const { device } = terminals
  if (!device.sshReachable) throw new EosflowError('unreachable', 'the connection was refused', { retryable: true })
  const user = passwordUser(device, login, 'ssh (memory)')
  if (user === undefined) throw new EosflowError('unauthenticated', `the switch refused the user ${login.username}`)
  let listener: ShellListener | undefined
  const shell = new CliShell(
    terminals,
    { user, address: 'memory', size: { width: 511, length: 24 } },
    {
      write: (text) => listener?.heard(Buffer.from(text)),
      close: () => listener?.closed('the switch logged us out'),
    },
  )
  return {
    write: (text) => queueMicrotask(() => shell.receive(Buffer.from(text))),
    listen: (given) => {
      listener = given
      shell.start()
    },
    close: () => shell.close(),
  }
}

/** So many turns of the event loop in which nothing is heard are silence: a switch in memory answers within one. */
const QUIET_TURNS = 10

/** A clock for whoever waits for the bytes of a shell in memory: silence comes soon, and takes no time. */
export function quietClock({ now, monotonic }: Clock): Clock {
  return {
    now,
    monotonic,
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        let left = QUIET_TURNS
        const turn = (): void => {
          left -= 1
          if (signal?.aborted === true) reject(signal.reason)
          else if (left === 0) resolve()
          else setImmediate(turn)
        }
        setImmediate(turn)
      }),
  }
}
