import { EosflowError } from '../../../src/model/error.ts'
import { passwordUser } from '../../../src/sim/auth/local-users.ts'
import { CliShell } from '../../../src/sim/ssh/cli-shell.ts'
import type { TerminalService } from '../../../src/sim/ssh/service.ts'
import type { ShellChannel, ShellListener } from '../../../src/transport/ssh/shell-channel.ts'

/** What the way between a switch and us does to the bytes of the switch. */
export type Deliver = (bytes: Uint8Array, hear: (bytes: Uint8Array) => void) => void

/** The bytes as they come. */
export const atOnce: Deliver = (bytes, hear) => hear(bytes)

/** Each byte by itself. */
export const oneByOne: Deliver = (bytes, hear) => {
  for (const byte of bytes) hear(Uint8Array.of(byte))
}

/** Logs in at a simulated switch and opens a shell on it, without a socket. */
export function simulatedShell(
  terminals: TerminalService,
  login: { readonly username: string; readonly password: string },
  { deliver = atOnce, width = 511 }: { readonly deliver?: Deliver; readonly width?: number } = {},
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
      shell.start()
    },
    close: () => shell.close(),
  }
}
