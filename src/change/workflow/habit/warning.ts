import type { Place, Problem } from '../../../model/problem.ts'

/** A bad habit in what someone wrote: told with its place and the mend as a problem is, and refused by nobody. */
export interface Warning extends Problem {
  readonly severity: 'warning'
}

/** A warning at one place. */
export function warning(code: string, message: string, at: Place, hint: string): Warning {
  return { severity: 'warning', code, message, at, hint }
}
