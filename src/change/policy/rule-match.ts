import { globMatches } from '../../model/glob.ts'
import type { Principal, Scope } from '../../model/principal.ts'
import type { ChangeSource } from './change-match.ts'
import type { Policy, Rule } from './policy.ts'
import { isFresh } from './subject.ts'
import { freezeWithin, isWithin, nextOpening } from './window.ts'

/** A switch, as far as rules look at it. */
export interface PolicyDevice {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

/** Who wants to do what, where and when. Times are milliseconds. */
export interface PolicyRequest {
  readonly principal: Principal
  readonly action: Scope
  /** Each is decided alone; none for what is about no switch. */
  readonly devices: readonly PolicyDevice[]
  /** The workflow's file, by its path from the project's root. */
  readonly workflow?: string
  /** Since the epoch. */
  readonly at: number
  /** For how long from then on the windows must be open. */
  readonly lasts?: number
  /**
   * The act belongs to a change that is live already: neither windows nor freezes prevent it any more. `demands`: only what is demanded is asked, so that
   * they prevent nothing, and yet a rule with `instead` asks for less only while they let it.
   */
  readonly underway?: boolean | 'demands'
  /** The ticket of an emergency, and since when it is made use of. */
  readonly breakGlass?: BreakGlass
  /** What the plan changes. Absent: no plan is known. */
  readonly change?: ChangeSource
}

/** The ticket of an emergency, and since when it is made use of, milliseconds since the epoch. */
export interface BreakGlass {
  readonly reason: string
  readonly since: number
}

/** A request with the roles of who makes it. */
export interface RequestWithRoles extends PolicyRequest {
  readonly roles: readonly string[]
}

/** Whether a rule is one by which the glass may be broken. */
export function isEmergency({ actions, effect }: Rule): boolean {
  return effect === 'allow' && actions.includes('breakglass.use')
}

/** Whether a rule is about a switch and a workflow. One that names some is not about what has none. */
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

/** `role:leaf` is that tag, `leaf` any tag of that value. */
function hasTag({ tags }: PolicyDevice, wanted: string): boolean {
  return Object.entries(tags).some(([tag, value]) =>
    globMatches(wanted, wanted.includes(':') ? `${tag}:${value}` : value),
  )
}

/** The conditions of a rule that waiting does not fulfil. */
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

function isTicket(reason: string, prefixes: readonly string[]): boolean {
  const [, prefix = ''] = /^([A-Z][A-Z0-9]*)-[0-9]{1,10}$/.exec(reason) ?? []
  return prefixes.includes(prefix)
}

/** The window or the freeze that prevents a rule now, and, if known, when it ends. */
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
