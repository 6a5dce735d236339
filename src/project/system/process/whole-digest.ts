import { inputError } from './input-error.ts'

/**
 * The digest of a plan as somebody gives it, blanks dropped, the `sha256:` in front or not. Throws an InputError for what is no
 * whole digest: eight letters are shown on screens and name no plan.
 */
export function wholeDigest(option: string, given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined
  const letters = given
    .replace(/\s/g, '')
    .toLowerCase()
    .replace(/^sha256:/, '')
  if (/^[\da-f]{64}$/.test(letters)) return `sha256:${letters}`
  const hint = 'Give all 64 letters behind `Digest: sha256:` of the plan that you reviewed.'
  throw inputError(option, 'no-whole-digest', `it is no whole digest: ${given}`, hint)
}
