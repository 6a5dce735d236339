import type { Place, Problem } from '../../../model/problem.ts'

export interface Warning extends Problem {
  readonly severity: 'warning'
}

export function warning(code: string, message: string, at: Place, hint: string): Warning {
  return { severity: 'warning', code, message, at, hint }
}
