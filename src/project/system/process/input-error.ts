import { type ErrorOptions, type Place, type Problem, problemOf } from '../../../model/error.ts'
import { visibleLine } from '../../../report/text/text.ts'

/** Bad input, found before anything was contacted: all problems of all files. Exit code 3. */
export class InputError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(({ message }) => message).join('\n'), options)
    this.name = 'InputError'
    this.problems = problems
  }
}

/** One thing that is wrong, and has no line. */
export function inputError(...problem: Parameters<typeof problemOf>): InputError {
  return new InputError([problemOf(...problem)])
}

export function notWritable(shown: string, message: string, hint: string): InputError {
  return inputError(shown, 'not-writable', message, hint)
}

/** Gives the value, or throws an {@link InputError} with everything that is wrong. */
export function orProblems<T>(
  checked: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] },
): T {
  if (checked.ok) return checked.value
  throw new InputError(checked.problems)
}

const HAS_LINES = /[^/]\.\w{1,12}$|^trust\//

function placeText({ file, line, column }: Place) {
  if (line === 1 && column === 1 && !HAS_LINES.test(file)) return file
  return file.startsWith('-') ? `${file}, character ${column}` : `${file}:${line}:${column}`
}

/** One problem as a line a person and an editor can follow: `file:line:column: message`, the mend below. */
export function problemText({ at, message, hint }: Problem): string {
  const place = visibleLine(placeText(at))
  return `${place}: ${visibleLine(message)}${hint === undefined ? '' : `\n    ${visibleLine(hint)}`}`
}
