import type { ChangeLine } from '../../eos/config/diff/diff.ts'
import { keyedPlaceholder, redact } from '../../eos/config/secrets/secrets.ts'
import { canonicalJson, hmac } from '../../model/digest.ts'
import type { DiffLine, PlanContent } from './plan.ts'
import { diffText } from './seal.ts'

export type PlanRedactor = (text: string) => string

export interface RedactionTerms {
  readonly key: string
  readonly workflow: string
  /** The HMACs of the running-configs that the plan was made against, in the order of its switches. */
  readonly bases: readonly string[]
  readonly scrub?: PlanRedactor
}

/**
 * Secrets show as `<redacted:8 hex>`, keyed by the install key, the workflow and the bases: inside one plan equal
 * secrets look equal and a changed one shows as a changed line; between plans nothing can be compared
 * (docs/security.md#two-layers). What no form gives away is scrubbed before there is a digest: a plan that is saved is the
 * plan that was digested.
 */
export function redactionOf({ scrub = (text) => text, ...terms }: RedactionTerms): PlanRedactor {
  return redactionWith(saltOf(terms), scrub)
}

function saltOf({ key, workflow, bases }: Omit<RedactionTerms, 'scrub'>) {
  return hmac(key, canonicalJson(['placeholder', workflow, bases]))
}

function redactionWith(salt: string, scrub: PlanRedactor): PlanRedactor {
  const placeholder = keyedPlaceholder((secret) => hmac(salt, secret).slice('hmac:'.length))
  return (text) => scrub(redact(text, placeholder))
}

const salts = new WeakMap<PlanContent, { readonly key: string; readonly salt: string }>()

export function redactionIn(content: PlanContent, key: string, scrub: PlanRedactor = (text) => text): PlanRedactor {
  const known = salts.get(content)
  // The salt depends on every switch, and every switch asks for it.
  const bases = () => content.devices.map(({ base }) => base.running)
  const salt = known?.key === key ? known.salt : saltOf({ key, workflow: content.workflow.digest, bases: bases() })
  salts.set(content, { key, salt })
  return redactionWith(salt, scrub)
}

export function cleanLines(lines: readonly string[], clean: PlanRedactor): readonly string[] {
  return clean(lines.join('\n')).split('\n')
}

export function cleanDiff(diff: readonly ChangeLine[], clean: PlanRedactor): readonly DiffLine[] {
  if (diff.length === 0) return []
  const rows = clean(diffText(diff)).split('\n')
  return rows.map((row) => ({ sign: row.startsWith('+') ? '+' : row.startsWith('-') ? '-' : ' ', text: row.slice(1) }))
}

// A text that a switch shows of what is behind it is kept up to so many characters.
const LONGEST = 200

export function cleanTexts<T>(value: T, clean: PlanRedactor): T {
  if (typeof value === 'string') return shortened(clean(value)) as T
  if (Array.isArray(value)) return value.map((one: unknown) => cleanTexts(one, clean)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, cleanTexts(member as unknown, clean)]),
  ) as T
}

function shortened(value: string) {
  const characters = [...value]
  return characters.length <= LONGEST ? value : `${characters.slice(0, LONGEST - 1).join('')}…`
}
