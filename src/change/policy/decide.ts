import { messageOf } from '../../model/error.ts'
import { globMatches } from '../../model/glob.ts'
import { definedMembers, gathered } from '../../model/json.ts'
import { keptIn } from '../../model/once.ts'
import type { Principal, Scope } from '../../model/principal.ts'
import { type ApprovalDemand, NO_OBLIGATIONS, type Obligations, SENDING_ACTS, unionOf } from './approval-case.ts'
import {
  type ChangeSource,
  isFresh,
  isMeant,
  isNarrowing,
  isTouched,
  isWithin,
  memberName,
  type Policy,
  type Rule,
  readsChange,
  rolesOf,
} from './policy.ts'
import { isWithin as areOpenFor, freezeWithin, nextOpening } from './window.ts'

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
    const concerned = keptIn(known, device, () => rulesAbout(policy, device, workflow))
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
  if (areOpenFor(named, stretch)) return undefined
  const opens = nextOpening(named, at, lasts)
  const long = lasts === 0 ? '' : ` long enough for ${Math.ceil(lasts / 60_000)} min`
  const next = opens === undefined ? '' : `; it opens at ${new Date(opens).toISOString()}`
  return `the window ${when.window.map((name) => `\`${name}\``).join(' or ')} is not open${long}${next}`
}

export type Ground = 'denied' | 'no-rule' | 'condition' | 'closed' | 'allowed'

export interface PolicyDecision {
  readonly effect: 'allow' | 'deny'
  readonly ground: Ground
  readonly rules: readonly string[]
  readonly reason: string
  readonly obligations: Obligations
  /** What the rules demand that let the glass be broken; absent when they decided nothing. */
  readonly emergency?: Emergency
}

/** Durations are in seconds. */
export interface Emergency {
  readonly notify: readonly string[]
  readonly reviewWithin?: number
  readonly maxTtl?: number
}

/** Decides by a policy (docs/policy.md#how-it-decides): a denial wins, else what a rule allows whose conditions hold, with everything that all such rules demand together; what no rule allows is denied. */
export function decide(policy: Policy, request: PolicyRequest): PolicyDecision {
  try {
    const decisions = actors(request.principal).flatMap((principal) => {
      const places = request.devices.length === 0 ? [[]] : alike(policy, request)
      const asked = { ...request, principal, roles: rolesOf(policy, principal, request.at) }
      return places.map((place) => ({ ...decideAlike(policy, asked, place), times: Math.max(place.length, 1) }))
    })
    return strictest(decisions)
  } catch (error) {
    const why = messageOf(error)
    return denial('condition', [], `the policy could not be evaluated, which is a denial: ${why}`)
  }
}

export function isEverAllowed(
  policy: Policy,
  { principal, action, at }: Pick<PolicyRequest, 'principal' | 'action' | 'at'>,
): boolean {
  return actors(principal).every((actor) => {
    const roles = rolesOf(policy, actor, at)
    return policy.rules.some(
      (rule) =>
        rule.effect === 'allow' &&
        !isNarrowing(rule) &&
        rule.actions.includes(action) &&
        isMeant(rule.to, actor, roles),
    )
  })
}

function actors(principal: Principal): readonly Principal[] {
  const { onBehalfOf, authenticatedAt } = principal
  if (onBehalfOf === undefined) return [principal]
  const human: Principal = { ...onBehalfOf, kind: 'person', auth: principal.auth }
  return [principal, authenticatedAt === undefined ? human : { ...human, authenticatedAt }]
}

function decideAlike(policy: Policy, asked: RequestWithRoles, devices: readonly PolicyDevice[]): PolicyDecision {
  const { principal, action } = asked
  const [device] = devices
  const meant = policy.rules.filter(
    ({ to, on }) => isMeant(to, principal, asked.roles) && isAbout(on, device, asked.workflow),
  )
  const concerned = meant.filter(({ effect, actions }) => effect === 'allow' && actions.includes(action))
  const needed: readonly Scope[] = asked.breakGlass === undefined ? [action] : [action, 'breakglass.use']
  const what = `${action}${device === undefined ? '' : ` on ${device.name}`}`
  const who = principal.display ?? memberName(principal)
  const touches = (rule: Rule) =>
    !readsChange(rule) || isTouched(rule, device?.name, asked.change, SENDING_ACTS.includes(action)).matches
  const denials = meant.filter(
    (rule) => rule.effect === 'deny' && rule.actions.some((one) => needed.includes(one)) && touches(rule),
  )
  if (denials.length > 0) {
    const ids = denials.map(({ id }) => id)
    return denial('denied', ids, `${listed(ids)} denies ${who} ${what}`)
  }
  const emergencies = concerned.filter(isEmergency)
  const rules = concerned.filter((rule) => !isEmergency(rule) && !isNarrowing(rule))
  if (asked.breakGlass !== undefined) {
    const broken = judged(emergencies, policy, asked)
    if (broken.holding.length > 0)
      return allowance(broken.holding, devices, `${who} broke the glass (${asked.breakGlass.reason}) for ${what}`)
    if (rules.length === 0 && broken.failing.length > 0) return failed(broken.failing, who, what)
  }
  const { holding, failing } = heldOf(rules, policy, asked)
  if (holding.length === 0) {
    return failing.length > 0
      ? failed(failing, who, what)
      : denial('no-rule', [], `no rule allows ${who} ${what}${readingNothing(rules, asked)}`)
  }
  const narrowing = policy.rules.filter(
    (rule) =>
      isNarrowing(rule) && rule.actions.includes(action) && isAbout(rule.on, device, asked.workflow) && touches(rule),
  )
  const others = narrowing.filter(({ to }) => !isMeant(to, principal, asked.roles)).map(({ id }) => id)
  if (others.length > 0) {
    return denial(
      'condition',
      others,
      `${listed(others)} reads the change, and ${who} is none of those whom it allows ${what}`,
    )
  }
  const narrowed = judged(narrowing, policy, asked)
  if (narrowed.failing.length > 0) return failed(narrowed.failing, who, what)
  const all = [...holding, ...narrowing]
  return allowance(all, devices, `${listed(all.map(({ id }) => id))} allows ${who} ${what}`)
}

function readingNothing(rules: readonly Rule[], { change }: RequestWithRoles) {
  const [first] = rules
  if (first === undefined) return ''
  return `: \`${first.id}\` reads the change, ${isWithin(first, change).why}`
}

function heldOf(rules: readonly Rule[], policy: Policy, asked: RequestWithRoles): ReturnType<typeof judged> {
  const lesser = rules.filter((rule) => rule.instead !== undefined && isWithin(rule, asked.change).matches)
  const held = judged(lesser, policy, asked)
  const replaced = new Set(held.holding.flatMap(({ instead = [] }) => instead))
  const rest = judged(
    rules.filter(({ id, instead }) => instead === undefined && !replaced.has(id)),
    policy,
    asked,
  )
  return { holding: [...held.holding, ...rest.holding], failing: [...held.failing, ...rest.failing] }
}

interface Failing {
  readonly rule: Rule
  readonly ground: 'condition' | 'closed'
  readonly why: string
}

function judged(
  rules: readonly Rule[],
  policy: Policy,
  asked: RequestWithRoles,
): { readonly holding: readonly Rule[]; readonly failing: readonly Failing[] } {
  const failing = rules.flatMap((rule): readonly Failing[] => {
    const why = unmet(rule, asked)
    if (why !== undefined) return [{ rule, ground: 'condition', why }]
    const closed = closedBy(rule, policy, asked)
    return closed === undefined ? [] : [{ rule, ground: 'closed', why: closed }]
  })
  return { holding: rules.filter((rule) => failing.every((one) => one.rule !== rule)), failing }
}

function failed(failing: readonly Failing[], who: string, what: string): PolicyDecision {
  const closed = failing.filter(({ ground }) => ground === 'closed')
  const told = closed.length > 0 ? closed : failing
  const why = told.map(({ rule, why }) => `\`${rule.id}\`: ${why}`).join('; ')
  return denial(
    closed.length > 0 ? 'closed' : 'condition',
    told.map(({ rule }) => rule.id),
    `nothing allows ${who} ${what} now: ${why}`,
  )
}

function allowance(rules: readonly Rule[], devices: readonly PolicyDevice[], reason: string): PolicyDecision {
  const obligations = unionOf(rules.map((rule) => obligationsOf(rule, devices)))
  const effects = rules.filter(isEmergency).map((rule) => rule.effects)
  const emergency = effects.length === 0 ? undefined : emergencyOf(effects)
  return {
    effect: 'allow',
    ground: 'allowed',
    rules: rules.map(({ id }) => id),
    reason,
    obligations,
    ...definedMembers({ emergency }),
  }
}

function obligationsOf({ id, on, require }: Rule, devices: readonly PolicyDevice[]): Obligations {
  const most = on.maxConcurrent
  const names = devices.map(({ name }) => name)
  return {
    approvals: require === undefined ? [] : [demandOf(id, require.approvals)],
    concurrency: most === undefined || names.length === 0 ? [] : [{ by: id, most, devices: names }],
  }
}

function demandOf(
  by: string,
  { maxAge, proof, carry, knownRequester, ...demand }: NonNullable<Rule['require']>['approvals'],
): ApprovalDemand {
  return {
    by,
    ...demand,
    ...definedMembers({ knownRequester }),
    ...(maxAge === undefined ? {} : { maxAge: maxAge * 1000 }),
    ...definedMembers({ proof, carry }),
  }
}

function emergencyOf(effects: readonly (Rule['effects'] | Emergency)[]): Emergency {
  const shortest = (key: 'reviewWithin' | 'maxTtl') => {
    const given = effects.flatMap((one) => one?.[key] ?? [])
    return given.length === 0 ? undefined : Math.min(...given)
  }
  const [reviewWithin, maxTtl] = [shortest('reviewWithin'), shortest('maxTtl')]
  return {
    notify: [...new Set(effects.flatMap((one) => one?.notify ?? []))],
    ...definedMembers({ reviewWithin, maxTtl }),
  }
}

const GRAVEST: readonly Ground[] = ['denied', 'no-rule', 'condition', 'closed']

interface Repeated extends PolicyDecision {
  readonly times: number
}

function strictest(decisions: readonly Repeated[]): PolicyDecision {
  const [first] = decisions
  const ground = GRAVEST.find((one) => decisions.some((decision) => decision.ground === one))
  const deciding = decisions.filter((decision) => decision.ground === (ground ?? 'allowed'))
  const rules = [...new Set(deciding.flatMap((decision) => decision.rules))]
  const reason = told(deciding)
  if (first === undefined || ground !== undefined) return denial(ground ?? 'no-rule', rules, reason)
  const emergencies = deciding.flatMap((decision) => decision.emergency ?? [])
  // Where the glass was broken for some switches only, the others need what they always need.
  const emergency = emergencies.length < deciding.length ? undefined : emergencyOf(emergencies)
  return {
    effect: 'allow',
    ground: 'allowed',
    rules,
    reason,
    obligations: unionOf(deciding.map(({ obligations }) => obligations)),
    ...definedMembers({ emergency }),
  }
}

function told(deciding: readonly Repeated[]) {
  const first = deciding[0]?.reason ?? 'nobody asked'
  const more = deciding.reduce((sum, { times }) => sum + times, -1)
  return more < 1 ? first : `${first}, and the same on ${more} more ${more === 1 ? 'switch' : 'switches'}`
}

function denial(ground: Ground, rules: readonly string[], reason: string): PolicyDecision {
  return { effect: 'deny', ground, rules, reason, obligations: NO_OBLIGATIONS }
}

function listed(ids: readonly string[]) {
  return ids.map((id) => `\`${id}\``).join(' and ')
}
