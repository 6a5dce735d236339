import type { Problem } from '../../../model/problem.ts'

export type FaultCode =
  | 'template-syntax'
  | 'template-undefined'
  | 'template-filter'
  | 'template-error'
  | 'template-fuel'
  | 'template-size'

export class TemplateFault extends Error {
  readonly code: FaultCode
  readonly hint: string
  /** Where it is, as an offset; undefined until the place is known. */
  offset: number | undefined
  readonly problem: Problem | undefined

  constructor(code: FaultCode, message: string, hint: string, offset?: number, problem?: Problem) {
    super(message)
    this.code = code
    this.hint = hint
    this.offset = offset
    this.problem = problem
  }
}

export function wrong(message: string, hint = 'see the value and what is done with it here'): TemplateFault {
  return new TemplateFault('template-error', message, hint)
}

/** What Jinja2 or Ansible can do and this renderer refuses on purpose. */
export function refused(message: string, hint: string): TemplateFault {
  return new TemplateFault('template-error', message, hint)
}

export function unreadable(problem: Problem, code: FaultCode = 'template-error'): TemplateFault {
  return new TemplateFault(code, problem.message, problem.hint ?? '', undefined, problem)
}

/** Gives a fault its place unless it has one. */
export function placed(thrown: unknown, offset: number): unknown {
  if (thrown instanceof TemplateFault) thrown.offset ??= offset
  return thrown
}
