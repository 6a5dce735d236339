export interface TerminalLine {
  /** The line as EOS names it: `vty2`. */
  readonly line: string
  readonly user: string
  readonly address: string
  /** Milliseconds since the epoch of the login. */
  readonly since: number
  readonly pid: number
}

export type Login = Pick<TerminalLine, 'address' | 'since'>

const FIRST_LINE = 2
const FIRST_PID = 2001

export class Terminals {
  readonly #open = new Map<string, TerminalLine>()
  readonly #last = new Map<string, Login>()
  readonly #inside = new Map<string, string>()
  #pid = FIRST_PID

  all(): readonly TerminalLine[] {
    return [...this.#open.values()]
  }

  lastLogin(user: string): Login | undefined {
    return this.#last.get(user)
  }

  open(user: string, address: string, since: number): TerminalLine {
    let number = FIRST_LINE
    while (this.#open.has(`vty${number}`)) number += 1
    this.#pid += 1
    const terminal: TerminalLine = { line: `vty${number}`, user, address, since, pid: this.#pid }
    this.#open.set(terminal.line, terminal)
    this.#last.set(user, { address, since })
    return terminal
  }

  close({ line }: TerminalLine): void {
    this.#open.delete(line)
    this.#inside.delete(line)
  }

  enter({ line }: TerminalLine, session: string | undefined): void {
    if (session === undefined) this.#inside.delete(line)
    else this.#inside.set(line, session)
  }

  inside(session: string): readonly TerminalLine[] {
    return this.all().filter(({ line }) => this.#inside.get(line) === session)
  }
}
