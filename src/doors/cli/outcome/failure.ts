import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { EosflowError, messageOf, type Problem } from '../../../model/error.ts'
import { InputError, problemText } from '../../../project/system/process/input-error.ts'
import { hanging, wrapped } from '../../../report/text/text.ts'
import { asTyped, type BareIo, type GlobalOptions, type Io } from '../terminal/io.ts'
import { exitCodeOfThrown } from './exit-code.ts'

/** The one form of what failed: `✖ PLACE: WHAT`, and WHAT TO DO indented below it (docs/errors-and-exit-codes.md#three-shapes-of-failure). */
export function failed(what: string, mend?: string): string {
  return `✖ ${hanging(what)}${mend === undefined ? '' : `\n    ${hanging(mend)}`}`
}

// A problem's text in lines of at most `width` columns; its place begins the first one.
function problemLines(problem: Problem, width: number) {
  return `✖ ${problemText(problem)}`.split('\n').flatMap((line) => wrapped(line, { width, hang: 4 }))
}

export function typedProblem(problem: Problem, io: Pick<Io, 'called' | 'cwd'>): Problem {
  return problem.hint === undefined ? problem : { ...problem, hint: asTyped(problem.hint, io) }
}

export function reportFailure(error: unknown, io: BareIo, global: GlobalOptions): number {
  const code = exitCodeOfFailure(error)
  if (global.json) io.out(`${JSON.stringify({ version: 1, error: errorJson(error), exitCode: code })}\n`)
  io.err(`${failureText(error, io, io.columns)}\n`)
  if (global.verbose > 1 && error instanceof Error && error.stack !== undefined) io.err(`${hanging(error.stack)}\n`)
  return code
}

function exitCodeOfFailure(error: unknown) {
  if (error instanceof InputError) return 3
  return error instanceof BrokenChainError ? 4 : exitCodeOfThrown(error)
}

function contacted({ problems }: InputError): string {
  return problems.some(({ code }) => code === 'query-refused') ? 'no switch was contacted' : 'nothing was contacted'
}

/** What failed, where, and what to do next, for a person; problems of files in lines of at most `width` columns. */
export function failureText(
  error: unknown,
  io: Pick<Io, 'called' | 'cwd'>,
  width: number = Number.POSITIVE_INFINITY,
): string {
  if (error instanceof InputError) {
    const count = error.problems.length
    return `${error.problems.flatMap((problem) => problemLines(typedProblem(problem, io), width)).join('\n')}\n${count} problem${count === 1 ? '' : 's'}: ${contacted(error)}.`
  }
  if (error instanceof EosflowError) {
    return failed(`${error.kind}: ${withDevice(error)}`, error.hint === undefined ? undefined : asTyped(error.hint, io))
  }
  return failed(`unexpected error: ${messageOf(error)}`, 'Run it again with -vv, and report what it prints.')
}

function withDevice({ message, device }: EosflowError) {
  return device === undefined || message.includes(device) ? message : `${device}: ${message}`
}

function errorJson(error: unknown): unknown {
  if (error instanceof InputError) return { kind: 'input', message: error.message, problems: error.problems }
  if (error instanceof EosflowError) {
    return { kind: error.kind, message: error.message, device: error.device, command: error.command, hint: error.hint }
  }
  return { kind: 'bug', message: messageOf(error) }
}
