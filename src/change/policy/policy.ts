import { isOfKind } from '../../model/change-kind.ts'
import { digestOf, sha256 } from '../../model/digest.ts'
import { globMatches } from '../../model/glob.ts'
import { definedMembers, type Json, type JsonObject } from '../../model/json.ts'
import { keptIn } from '../../model/once.ts'
import type { Principal, Scope } from '../../model/principal.ts'
import type { Gate } from './gate-answer.ts'
import type { PolicyFile } from './policy-schema.ts'

const OWN_WORD: readonly string[] = ['local', 'schedule', 'hook', 'worker']

/** How an identity is called in one word, where a schedule is `schedule:NAME` and a sender of events `hook:NAME`: as a member of a role names it, and as reasons say it. */
export function memberName({ issuer, id }: Pick<Principal, 'issuer' | 'id'>): string {
  return OWN_WORD.includes(issuer) ? id : `${issuer}:sub:${id}`
}

/** The roles that somebody has at a time (milliseconds since the epoch). */
export function rolesOf(policy: Policy, principal: Principal, at: number): readonly string[] {
  return Object.entries(policy.roles).flatMap(([name, { members, maxAuthAgeSec }]) => {
    const isMember = members.some((member) => isCalled(principal, member))
    return isMember && isFresh(principal, maxAuthAgeSec, at) ? [name] : []
  })
}

export function isMeant(to: readonly string[], { kind }: Principal, roles: readonly string[]): boolean {
  return to.some((name) => name === `kind:${kind}` || roles.includes(name))
}

/** Whether somebody logged in no longer ago than `maxAge` seconds. */
export function isFresh({ authenticatedAt }: Principal, maxAge: number | undefined, at: number): boolean {
  if (maxAge === undefined) return true
  const since = Date.parse(authenticatedAt ?? '')
  return at - since <= maxAge * 1000
}

function isCalled(principal: Principal, member: string) {
  const { issuer, kind, groups = [] } = principal
  if (member === `kind:${kind}` || member === memberName(principal)) return true
  return groups.some((group) => member === `${issuer}:group:${group}`)
}

export type Role = PolicyFile['roles'][string]

export type ChangeWindow = PolicyFile['windows'][string]

export type Freeze = PolicyFile['freezes'][number]

/** Durations are in seconds. */
export interface Rule extends Omit<PolicyFile['rules'][number], 'allow' | 'deny'> {
  readonly effect: 'allow' | 'deny'
  readonly actions: readonly Scope[]
}

export type PolicyTest = PolicyFile['tests'][number]

export interface Policy {
  readonly file: string
  readonly roles: Readonly<Record<string, Role>>
  readonly windows: Readonly<Record<string, ChangeWindow>>
  readonly freezes: readonly Freeze[]
  readonly rules: readonly Rule[]
  /** `anyStore`: an approval counts in every store, and is therefore not single-use. */
  readonly approvals?: 'anyStore'
  readonly gate?: Gate
  readonly tests: readonly PolicyTest[]
}

const nothing = { on: {}, when: { noFreeze: false } } as const

/**
 * What holds whatever a policy says: an agent plans and asks, and neither it nor a service ever approves, retires a policy
 * or accepts a clock (docs/policy.md#rules).
 */
export const BUILT_IN_RULES: readonly Rule[] = [
  {
    id: 'builtin-no-agent',
    effect: 'deny',
    actions: [
      'plan.approve',
      'task.push',
      'task.confirm',
      'device.unlock',
      'baseline.set',
      'notice.end',
      'intent.adopt',
      'backup.secrets',
      'worker.drain',
      'policy.edit',
      'bundle.publish',
      'breakglass.use',
    ],
    to: ['kind:agent'],
    ...nothing,
  },
  {
    id: 'builtin-no-service-approval',
    effect: 'deny',
    actions: ['plan.approve', 'plan.reject'],
    to: ['kind:service'],
    ...nothing,
  },
  {
    id: 'builtin-person-only',
    effect: 'deny',
    actions: ['policy.retire', 'clock.accept'],
    to: ['kind:agent', 'kind:service'],
    ...nothing,
  },
]

/** The digest of a policy: over everything that decides, the built-in rules too, and over the texts of the files that say which SSH keys (docs/approvals.md#from-another-machine-by-an-ssh-key) and which passkeys (docs/approvals.md#by-a-passkey) sign for whom. */
export function policyDigest(
  { roles, windows, freezes, rules, approvals, gate }: Policy,
  trust: string | null,
  passkeys: string | null = null,
  reviewers: string | null = null,
): string {
  const decides = {
    roles,
    windows,
    freezes,
    rules,
    trust: trust === null ? null : sha256(trust),
    ...definedMembers({ approvals, gate }),
    ...(passkeys === null ? {} : { passkeys: sha256(passkeys) }),
    ...(reviewers === null ? {} : { reviewers: sha256(reviewers) }),
  }
  // Members of interfaces that are JSON throughout, which an interface cannot say.
  return digestOf(decides as unknown as Json)
}

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
