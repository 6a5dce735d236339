/** Someone who is logged in on a terminal line. */
export interface Terminal {
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
export type Login = Pick<Terminal, 'address' | 'since'>

/** The number of the first line that a login from outside gets [I]. */
const FIRST_LINE = 2
const FIRST_PID = 2001

/** The terminal lines of a switch: who is logged in, and when each user was last. */
export class Terminals {
  readonly #open = new Map<string, Terminal>()
  readonly #last = new Map<string, Login>()
  /** The config session each line is in. */
  readonly #inside = new Map<string, string>()
  #pid = FIRST_PID

  /** The lines in use, in the order of the logins. */
  all(): readonly Terminal[] {
    return [...this.#open.values()]
  }

  /** When and from where a user logged in before; undefined for a first login. */
  lastLogin(user: string): Login | undefined {
    return this.#last.get(user)
  }

  /** Gives a login the lowest line that is free. */
  open(user: string, address: string, since: number): Terminal {
    let number = FIRST_LINE
    while (this.#open.has(`vty${number}`)) number += 1
    this.#pid += 1
    const terminal: Terminal = { line: `vty${number}`, user, address, since, pid: this.#pid }
    this.#open.set(terminal.line, terminal)
    this.#last.set(user, { address, since })
    return terminal
  }

  close({ line }: Terminal): void {
    this.#open.delete(line)
    this.#inside.delete(line)
  }

  /** Notes which config session a line is in; undefined when it has left. */
  enter({ line }: Terminal, session: string | undefined): void {
    if (session === undefined) this.#inside.delete(line)
    else this.#inside.set(line, session)
  }

  /** The terminals that are in a config session. */
  inside(session: string): readonly Terminal[] {
    return this.all().filter(({ line }) => this.#inside.get(line) === session)
  }
}
