import { BUILT_IN_RULES, type Policy, type Rule } from '../../../change/policy/policy.ts'
import { type Warning, warning } from '../../../change/workflow/habit/habits.ts'
import type { Scope } from '../../../model/principal.ts'
import type { Place } from '../../../model/problem.ts'
import { keyPlaceOf, placeOf } from '../../../text/source/located.ts'
import { readYaml } from '../../../text/source/yaml.ts'

const OWN: readonly (readonly [act: Scope, without: string])[] = [
  ['baseline.set', 'no snapshot becomes a baseline'],
  ['notice.end', 'no snapshot ends a notice'],
]

const NOBODY_RETIRES =
  'no rule allows `policy.retire`: once the store has seen this policy, nobody can go on without one'

/** Warns of acts that a policy lets nobody do although it has rules: those that a snapshot does besides being kept, and to take the policy away. */
export function actWarnings(policy: Policy, content: string | Uint8Array): readonly Warning[] {
  const own = policy.rules.slice(BUILT_IN_RULES.length)
  const lacking = OWN.filter(([act]) => !own.some(({ effect, actions }) => effect === 'allow' && actions.includes(act)))
  const located = readYaml(content, policy.file)
  if (own.length === 0 || !located.ok) return []
  const at = keyPlaceOf(located.value, ['rules'])
  // Who denies it to people has said that nobody may.
  const retires = own.some(
    ({ effect, actions, to }) =>
      actions.includes('policy.retire') && (effect === 'allow' || to.includes('kind:person')),
  )
  const locked = retires
    ? []
    : [
        warning(
          'lacking-acts',
          NOBODY_RETIRES,
          at,
          'add a rule for those who may: `{ id: retire, allow: [policy.retire], to: [ROLE] }`',
        ),
      ]
  const undecided = own.flatMap((rule, index) =>
    mayBeApproved(policy, own, rule) ? [] : [unapproved(rule, placeOf(located.value, ['rules', index]))],
  )
  if (lacking.length === 0) return [...locked, ...undecided]
  const acts = lacking.map(([act]) => `\`${act}\``).join(' or ')
  const message = `no rule allows ${acts}: ${lacking.map(([, without]) => without).join(', ')}`
  const mend = `add a rule for people: \`{ id: baselines, allow: [${lacking.map(([act]) => act).join(', ')}], to: ["kind:person"] }\``
  return [warning('lacking-acts', message, at, mend), ...locked, ...undecided]
}

function mayBeApproved({ roles }: Policy, own: readonly Rule[], { require }: Rule) {
  if (require === undefined) return true
  const { from } = require.approvals
  const approving = own.filter(({ effect, actions }) => effect === 'allow' && actions.includes('plan.approve'))
  const may = new Set(approving.flatMap(({ to }) => to))
  // Who has one of these roles may have another one by the same line.
  const members = new Set(from.flatMap((role) => roles[role]?.members ?? []))
  return [...may].some(
    (to) =>
      to === 'kind:person' ||
      (from.length === 0 && !to.startsWith('kind:')) ||
      from.includes(to) ||
      roles[to]?.members.some((member) => members.has(member)),
  )
}

function unapproved({ id, require }: Rule, at: Place) {
  const from = require?.approvals.from ?? []
  const [of, who] = from.length === 0 ? ['', 'anybody'] : [` of ${from.join(', ')}`, 'them']
  const message = `the rule \`${id}\` demands approvals${of}, and no rule lets ${who} approve: nothing can be done under it`
  const to = from.length === 0 ? 'ROLE' : from.join(', ')
  const mend = `add a rule for those who may: \`{ id: approve, allow: [plan.approve, plan.reject], to: [${to}] }\``
  return warning('nobody-approves', message, at, mend)
}
