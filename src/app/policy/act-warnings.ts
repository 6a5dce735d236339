import type { Scope } from '../../model/principal.ts'
import { BUILT_IN_RULES, type Policy } from '../../policy/policy.ts'
import { keyPlaceOf } from '../../source/located.ts'
import { readYaml } from '../../source/yaml.ts'
import { type Warning, warning } from '../../workflow/habit/warning.ts'

/** The acts that no other act includes, and what is not done where nobody has them. */
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
  const retires = own.some(({ effect, actions }) => effect === 'allow' && actions.includes('policy.retire'))
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
  if (lacking.length === 0) return locked
  const acts = lacking.map(([act]) => `\`${act}\``).join(' or ')
  const message = `no rule allows ${acts}: ${lacking.map(([, without]) => without).join(', ')}`
  const mend = `add a rule for people: \`{ id: baselines, allow: [${lacking.map(([act]) => act).join(', ')}], to: ["kind:person"] }\``
  return [warning('lacking-acts', message, at, mend), ...locked]
}
