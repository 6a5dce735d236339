import { definedMembers, type JsonObject } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { NO_OBLIGATIONS } from './approval-case.ts'
import { decide, type PolicyDecision, type PolicyDevice } from './decide.ts'
import { demandOfGate, deniedByGate, GATE, type GateHeard, type TestedAnswer } from './gate-answer.ts'
import type { Policy, PolicyTest, ReadChange } from './policy.ts'

export interface PolicyTestResult {
  readonly name: string
  readonly decision: PolicyDecision
  readonly failures: readonly string[]
}

export interface PolicyTestSources {
  /** The tags of a switch of the inventory, undefined for one that is not in it. */
  tagsOf(name: string): Readonly<Record<string, string>> | undefined
  changeOf(diff: string, devices: readonly string[], params: JsonObject): ReadChange
}

export function runPolicyTests(policy: Policy, { tagsOf, changeOf }: PolicyTestSources): readonly PolicyTestResult[] {
  return policy.tests.map((test) => {
    const unknown = test.given.devices.filter((device) => typeof device === 'string' && tagsOf(device) === undefined)
    const decided = decide(policy, requestOf(test, { tagsOf, changeOf }))
    const { gate, action } = test.given
    const decision = gate === undefined || action !== 'task.push' ? decided : tightened(decided, heardOf(gate))
    const failures = unknown.map((name) => `there is no switch \`${String(name)}\` in the inventory`)
    return { name: test.name, decision, failures: [...failures, ...differences(test, decision)] }
  })
}

export function tightened(decision: PolicyDecision, heard: GateHeard): PolicyDecision {
  if (decision.effect === 'deny' || decision.emergency !== undefined) return decision
  const isDemand = 'answer' in heard && heard.answer.decision === 'require'
  if (isDemand) {
    const { approvals, concurrency } = decision.obligations
    return { ...decision, obligations: { approvals: [...approvals, demandOfGate(heard.answer.require)], concurrency } }
  }
  const reason = deniedByGate(heard, [])
  if (reason === undefined) return decision
  return { effect: 'deny', ground: 'denied', rules: [GATE], reason, obligations: NO_OBLIGATIONS }
}

function heardOf(gate: TestedAnswer): GateHeard {
  if (gate === 'none') return { fault: 'none in time' }
  if (gate === 'allow') return { answer: { version: 1, decision: 'allow' } }
  if ('deny' in gate) return { answer: { version: 1, decision: 'deny', reasons: gate.deny } }
  return { answer: { version: 1, decision: 'require', require: gate.require } }
}

function requestOf({ given }: PolicyTest, { tagsOf, changeOf }: PolicyTestSources) {
  const { who, action, workflow, at, lasts, breakGlass, change, params } = given
  const since = Date.parse(at)
  const devices = given.devices.map(
    (device): PolicyDevice => (typeof device === 'string' ? { name: device, tags: tagsOf(device) ?? {} } : device),
  )
  const names = devices.map(({ name }) => name)
  return {
    principal: principalOf(who, since),
    action,
    devices,
    ...(change === undefined ? {} : { change: () => changeOf(change, names, params) }),
    at: since,
    lasts: lasts * 1000,
    ...definedMembers({ workflow }),
    ...(breakGlass === undefined ? {} : { breakGlass: { reason: breakGlass, since } }),
  }
}

function principalOf({ authAgeSec, onBehalfOf, ...who }: PolicyTest['given']['who'], at: number): Principal {
  return {
    ...who,
    auth: who.issuer === 'local' ? 'os' : 'oidc',
    ...(authAgeSec === undefined ? {} : { authenticatedAt: new Date(at - authAgeSec * 1000).toISOString() }),
    ...definedMembers({ onBehalfOf }),
  }
}

// What is otherwise than expected, one sentence each.
function differences({ expect }: PolicyTest, decision: PolicyDecision) {
  const effect = decision.ground === 'closed' ? 'closed' : decision.effect
  const approvals = Math.max(0, ...decision.obligations.approvals.map(({ count }) => count))
  const rules = decision.rules.join(', ')
  return [
    ...(effect === expect.effect ? [] : [`expected ${expect.effect}, and it is ${effect}: ${decision.reason}`]),
    ...(expect.rules === undefined || expect.rules.join(', ') === rules
      ? []
      : [`expected the rules ${expect.rules.join(', ') || 'none'}, and they are ${rules || 'none'}`]),
    ...(expect.approvals === undefined || expect.approvals === approvals
      ? []
      : [`expected ${expect.approvals} approvals, and ${approvals} are demanded`]),
  ]
}
