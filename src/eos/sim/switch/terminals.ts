/** Someone who is logged in on a terminal line. */
export interface TerminalLine {
  /** The line as EOS names it: `vty2`. */
  readonly line: string
  readonly user: string
  /** The address it comes from. */
  readonly address: string
  /** Milliseconds since the epoch of the login. */
  readonly since: number
  /** The process of its CLI, by which a config session lists who is inside. */
  readonly pid: number
}

/** The address and time of a login. */
export type Login = Pick<TerminalLine, 'address' | 'since'>

/** The number of the first line that a login from outside gets [I]. */
const FIRST_LINE = 2
const FIRST_PID = 2001

/** The terminal lines of a switch: who is logged in, and when each user was last. */
export class Terminals {
  readonly #open = new Map<string, TerminalLine>()
  readonly #last = new Map<string, Login>()
  /** The config session each line is in. */
  readonly #inside = new Map<string, string>()
  #pid = FIRST_PID

  /** The lines in use, in the order of the logins. */
  all(): readonly TerminalLine[] {
    return [...this.#open.values()]
  }

  /** When and from where a user logged in before; undefined for a first login. */
  lastLogin(user: string): Login | undefined {
    return this.#last.get(user)
  }

  /** Gives a login the lowest line that is free. */
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

  /** Notes which config session a line is in; undefined when it has left. */
  enter({ line }: TerminalLine, session: string | undefined): void {
    if (session === undefined) this.#inside.delete(line)
    else this.#inside.set(line, session)
  }

  /** The terminals that are in a config session. */
  inside(session: string): readonly TerminalLine[] {
    return this.all().filter(({ line }) => this.#inside.get(line) === session)
  }
}
