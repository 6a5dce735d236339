import type { JsonObject } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { ReadChange } from './change-match.ts'
import { decide, type PolicyDecision } from './decide.ts'
import type { Policy, PolicyTest } from './policy.ts'
import type { PolicyDevice } from './rule-match.ts'

/** What one test of a policy came to. `failures` are sentences; none when it passed. */
export interface PolicyTestResult {
  readonly name: string
  readonly decision: PolicyDecision
  readonly failures: readonly string[]
}

/** What the tests of a policy need of the project and of a plan. */
export interface PolicyTestSources {
  /** The tags of a switch of the inventory, undefined for one that is not in it. */
  tagsOf(name: string): Readonly<Record<string, string>> | undefined
  /** What rules read of a diff as a plan prints it, the same on each of the switches. */
  changeOf(diff: string, devices: readonly string[], params: JsonObject): ReadChange
}

/** Runs the table of a policy. */
export function runPolicyTests(policy: Policy, { tagsOf, changeOf }: PolicyTestSources): readonly PolicyTestResult[] {
  return policy.tests.map((test) => {
    const unknown = test.given.devices.filter((device) => typeof device === 'string' && tagsOf(device) === undefined)
    const decision = decide(policy, requestOf(test, { tagsOf, changeOf }))
    const failures = unknown.map((name) => `there is no switch \`${String(name)}\` in the inventory`)
    return { name: test.name, decision, failures: [...failures, ...differences(test, decision)] }
  })
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
    ...(workflow === undefined ? {} : { workflow }),
    ...(breakGlass === undefined ? {} : { breakGlass: { reason: breakGlass, since } }),
  }
}

function principalOf({ authAgeSec, onBehalfOf, ...who }: PolicyTest['given']['who'], at: number): Principal {
  return {
    ...who,
    auth: who.issuer === 'local' ? 'os' : 'oidc',
    ...(authAgeSec === undefined ? {} : { authenticatedAt: new Date(at - authAgeSec * 1000).toISOString() }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  }
}

/** What is otherwise than expected, one sentence each. */
function differences({ expect }: PolicyTest, decision: PolicyDecision): readonly string[] {
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
