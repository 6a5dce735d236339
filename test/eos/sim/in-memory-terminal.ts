import type { CliUser } from '../../../src/eos/sim/cli/command/session-verbs.ts'
import { CliShell } from '../../../src/eos/sim/ssh/cli-shell.ts'
import type { TerminalSize } from '../../../src/eos/sim/ssh/pager.ts'
import type { Simulated } from './simulate.ts'

/** A terminal on a simulated switch, without a socket. */
export interface InMemoryTerminal {
  /** Everything printed so far. */
  readonly printed: string
  /** How the dialogue ended; undefined while it goes on. */
  readonly closed: 'exit' | 'lost' | undefined
  readonly shell: CliShell
  /** Types characters, lets the switch work, and gives what was printed since. */
  type(text: string): Promise<string>
  /** Types lines, each with Enter. */
  lines(...lines: readonly string[]): Promise<string>
}

/** How a terminal is opened. */
export interface TerminalOptions {
  readonly user?: Partial<CliUser>
  readonly address?: string
  /** Without one there is no terminal, as under `ssh -T`. Default 80 by 0: no paging. */
  readonly size?: TerminalSize | undefined
}

/** Lets promises settle. */
export const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Opens a shell on the switch of a fabric. */
export function openTerminal({ fabric, device }: Simulated, options: TerminalOptions = {}): InMemoryTerminal {
  const { terminals } = fabric.get(device.name)
  const user: CliUser = { user: 'eva', from: 'ssh', privilege: 15, ...options.user }
  const size = 'size' in options ? options.size : { width: 80, length: 0 }
  let printed = ''
  let closed: 'exit' | 'lost' | undefined
  const shell = new CliShell(
    terminals,
    { user, address: options.address ?? '192.0.2.9', ...(size === undefined ? {} : { size }) },
    {
      write: (text) => {
        printed += text
      },
      close: (how) => {
        closed = how
      },
    },
  )
  shell.start()
  const type = async (text: string) => {
    const from = printed.length
    shell.receive(Buffer.from(text))
    await settled()
    return printed.slice(from)
  }
  return {
    get printed() {
      return printed
    },
    get closed() {
      return closed
    },
    shell,
    type,
    lines: (...lines) => type(lines.map((line) => `${line}\r`).join('')),
  }
}
