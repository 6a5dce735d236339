import { definedMembers } from './defined-members.ts'
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A place in front of what is said of it: `a.yaml:3:5: `; nothing where it is not known. */
export function placeWords(at: Place | undefined): string {
  return at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `
}

/** Collected, never thrown one by one: a person sees all of them at once. */
export interface Problem {
  /** A stable kebab-case word for the kind of fault, for example `unknown-key`. */
  readonly code: string
  readonly message: string
  readonly at: Place
  readonly hint?: string
}

export type ValueOrProblems<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] }

/** A problem of the whole of a file, or of a flag (`--key`), which has no lines. */
export function problemOf(file: string, code: string, message: string, hint?: string): Problem {
  return { code, message, at: { file, line: 1, column: 1 }, ...definedMembers({ hint }) }
}
