import type { Problem } from '../../../model/problem.ts'

/** The kinds of fault of a template; each is the code of the problem that people see. */
export type FaultCode =
  | 'template-syntax'
  | 'template-undefined'
  | 'template-filter'
  | 'template-error'
  | 'template-fuel'
  | 'template-size'

/** Why a template cannot be rendered, in words for its author, and where: an offset in the texts of all templates. */
export class TemplateFault extends Error {
  readonly code: FaultCode
  readonly hint: string
  /** Where it is, as an offset; undefined until the place is known. */
  offset: number | undefined
  /** What is wrong with a value that the template only reads, with the place of that value. */
  readonly problem: Problem | undefined

  constructor(code: FaultCode, message: string, hint: string, offset?: number, problem?: Problem) {
    super(message)
    this.code = code
    this.hint = hint
    this.offset = offset
    this.problem = problem
  }
}

/** A fault of what is done with values; the place is added where the value was asked for. */
export function wrong(message: string, hint = 'see the value and what is done with it here'): TemplateFault {
  return new TemplateFault('template-error', message, hint)
}

/** What Jinja2 or Ansible can do and this renderer refuses on purpose. */
export function refused(message: string, hint: string): TemplateFault {
  return new TemplateFault('template-error', message, hint)
}

/** The fault of reading a value that cannot be had, whose own problem it carries. */
export function unreadable(problem: Problem, code: FaultCode = 'template-error'): TemplateFault {
  return new TemplateFault(code, problem.message, problem.hint ?? '', undefined, problem)
}

/** Gives a fault its place unless it has one. */
export function placed(thrown: unknown, offset: number): unknown {
  if (thrown instanceof TemplateFault) thrown.offset ??= offset
  return thrown
}
