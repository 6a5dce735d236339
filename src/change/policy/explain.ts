import type { Scope } from '../../model/principal.ts'
import { SENDING_ACTS } from './approval-case.ts'
import {
  closedBy,
  isAbout,
  isEmergency,
  type PolicyDevice,
  type PolicyRequest,
  type RequestWithRoles,
  unmet,
} from './decide.ts'
import {
  isMeant,
  isNarrowing,
  isTouched,
  isWithin,
  type Policy,
  type ReadChange,
  type Rule,
  readsChange,
  rolesOf,
} from './policy.ts'

export interface RuleAccount {
  readonly rule: string
  readonly comes: 'denies' | 'allows' | 'fails' | 'does-not-apply'
  readonly why: string
}

/** The result of every rule that names the action for one switch, or for none, in the order of the file. */
export function explain(
  policy: Policy,
  request: PolicyRequest,
  device: PolicyDevice | undefined,
): readonly RuleAccount[] {
  const asked = { ...request, roles: rolesOf(policy, request.principal, request.at) }
  const accounts = policy.rules
    .filter(({ actions }) => actions.includes(request.action))
    .map((rule) => ({ rule, ...accountOf(rule, policy, asked, device) }))
  const replacing = accounts.filter(({ rule, comes }) => rule.instead !== undefined && comes === 'allows')
  return accounts.map(({ rule, ...account }) => {
    const by = replacing.find((one) => one.rule.instead?.includes(rule.id))
    return { rule: rule.id, ...(by === undefined ? account : apart(`\`${by.rule.id}\` is asked instead`)) }
  })
}

function accountOf(
  rule: Rule,
  policy: Policy,
  asked: RequestWithRoles,
  device: PolicyDevice | undefined,
): Pick<RuleAccount, 'comes' | 'why'> {
  const { principal, roles } = asked
  const isTheirs = isMeant(rule.to, principal, roles)
  const others = `it is for ${rule.to.join(', ')}, and not for ${whose(asked)}`
  if (!isTheirs && !isNarrowing(rule)) return apart(others)
  if (!isAbout(rule.on, device, asked.workflow)) return apart(`it is not about ${device?.name ?? 'this'}`)
  const read = changeAccount(rule, device, asked)
  if (read?.matches === false) return apart(read.why)
  if (rule.effect === 'deny') return { comes: 'denies', why: denying(read?.why) }
  if (!isTheirs) return { comes: 'fails', why: `${read?.why ?? 'it reads the change'}: ${others}` }
  if (isEmergency(rule) && asked.breakGlass === undefined) return apart('it is for --break-glass')
  const why = unmet(rule, asked) ?? closedBy(rule, policy, asked)
  if (why !== undefined) return { comes: 'fails', why }
  return {
    comes: 'allows',
    why: read === undefined ? 'all its conditions are met' : `${read.why}; its conditions are met`,
  }
}

export interface GateBesides {
  readonly way: 'exec' | 'http'
  readonly name: string
}

// The acts of which the gate is asked: when a plan is made, and before each push (docs/gates.md#when-it-is-asked).
const GATED_ACTS: ReadonlySet<Scope> = new Set(['plan.create', 'task.plan', 'execution.start', 'task.push'])

/** The gate that is asked besides about an act which the rules allow; undefined where there is none, or a broken glass goes past it. */
export function gateBesides(
  { gate }: Pick<Policy, 'gate'>,
  { action, breakGlass }: Pick<PolicyRequest, 'action' | 'breakGlass'>,
): GateBesides | undefined {
  if (gate === undefined || breakGlass !== undefined || !GATED_ACTS.has(action)) return undefined
  return 'exec' in gate ? { way: 'exec', name: gate.exec.command[0] ?? '' } : { way: 'http', name: gate.http.url }
}

function changeAccount(rule: Rule, device: PolicyDevice | undefined, { action, change }: RequestWithRoles) {
  if (!readsChange(rule)) return undefined
  return rule.instead === undefined
    ? isTouched(rule, device?.name, change, SENDING_ACTS.includes(action))
    : isWithin(rule, change)
}

function denying(read: string | undefined) {
  return `${read === undefined ? '' : `${read}; `}it denies this whatever else allows it`
}

export interface RuleReading {
  readonly rule: string
  readonly matches: boolean
  readonly because: string
}

/** What each rule that reads the change makes of the change of a plan; of one with `instead` for all of its switches, of every other for any that it is about. */
export function rulesReading(
  policy: Policy,
  change: ReadChange,
  devices: readonly PolicyDevice[],
  workflow: string,
): readonly RuleReading[] {
  return policy.rules.filter(readsChange).map((rule) => {
    const about = devices.filter((device) => isAbout(rule.on, device, workflow))
    const made = about.map(({ name }) =>
      rule.instead === undefined ? isTouched(rule, name, () => change, true) : isWithin(rule, () => change),
    )
    const said = made.find(({ matches }) => matches) ?? made[0]
    return { rule: rule.id, matches: said?.matches ?? false, because: said?.why ?? 'it is about none of the switches' }
  })
}

function apart(why: string): Pick<RuleAccount, 'comes' | 'why'> {
  return { comes: 'does-not-apply', why }
}

function whose({ principal, roles }: RequestWithRoles) {
  return roles.length === 0 ? `kind:${principal.kind} without a role` : `${roles.join(', ')}, kind:${principal.kind}`
}
