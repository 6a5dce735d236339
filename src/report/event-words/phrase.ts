import { nameOf } from '../../change/engine/fault.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import type { ErrorRecord } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { changeFileWords } from '../phrases/spoken.ts'
import { parts } from '../text/text.ts'

// How much of a value a line shows; `history --json` has all of it.
const LONGEST = 160

export function brief(value: Json): string {
  const text = JSON.stringify(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

/** A state and its scope: `Push in RollOutWaves[0].RollOutWave[1]`. */
export function placeOf({ path, state }: { readonly path: string; readonly state: string }): string {
  return path === '' ? state : `${state} in ${path}`
}

export function errorWords(error: ErrorRecord): string {
  const name = nameOf(error)
  return name === undefined || name === null || error.message.startsWith(name)
    ? error.message
    : `${name}: ${error.message}`
}

/** What the failure of a verification says before it names the checks: `leaf3: not good within 180 s`. */
export function withoutChecks(message: string): string | undefined {
  return HEAD.exec(message)?.[1]
}

// The beginning of what `verify` says before it names the checks.
const HEAD =
  /^([^:\n]+: (?:not good within \d+ s|cannot become good|only \d+ s are left of the commit timer, and the checks are not good yet)): /

/** Words around a value; nothing where it is absent. */
export function given<T>(value: T | undefined, words: (value: T) => string): string {
  return value === undefined ? '' : words(value)
}

export function sourceWords({
  commit,
  changeFile,
}: {
  readonly commit?: string
  readonly changeFile?: ChangeTerms
}): string {
  return parts(
    given(commit, (id) => `of commit ${id}`),
    changeFileWords(changeFile).join('; '),
  )
}
