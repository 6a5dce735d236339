import type { CompletionTarget, TypedLine } from './completion-target.ts'

/** What has to be known so that a value is completed: the same for each letter that is typed of it. */
export interface ValueQuestion {
  readonly of: string
  /** What of it decides what it may become: `failed:` of a target, `NAME=` of a parameter. */
  readonly about: string
  readonly line: TypedLine
}

type WantedValue = Extract<CompletionTarget, { kind: 'value' }>

/** The question for a value; undefined where files are meant. */
export function questionOf(value: WantedValue): ValueQuestion | undefined {
  const { of, typed, line } = value
  const term = typed.slice(termAt(value))
  if (isSelector(of)) {
    return term.startsWith('@') ? undefined : { of: 'target', about: term.startsWith('failed:') ? 'failed:' : '', line }
  }
  return { of, about: of === 'param' ? (/^[^=]*=/.exec(typed)?.[0] ?? '') : '', line }
}

export function termAt({ of, typed }: WantedValue): number {
  return isSelector(of) ? (/^.*[\s,(]/s.exec(typed)?.[0].length ?? 0) : 0
}

function isSelector(of: string) {
  return of === 'target' || of === 'limit'
}
