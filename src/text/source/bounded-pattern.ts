import { type Context, createContext, Script } from 'node:vm'

// How long texts may be matched, in milliseconds.
const LIMIT = 500

const MATCH = new Script(`{
  const expression = new RegExp(pattern, flags)
  texts.map((text) => {
    const found = expression.exec(text)
    return found === null ? null : [...found]
  })
}`)

let context: Context | undefined

export type Captures = readonly (string | undefined)[] | null

/** What a regular expression that somebody wrote finds in each text; `undefined` when that is not known after half a second for all of them: `(a+)+` takes twice as long for each letter, and nothing but the virtual machine itself can stop it (docs/transport.md#what-people-write); nor for a pattern that turns out to be too large when it is first matched. `flags` are of `imsu`. */
export function capturesWithin(pattern: string, texts: readonly string[], flags = ''): readonly Captures[] | undefined {
  const expression = new RegExp(pattern, flags)
  try {
    if (isQuick(pattern, texts)) return texts.map((text) => expression.exec(text)?.slice() ?? null)
    context ??= createContext(Object.create(null))
    Object.assign(context, { pattern, texts, flags })
    return MATCH.runInContext(context, { timeout: LIMIT })
  } catch {
    // Out of time, or too large: V8 makes a program of a pattern only when it is first matched, and only then refuses it.
    return undefined
  }
}

/** Whether a text matches a regular expression that somebody wrote; `undefined` when that is not known in time. */
export function matchesWithin(pattern: string, text: string, flags = ''): boolean | undefined {
  const found = capturesWithin(pattern, [text], flags)
  return found === undefined ? undefined : found[0] !== null
}

// How much a quick pattern may compare, some ten milliseconds of work: asking the virtual machine costs more than most patterns do.
const QUICK = 16_000_000

// Whether a pattern is done in no time for sure: one repetition at most, of a single character, begins anew at each place of a text and goes
// to its end; without counts, references and alternatives in groups there is nothing else to go back to.
function isQuick(pattern: string, texts: readonly string[]) {
  const signs = pattern.replaceAll(/\\[^1-9k]/gs, '')
  const repetitions = signs.match(/[*+?]/g)?.length ?? 0
  const mayGoBack = /\)[*+?]|[{\\]/.test(signs) || (signs.includes('(') && signs.includes('|'))
  if (repetitions > 1 || mayGoBack) return false
  const places = texts.reduce((sum, { length }) => sum + (repetitions === 0 ? length : length * length), 0)
  return places * pattern.length <= QUICK
}
