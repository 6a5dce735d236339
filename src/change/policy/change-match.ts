import { isOfKind } from '../../model/change-kind.ts'
import { globMatches } from '../../model/glob.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { keptIn } from '../../model/once.ts'
import type { Policy, Rule } from './policy.ts'

export interface ReadLine {
  readonly text: string
  readonly kind?: string
  readonly isKnown: boolean
  readonly removes: boolean
  /** A secret is where its kind is said, so that it may be of any: it is within no rule, and touches each. */
  readonly isHidden?: true
}

export interface SwitchChange {
  /** One line of each kind, at least. */
  readonly lines: readonly ReadLine[]
  readonly size: number
}

export interface ReadChange {
  readonly switches: ReadonlyMap<string, SwitchChange>
  readonly params: JsonObject
  readonly closed?: string
}

export type ChangeSource = (() => ReadChange) | undefined

export interface ChangeMatch {
  readonly matches: boolean
  readonly why: string
}

export const ANY_KIND = 'any'

export const DEFAULT_LINES = 20

/** Whether a rule reads the change: one with `instead` asks for less where all of it is within its kinds; every other one for more where any line is of them. */
export function readsChange({ on }: Pick<Rule, 'on'>): boolean {
  return on.change !== undefined || on.params !== undefined
}

export function anyReadsChange({ rules }: Pick<Policy, 'rules'>): boolean {
  return rules.some(readsChange)
}

export function isNarrowing(rule: Rule): boolean {
  return rule.effect === 'allow' && rule.instead === undefined && readsChange(rule)
}

/** Whether the change of every switch is within a rule with `instead`: each line of a kind that it names and known to the syntax, nothing removed and no more lines than it says, and each parameter that it names within its values. */
export function isWithin(rule: Rule, source: ChangeSource): ChangeMatch {
  if (source === undefined) return not('it reads the change, and no plan is known')
  const change = source()
  const known = keptIn(within, change, () => new Map<Rule, ChangeMatch>())
  return keptIn(known, rule, () => matchWithin(rule, change))
}

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

function outsideOf(
  { kinds = [], removes = false, maxLines = DEFAULT_LINES }: NonNullable<Rule['on']['change']>,
  { lines, size }: SwitchChange,
) {
  const stray = lines.find((line) => !isNamed(line, kinds, 'all'))
  if (stray !== undefined) return `${quoted(stray)} is ${kindWords(stray)}`
  const removed = removes ? undefined : lines.find((line) => line.removes)
  if (removed !== undefined) return `${quoted(removed)} removes something`
  return size > maxLines ? `${size} lines, and it is for ${maxLines} at the most` : undefined
}

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

function isNamed({ kind, isKnown, isHidden }: ReadLine, kinds: readonly string[], sense: 'all' | 'any') {
  if (kinds.includes(ANY_KIND) || (sense === 'any' && isHidden === true)) return true
  if (kind === undefined || (sense === 'all' && !isKnown)) return false
  return kinds.some((named) => isOfKind(kind, named))
}

function valuesOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as Json]
}

type Wanted = NonNullable<Rule['on']['params']>[string]

function isOneOf(value: Json, wanted: Wanted) {
  if (value === null || typeof value === 'object') return false
  return wanted.some((one) => {
    const range = rangeIn(one)
    if (range === undefined) return globMatches(one, String(value))
    const number = typeof value === 'number' ? value : /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN
    return Number.isInteger(number) && number >= range.first && number <= range.last
  })
}

function valuesIn(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(valuesIn) : [value]
}

function mayBe(value: Json, wanted: Wanted) {
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

const quoted = ({ text }: ReadLine) => `\`${text}\``

function kindWords({ kind, isKnown, isHidden }: ReadLine) {
  if (isHidden === true) return 'of a kind that a secret hides'
  if (kind === undefined) return 'of no known kind'
  return isKnown ? kind : `${kind}, and its words are in no table`
}

function textOf(value: Json | undefined) {
  return value === undefined ? 'not given' : JSON.stringify(value)
}
