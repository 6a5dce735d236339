import { globMatches } from '../../model/glob.ts'
import { gathered } from '../../model/map-keys.ts'
import type { Principal, Scope } from '../../model/principal.ts'
import { type ChangeSource, isTouched, readsChange } from './change-match.ts'
import { SENDING_ACTS } from './obligations.ts'
import { isFresh, type Policy, type Rule } from './policy.ts'
import { freezeWithin, isWithin, nextOpening } from './window.ts'

/**
 * Sets of switches that the very same rules are about, in the order of their first ones: the policy decides alike about each
 * switch of a set.
 */
export function alike(
  policy: Policy,
  { devices, workflow, change, action }: Pick<PolicyRequest, 'devices' | 'workflow' | 'change' | 'action'>,
): readonly (readonly PolicyDevice[])[] {
  const known = knownOf(policy, workflow)
  const reading = policy.rules.filter(
    (rule) => readsChange(rule) && rule.instead === undefined && rule.actions.includes(action),
  )
  const sends = SENDING_ACTS.includes(action)
  const sets = devices.map((device) => {
    const concerned = known.get(device) ?? rulesAbout(policy, device, workflow)
    known.set(device, concerned)
    const touched = reading.map((rule) => (isTouched(rule, device.name, change, sends).matches ? 'y' : 'n')).join('')
    return [`${concerned} ${touched}`, device] as const
  })
  return [...gathered(sets).values()]
}

function rulesAbout({ rules }: Policy, device: PolicyDevice, workflow: string | undefined) {
  return rules.map(({ on }) => (isAbout(on, device, workflow) ? 'y' : 'n')).join('')
}

type Known = WeakMap<PolicyDevice, string>

const MOST_WORKFLOWS = 200

const found = new WeakMap<Policy, Map<string | undefined, Known>>()

function knownOf(policy: Policy, workflow: string | undefined) {
  const byWorkflow = found.get(policy) ?? new Map<string | undefined, Known>()
  const known = byWorkflow.get(workflow) ?? new WeakMap<PolicyDevice, string>()
  // The name of a workflow may be whatever somebody has asked about.
  if (byWorkflow.size >= MOST_WORKFLOWS) byWorkflow.clear()
  found.set(policy, byWorkflow.set(workflow, known))
  return known
}

export interface PolicyDevice {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

/** Times are milliseconds. */
export interface PolicyRequest {
  readonly principal: Principal
  readonly action: Scope
  readonly devices: readonly PolicyDevice[]
  readonly workflow?: string
  readonly at: number
  readonly lasts?: number
  /** `demands`: only what is demanded is asked, so that they prevent nothing, and yet a rule with `instead` asks for less only while they let it. */
  readonly underway?: boolean | 'demands'
  /** The ticket of an emergency, and since when it is made use of. */
  readonly breakGlass?: BreakGlass
  readonly change?: ChangeSource
}

/** The ticket of an emergency, and since when it is made use of, milliseconds since the epoch. */
export interface BreakGlass {
  readonly reason: string
  readonly since: number
}

export interface RequestWithRoles extends PolicyRequest {
  readonly roles: readonly string[]
}

export function isEmergency({ actions, effect }: Rule): boolean {
  return effect === 'allow' && actions.includes('breakglass.use')
}

export function isAbout(
  { tags, devices, workflows }: Rule['on'],
  device: PolicyDevice | undefined,
  workflow: string | undefined,
) {
  const isNamed =
    devices === undefined || (device !== undefined && devices.some((glob) => globMatches(glob, device.name)))
  const isTagged = tags === undefined || (device !== undefined && tags.some((tag) => hasTag(device, tag)))
  const isWorkflow =
    workflows === undefined || (workflow !== undefined && workflows.some((glob) => globMatches(glob, workflow)))
  return isNamed && isTagged && isWorkflow
}

function hasTag({ tags }: PolicyDevice, wanted: string) {
  return Object.entries(tags).some(([tag, value]) =>
    globMatches(wanted, wanted.includes(':') ? `${tag}:${value}` : value),
  )
}

export function unmet({ when, effects }: Rule, { principal, at, breakGlass }: RequestWithRoles): string | undefined {
  if (!isFresh(principal, when.maxAuthAgeSec, at)) return `the last login must be less than ${when.maxAuthAgeSec} s ago`
  if (when.reason !== undefined && !isTicket(breakGlass?.reason ?? '', when.reason.prefixes)) {
    return `the reason must be a ticket (${when.reason.prefixes.map((prefix) => `${prefix}-1`).join(', ')})`
  }
  if (effects?.maxTtl !== undefined && at - (breakGlass?.since ?? at) > effects.maxTtl * 1000) {
    return `the glass was broken more than ${effects.maxTtl} s ago`
  }
  return undefined
}

function isTicket(reason: string, prefixes: readonly string[]) {
  const [, prefix = ''] = /^([A-Z][A-Z0-9]*)-[0-9]{1,10}$/.exec(reason) ?? []
  return prefixes.includes(prefix)
}

export function closedBy(
  { when, instead }: Rule,
  { windows, freezes }: Policy,
  { at, lasts = 0, underway }: RequestWithRoles,
): string | undefined {
  if (underway === true || (underway === 'demands' && instead === undefined)) return undefined
  const stretch = { from: at, to: at + lasts }
  const freeze = when.noFreeze ? freezeWithin(freezes, stretch) : undefined
  if (freeze !== undefined) return `the freeze \`${freeze.name}\` holds until ${freeze.to}`
  if (when.window === undefined) return undefined
  const named = when.window.flatMap((name) => windows[name] ?? [])
  if (isWithin(named, stretch)) return undefined
  const opens = nextOpening(named, at, lasts)
  const long = lasts === 0 ? '' : ` long enough for ${Math.ceil(lasts / 60_000)} min`
  const next = opens === undefined ? '' : `; it opens at ${new Date(opens).toISOString()}`
  return `the window ${when.window.map((name) => `\`${name}\``).join(' or ')} is not open${long}${next}`
}
