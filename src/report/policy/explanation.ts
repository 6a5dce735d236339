import { type ApprovalDemand, FOR_UNKNOWN, proofWords } from '../../change/policy/approval-case.ts'
import type { PolicyDecision, PolicyRequest } from '../../change/policy/decide.ts'
import type { GateBesides, RuleAccount } from '../../change/policy/explain.ts'
import { memberName } from '../../change/policy/policy.ts'
import type { PolicyTestResult } from '../../change/policy/policy-tests.ts'
import { count, duration, present, type Style, visibleLine } from '../text/text.ts'

export interface ExplainedDecision {
  readonly device: string | null
  readonly decision: PolicyDecision & { readonly policy: string | null }
  readonly accounts: readonly RuleAccount[]
}

export function gateWords({ name }: GateBesides): string {
  return `The gate of the policy is asked besides, when a plan is made and before each push: ${visibleLine(name)}. It can deny what is allowed here, and is not asked for this.`
}

/** What was decided, as one document, version 1; `gate`: which one is asked besides, in earnest. */
export function explanationJson(
  { principal, action, at }: PolicyRequest,
  explained: readonly ExplainedDecision[],
  gate: GateBesides | undefined,
): string {
  return JSON.stringify({
    version: 1,
    kind: 'policy-explanation',
    principal,
    action,
    at: new Date(at).toISOString(),
    policy: explained[0]?.decision.policy ?? null,
    gate: gate ?? null,
    decisions: explained.map(({ device, decision, accounts }) => {
      const { policy: _policy, ...made } = decision
      return { device, ...made, considered: accounts }
    }),
  })
}

/** `notes` are lines besides. */
export function explanationText(
  { principal, action, at }: PolicyRequest,
  explained: readonly ExplainedDecision[],
  notes: readonly string[],
  style: Style,
): string {
  const who = visibleLine(principal.display ?? memberName(principal))
  const blocks = explained.map(({ device, decision, accounts }) => {
    const word = verdictWord(decision)
    const where = device === null ? '' : ` on ${device}`
    const head = `${who}, ${action}${where}: ${word}`
    return [
      word === 'allowed' ? style.good(`✔ ${head}`) : style.bad(`✖ ${head}`),
      `    ${visibleLine(decision.reason)}`,
      ...obligationLines(decision).map((line) => `    ${line}`),
      ...accounts.map(({ rule, comes, why }) => `    ${rule} ${comes.replaceAll('-', ' ')}: ${visibleLine(why)}`),
    ].join('\n')
  })
  const policy = explained[0]?.decision.policy ?? 'none (local mode)'
  const allowed = explained.filter(({ decision }) => decision.effect === 'allow').length
  return [
    ...blocks,
    ...notes,
    `Explained: ${allowed} of ${explained.length} allowed at ${new Date(at).toISOString()} · policy: ${policy}`,
  ].join('\n')
}

export function verdictWord({ effect, ground }: PolicyDecision): 'allowed' | 'denied' | 'closed' {
  if (effect === 'allow') return 'allowed'
  return ground === 'closed' ? 'closed' : 'denied'
}

export function obligationLines({ obligations }: PolicyDecision): readonly string[] {
  return [
    ...obligations.approvals.map((demand) => `${demand.by} demands ${demandWords(demand)}`),
    ...obligations.concurrency.map(
      ({ by, most }) => `${by} allows at most ${most} of these switches to be changed at a time`,
    ),
  ]
}

/** A demand in words: `2 approvals by approver, from different people, not from whoever made the plan, at most 2h old`. */
export function demandWords({
  count: many,
  from,
  distinct,
  notRequester,
  knownRequester,
  notRunner,
  maxAge,
  proof,
  carry,
  forUnknown,
}: ApprovalDemand): string {
  const not = present(notRequester && 'made the plan', notRunner && 'runs it')
  return present(
    `${count(many, 'approval')}${from.length === 0 ? '' : ` by ${from.join(' or ')}`}`,
    many > 1 && `from different ${distinct === 'person' ? 'people' : 'identities'}`,
    not.length > 0 && `not from whoever ${not.join(' or ')}`,
    knownRequester !== undefined && 'of a plan by a person whose key is trusted',
    proof !== undefined && `proved by ${proofWords(proof)}`,
    maxAge !== undefined && `at most ${duration(maxAge / 1000)} old`,
    carry !== undefined && `one may carry over ${carry.kinds.join(', ')}`,
    forUnknown !== undefined && FOR_UNKNOWN,
  ).join(', ')
}

export function failedTests(results: readonly PolicyTestResult[]): number {
  return results.filter(({ failures }) => failures.length > 0).length
}

/** What the tests of a policy say, as one document, version 1. */
export function policyTestJson(file: string, results: readonly PolicyTestResult[]): string {
  const rows = results.map(({ name, failures, decision }) => ({
    name,
    passed: failures.length === 0,
    failures,
    decision: verdictWord(decision),
    rules: decision.rules,
    reason: decision.reason,
  }))
  const failed = rows.filter(({ passed }) => !passed).length
  return JSON.stringify({ version: 1, kind: 'policy-test', file, tests: rows, passed: rows.length - failed, failed })
}

/** `note` is a line besides. */
export function policyTestText(results: readonly PolicyTestResult[], note: string | undefined, style: Style): string {
  const rows = results.flatMap(({ name, failures, decision }) =>
    failures.length === 0
      ? [style.good(visibleLine(`✔ ${name}: ${verdictWord(decision)}`))]
      : [style.bad(visibleLine(`✖ ${name}`)), ...failures.map((failure) => visibleLine(`    ${failure}`))],
  )
  const notes = note === undefined ? [] : [note]
  return [...rows, ...notes, `Policy: ${count(results.length, 'test')}, ${failedTests(results)} failed`].join('\n')
}
