import { type Context, createContext, Script } from 'node:vm'

/** How long one text may be matched, in milliseconds. A pattern that is not exponential takes a thousandth of it. */
const LIMIT = 500

const MATCH = new Script('new RegExp(pattern).test(text)')

let context: Context | undefined

/**
 * Whether a text matches a regular expression that somebody wrote; `undefined` when that is not known after half a
 * second: `(a+)+` takes twice as long for each letter, and nothing but the virtual machine itself can stop it
 * (security 6.3). Throws SyntaxError for what is no regular expression.
 */
export function matchesWithin(pattern: string, text: string): boolean | undefined {
  context ??= createContext(Object.create(null))
  Object.assign(context, { pattern, text })
  try {
    return Boolean(MATCH.runInContext(context, { timeout: LIMIT }))
  } catch (thrown) {
    if (isTimeout(thrown)) return undefined
    throw new SyntaxError(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function isTimeout(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
