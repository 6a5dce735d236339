import { globMatches } from '../../model/glob.ts'
import type { Principal, Scope } from '../../model/principal.ts'
import type { ChangeSource } from './change-match.ts'
import type { Policy, Rule } from './policy.ts'
import { isFresh } from './subject.ts'
import { freezeWithin, isWithin, nextOpening } from './window.ts'

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
