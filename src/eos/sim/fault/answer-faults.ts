/** Which request a fault strikes: the nth from now on, the nth that writes, or the first with a command that matches. */
export interface RequestTrigger {
  readonly request?: number
  readonly write?: number
  /** A regular expression, tried on each command of the request. */
  readonly command?: string
}

/**
 * The switch answers a request, which it carries out, with the id of another one: with the results, or with `error: true`
 * with an error object. It is of eAPI: a dialogue over SSH has no ids.
 */
export interface WrongAnswer extends RequestTrigger {
  readonly kind: 'wrong-answer'
  readonly error?: boolean
}

/** The next command that matches succeeds, and what it prints has a line that begins with `%`. */
export interface ErrorLine {
  readonly kind: 'error-line'
  /** A regular expression. */
  readonly command: string
  /** The words behind `% `. */
  readonly message: string
}

/** Which lines a fault is about: the kth that is typed into a session, those that match, or all of them. */
interface TypedLines {
  readonly line?: number
  /** A regular expression, tried on each line that is typed in a config mode. */
  readonly command?: string
}

/** The switch takes such a line and prints a warning, each time. */
export interface LineWarning extends TypedLines {
  readonly kind: 'line-warning'
  readonly message: string
}

/**
 * The switch asks before it takes such a line, each time. eAPI answers by itself and prints the question; a terminal waits,
 * and any answer but one that begins with `y` leaves the line out (arista.eos#368).
 */
export interface LineQuestion extends TypedLines {
  readonly kind: 'line-question'
  readonly message: string
}
