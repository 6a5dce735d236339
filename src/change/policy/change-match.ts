import { isOfKind } from '../../model/change-kind.ts'
import { globMatches } from '../../model/glob.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Policy, Rule } from './policy.ts'

/** A line of a change as rules read it. */
export interface ReadLine {
  /** With the commands that it is under, redacted. */
  readonly text: string
  /** Absent: its root is in no table. */
  readonly kind?: string
  /** Whether the table of the syntax has its words: what it does not have is within no kind. */
  readonly isKnown: boolean
  /** Whether something goes away by it. */
  readonly removes: boolean
  /** A secret is where its kind is said, so that it may be of any: it is within no rule, and touches each. */
  readonly isHidden?: true
}

/** What rules read of the change of one switch. */
export interface SwitchChange {
  /** One line of each kind, at least. */
  readonly lines: readonly ReadLine[]
  /** How many lines are typed, or change, whichever is more. */
  readonly size: number
}

/** What rules read of a change: of every switch of its plan. */
export interface ReadChange {
  readonly switches: ReadonlyMap<string, SwitchChange>
  readonly params: JsonObject
  /** Why no rule may ask for less than the rules beside it. Absent: nothing keeps one from it. */
  readonly closed?: string
}

/** Gives what is read of a change; absent where no plan is known. */
export type ChangeSource = (() => ReadChange) | undefined

/** Whether a rule matches a change, and why or why not, in a few words. */
export interface ChangeMatch {
  readonly matches: boolean
  readonly why: string
}

/** The kind that a rule names for a line of any kind, known or not. */
export const ANY_KIND = 'any'

/** How many lines a change of a rule that asks for less has at the most, where the rule does not say. */
export const DEFAULT_LINES = 20

/** Whether a rule reads the change: one with `instead` asks for less where all of it is within its kinds; every other one for more where any line is of them. */
export function readsChange({ on }: Pick<Rule, 'on'>): boolean {
  return on.change !== undefined || on.params !== undefined
}

/** Whether any rule of a policy reads the change. */
export function anyReadsChange({ rules }: Pick<Policy, 'rules'>): boolean {
  return rules.some(readsChange)
}

/** Whether a rule asks for more where a change has a line of its kinds. */
export function isNarrowing(rule: Rule): boolean {
  return rule.effect === 'allow' && rule.instead === undefined && readsChange(rule)
}

/**
 * Whether the change of every switch is within a rule with `instead`: each line of a kind that it names and known to the syntax, nothing removed and no more lines than
 * it says, and each parameter that it names within its values. What is not known of a change is not within it.
 */
export function isWithin(rule: Rule, source: ChangeSource): ChangeMatch {
  if (source === undefined) return not('it reads the change, and no plan is known')
  const change = source()
  const known = within.get(change) ?? new Map<Rule, ChangeMatch>()
  within.set(change, known)
  const match = known.get(rule) ?? matchWithin(rule, change)
  known.set(rule, match)
  return match
}

/** Whether changes are within rules: neither changes, and every state of every switch of a large change asks about all of its switches. */
const within = new WeakMap<ReadChange, Map<Rule, ChangeMatch>>()

function matchWithin({ on }: Rule, { switches, params, closed }: ReadChange): ChangeMatch {
  if (closed !== undefined) return not(closed)
  const outside = [...switches].flatMap(([name, change]) => {
    const why = outsideOf(on.change ?? {}, change)
    return why === undefined ? [] : [`${name}: ${why}`]
  })
  if (outside[0] !== undefined) return not(outside[0])
  const other = Object.entries(on.params ?? {}).find(([name, wanted]) => {
    const values = valuesOf(params[name])
    return values.length === 0 || !values.every((one) => isOneOf(one, wanted))
  })
  if (other !== undefined) return not(`the parameter \`${other[0]}\` is ${textOf(params[other[0]])}`)
  return { matches: true, why: `every line is of ${on.change?.kinds?.join(', ') ?? 'no kind'}` }
}

/** Why the change of a switch is not within a rule that asks for less; undefined where it is. */
function outsideOf(
  { kinds = [], removes = false, maxLines = DEFAULT_LINES }: NonNullable<Rule['on']['change']>,
  { lines, size }: SwitchChange,
): string | undefined {
  const stray = lines.find((line) => !isNamed(line, kinds, 'all'))
  if (stray !== undefined) return `${quoted(stray)} is ${kindWords(stray)}`
  const removed = removes ? undefined : lines.find((line) => line.removes)
  if (removed !== undefined) return `${quoted(removed)} removes something`
  return size > maxLines ? `${size} lines, and it is for ${maxLines} at the most` : undefined
}

/**
 * Whether the change of a switch touches a rule that denies, or that asks for more: any of its lines is of a kind that the rule names, and any value of each parameter
 * that it names, in lists and records too, is one of its values. Where no plan is known an act that sends is taken to touch it.
 */
export function isTouched({ on }: Rule, device: string | undefined, source: ChangeSource, sends: boolean): ChangeMatch {
  if (source === undefined) return { matches: sends, why: 'it reads the change, and no plan is known' }
  const { switches, params } = source()
  const given = Object.entries(on.params ?? {})
  const other = given.find(([name, wanted]) => !valuesIn(params[name]).some((one) => mayBe(one, wanted)))
  if (other !== undefined) return not(`the parameter \`${other[0]}\` is ${textOf(params[other[0]])}`)
  if (on.change === undefined)
    return { matches: true, why: given.map(([name]) => `\`${name}\` is ${textOf(params[name])}`).join(', ') }
  const { kinds = [ANY_KIND], removes } = on.change
  const all = device === undefined ? [...switches.values()] : [switches.get(device) ?? { lines: [], size: 0 }]
  const line = all
    .flatMap(({ lines }) => lines)
    .find((one) => isNamed(one, kinds, 'any') && (removes === undefined || removes === one.removes))
  if (line === undefined) return not(`no line of the change is of ${kinds.join(', ')}`)
  return { matches: true, why: `${quoted(line)} is ${kindWords(line)}` }
}

/** `all`: for a rule that asks for less, a line whose words nobody knows is of no kind. */
function isNamed({ kind, isKnown, isHidden }: ReadLine, kinds: readonly string[], sense: 'all' | 'any'): boolean {
  if (kinds.includes(ANY_KIND) || (sense === 'any' && isHidden === true)) return true
  if (kind === undefined || (sense === 'all' && !isKnown)) return false
  return kinds.some((named) => isOfKind(kind, named))
}

/** A list holds each of its values. */
function valuesOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as Json]
}

type Wanted = NonNullable<Rule['on']['params']>[string]

function isOneOf(value: Json, wanted: Wanted): boolean {
  if (value === null || typeof value === 'object') return false
  return wanted.some((one) => {
    const range = rangeIn(one)
    if (range === undefined) return globMatches(one, String(value))
    const number = typeof value === 'number' ? value : /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN
    return Number.isInteger(number) && number >= range.first && number <= range.last
  })
}

/** Each value of lists and records, however deep. */
function valuesIn(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(valuesIn) : [value]
}

/** Whether a value is one of those that a rule names, or a text of numbers and ranges that has one of these: templates take such a text apart. */
function mayBe(value: Json, wanted: Wanted): boolean {
  if (isOneOf(value, wanted)) return true
  if (typeof value !== 'string' || !/^[\d\s,;-]+$/.test(value)) return false
  const parts = [...value.matchAll(/(\d+)(?:\s*-\s*(\d+))?/g)].map(([, from, to = from]) => [Number(from), Number(to)])
  const ranges = wanted.flatMap((one) => rangeIn(one) ?? rangeIn(`${one}-${one}`) ?? [])
  return ranges.some(({ first, last }) => parts.some(([from = 0, to = 0]) => from <= last && to >= first))
}

/** The ends of `2000-2999`; undefined for any other text. */
export function rangeIn(text: string): { readonly first: number; readonly last: number } | undefined {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  return first === undefined ? undefined : { first: Number(first), last: Number(last) }
}

function not(why: string): ChangeMatch {
  return { matches: false, why }
}

const quoted = ({ text }: ReadLine): string => `\`${text}\``

function kindWords({ kind, isKnown, isHidden }: ReadLine): string {
  if (isHidden === true) return 'of a kind that a secret hides'
  if (kind === undefined) return 'of no known kind'
  return isKnown ? kind : `${kind}, and its words are in no table`
}

function textOf(value: Json | undefined): string {
  return value === undefined ? 'not given' : JSON.stringify(value)
}
