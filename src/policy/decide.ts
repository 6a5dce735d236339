import { globMatches } from '../model/glob.ts'
import type { Principal, Scope } from '../model/principal.ts'
import type { ApprovalDemand, Obligations } from './obligations.ts'
import { NO_OBLIGATIONS, unionOf } from './obligations.ts'
import type { Policy, Rule } from './policy.ts'
import { isFresh, isMeant, memberName, rolesOf } from './subject.ts'
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
  /** What is to be done belongs to a change that is live already: neither windows nor freezes stand against it any more. */
  readonly underway?: boolean
  /** The ticket of an emergency, and since when it is made use of. */
  readonly breakGlass?: BreakGlass
}

/** The ticket of an emergency, and since when it is made use of, milliseconds since the epoch. */
export interface BreakGlass {
  readonly reason: string
  readonly since: number
}

/** What a decision rests on: a denial, no rule at all, a condition of a rule, a window or freeze, or the rules that allow. */
export type Ground = 'denied' | 'no-rule' | 'condition' | 'closed' | 'allowed'

/** Whether somebody may do something, by which rules, why in one sentence, and what must hold besides. */
export interface PolicyDecision {
  readonly effect: 'allow' | 'deny'
  readonly ground: Ground
  readonly rules: readonly string[]
  readonly reason: string
  readonly obligations: Obligations
  /** What the rules demand that let the glass be broken; absent when they decided nothing. */
  readonly emergency?: Emergency
}

/** What goes with a broken glass. Durations are in seconds. */
export interface Emergency {
  readonly notify: readonly string[]
  readonly reviewWithin?: number
  readonly maxTtl?: number
}

/**
 * Decides by a policy (security 2.4): a denial wins, else what a rule allows whose conditions hold, with everything that
 * all such rules demand together; what no rule allows is denied. An act on several switches needs what each of them needs;
 * an agent that acts for a human may do what both may.
 */
export function decide(policy: Policy, request: PolicyRequest): PolicyDecision {
  try {
    const decisions = actors(request.principal).flatMap((principal) => {
      const places = request.devices.length === 0 ? [undefined] : request.devices
      const asked = { ...request, principal, roles: rolesOf(policy, principal, request.at) }
      return places.map((device) => decideOne(policy, asked, device))
    })
    return strictest(decisions)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return denial('condition', [], `the policy could not be evaluated, which is a denial: ${why}`)
  }
}

/** Who must be allowed: the agent, and the human for whom it acts. */
function actors(principal: Principal): readonly Principal[] {
  const { onBehalfOf, authenticatedAt } = principal
  if (onBehalfOf === undefined) return [principal]
  const human: Principal = { ...onBehalfOf, kind: 'person', auth: principal.auth }
  return [principal, authenticatedAt === undefined ? human : { ...human, authenticatedAt }]
}

interface Asked extends PolicyRequest {
  readonly roles: readonly string[]
}

function decideOne(policy: Policy, asked: Asked, device: PolicyDevice | undefined): PolicyDecision {
  const { principal, action } = asked
  const meant = policy.rules.filter(
    ({ to, on }) => isMeant(to, principal, asked.roles) && isAbout(on, device, asked.workflow),
  )
  const concerned = meant.filter(({ actions }) => actions.includes(action))
  const needed: readonly Scope[] = asked.breakGlass === undefined ? [action] : [action, 'breakglass.use']
  const what = `${action}${device === undefined ? '' : ` on ${device.name}`}`
  const who = principal.display ?? memberName(principal)
  const denials = meant.flatMap(({ id, effect, actions }) =>
    effect === 'deny' && actions.some((one) => needed.includes(one)) ? [id] : [],
  )
  if (denials.length > 0) return denial('denied', denials, `${listed(denials)} denies ${who} ${what}`)
  const emergencies = concerned.filter(isEmergency)
  const rules = concerned.filter((rule) => !isEmergency(rule))
  if (asked.breakGlass !== undefined) {
    const broken = judged(emergencies, policy, asked)
    if (broken.holding.length > 0)
      return allowance(broken.holding, device, `${who} broke the glass (${asked.breakGlass.reason}) for ${what}`)
    if (rules.length === 0 && broken.failing.length > 0) return failed(broken.failing, who, what)
  }
  const { holding, failing } = judged(rules, policy, asked)
  if (holding.length > 0)
    return allowance(holding, device, `${listed(holding.map(({ id }) => id))} allows ${who} ${what}`)
  if (failing.length > 0) return failed(failing, who, what)
  return denial('no-rule', [], `no rule allows ${who} ${what}`)
}

function isEmergency({ actions, effect }: Rule): boolean {
  return effect === 'allow' && actions.includes('breakglass.use')
}

/** Whether a rule is about a switch and a workflow. One that names some is not about what has none. */
function isAbout(
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

/** A rule whose conditions do not hold, and why. */
interface Failing {
  readonly rule: Rule
  readonly ground: 'condition' | 'closed'
  readonly why: string
}

function judged(
  rules: readonly Rule[],
  policy: Policy,
  asked: Asked,
): { readonly holding: readonly Rule[]; readonly failing: readonly Failing[] } {
  const failing = rules.flatMap((rule): readonly Failing[] => {
    const why = unmet(rule, asked)
    if (why !== undefined) return [{ rule, ground: 'condition', why }]
    const closed = asked.underway === true ? undefined : closedBy(rule, policy, asked)
    return closed === undefined ? [] : [{ rule, ground: 'closed', why: closed }]
  })
  return { holding: rules.filter((rule) => failing.every((one) => one.rule !== rule)), failing }
}

/** What of a rule's conditions waiting does not mend. */
function unmet({ when, effects }: Rule, { principal, at, breakGlass }: Asked): string | undefined {
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

function closedBy({ when }: Rule, { windows, freezes }: Policy, { at, lasts = 0 }: Asked): string | undefined {
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

function allowance(rules: readonly Rule[], device: PolicyDevice | undefined, reason: string): PolicyDecision {
  const obligations = rules.some(isEmergency)
    ? NO_OBLIGATIONS
    : unionOf(rules.map((rule) => obligationsOf(rule, device)))
  const effects = rules.filter(isEmergency).map((rule) => rule.effects)
  const emergency = effects.length === 0 ? undefined : emergencyOf(effects)
  return {
    effect: 'allow',
    ground: 'allowed',
    rules: rules.map(({ id }) => id),
    reason,
    obligations,
    ...(emergency === undefined ? {} : { emergency }),
  }
}

function obligationsOf({ id, on, require }: Rule, device: PolicyDevice | undefined): Obligations {
  const most = on.maxConcurrent
  return {
    approvals: require === undefined ? [] : [demandOf(id, require.approvals)],
    concurrency: most === undefined || device === undefined ? [] : [{ by: id, most, devices: [device.name] }],
  }
}

function demandOf(by: string, { maxAge, ...demand }: NonNullable<Rule['require']>['approvals']): ApprovalDemand {
  return { by, ...demand, ...(maxAge === undefined ? {} : { maxAge: maxAge * 1000 }) }
}

/** Everyone is told, and the shortest times count. */
function emergencyOf(effects: readonly (Rule['effects'] | undefined)[]): Emergency {
  const shortest = (key: 'reviewWithin' | 'maxTtl'): number | undefined => {
    const given = effects.flatMap((one) => one?.[key] ?? [])
    return given.length === 0 ? undefined : Math.min(...given)
  }
  const [reviewWithin, maxTtl] = [shortest('reviewWithin'), shortest('maxTtl')]
  return {
    notify: [...new Set(effects.flatMap((one) => one?.notify ?? []))],
    ...(reviewWithin === undefined ? {} : { reviewWithin }),
    ...(maxTtl === undefined ? {} : { maxTtl }),
  }
}

const GRAVEST: readonly Ground[] = ['denied', 'no-rule', 'condition', 'closed']

/** One decision of several: what is denied on one switch is denied, for the gravest of the reasons. */
function strictest(decisions: readonly PolicyDecision[]): PolicyDecision {
  const [first] = decisions
  const ground = GRAVEST.find((one) => decisions.some((decision) => decision.ground === one))
  const deciding = decisions.filter((decision) => decision.ground === (ground ?? 'allowed'))
  const rules = [...new Set(deciding.flatMap((decision) => decision.rules))]
  const reason = told(deciding.map((decision) => decision.reason))
  if (first === undefined || ground !== undefined) return denial(ground ?? 'no-rule', rules, reason)
  const emergency = deciding.find((decision) => decision.emergency !== undefined)?.emergency
  return {
    effect: 'allow',
    ground: 'allowed',
    rules,
    reason,
    obligations: unionOf(deciding.map(({ obligations }) => obligations)),
    ...(emergency === undefined ? {} : { emergency }),
  }
}

function told(reasons: readonly string[]): string {
  const [first = 'nobody asked'] = reasons
  return reasons.length < 2 ? first : `${first}, and ${reasons.length - 1} more alike`
}

function denial(ground: Ground, rules: readonly string[], reason: string): PolicyDecision {
  return { effect: 'deny', ground, rules, reason, obligations: NO_OBLIGATIONS }
}

function listed(ids: readonly string[]): string {
  return ids.map((id) => `\`${id}\``).join(' and ')
}
