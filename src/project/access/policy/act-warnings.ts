import { proofWords } from '../../../change/policy/approval-case.ts'
import { BUILT_IN_RULES, type Policy, type Rule } from '../../../change/policy/policy.ts'
import { ONE_LOCAL_USER, restsOnLocalUsers } from '../../../change/policy/quorum.ts'
import { type Warning, warning } from '../../../change/workflow/habit/habits.ts'
import type { Place } from '../../../model/error.ts'
import type { Scope } from '../../../model/principal.ts'
import { keyPlaceOf, placeOf } from '../../../text/source/located.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Project } from '../../files/project.ts'
import { passkeysNow, reviewersNow, trustNow } from '../../identity/signers/common-server-key.ts'
import { APPROVAL_NAMESPACE } from '../../identity/ssh/ssh-allowed-signers.ts'

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

const MEND_LOCAL = 'where that matters let people approve by an SSH key or an identity provider'

export function localUserWarnings(
  policy: Policy,
  content: string | Uint8Array,
  { settings }: Pick<Project, 'settings'>,
): readonly Warning[] {
  const located = readYaml(content, policy.file)
  if (!located.ok) return []
  return restsOnLocalUsers(policy, settings.identity !== undefined).map((rule) => {
    const index = policy.rules.indexOf(rule) - BUILT_IN_RULES.length
    const at = keyPlaceOf(located.value, ['rules', index, 'require'])
    return warning('local-users', `the rule \`${rule.id}\` tells local users apart; ${ONE_LOCAL_USER}`, at, MEND_LOCAL)
  })
}

/** The same in one line for whoever asks the policy; undefined where no rule rests on it. */
export function localUserNote(policy: Policy, { settings }: Pick<Project, 'settings'>): string | undefined {
  const rules = restsOnLocalUsers(policy, settings.identity !== undefined)
  if (rules.length === 0) return undefined
  return `Local users: ${rules.map(({ id }) => id).join(', ')} tells them apart; ${ONE_LOCAL_USER}`
}

const MEND_PROOF =
  'add a key to trust/allowed_signers, a passkey to trust/passkeys or a reviewer to trust/reviewers.yaml, or demand another proof'

/** Warns of each rule whose approvals nobody could prove as it demands: no such key is trusted here, and nobody logs in. */
export function proofWarnings(policy: Policy, content: string | Uint8Array, project: Project): readonly Warning[] {
  const located = readYaml(content, policy.file)
  if (!located.ok) return []
  const possible = possibleProofs(project)
  return policy.rules.flatMap(({ id, require }, index) => {
    const demanded = require?.approvals.proof
    if (demanded === undefined || demanded.some((proof) => possible.includes(proof))) return []
    const path = ['rules', index - BUILT_IN_RULES.length, 'require', 'approvals', 'proof']
    const message = `the rule \`${id}\` demands approvals proved by ${proofWords(demanded)}, which nobody has here`
    return [warning('no-proof', message, keyPlaceOf(located.value, path), MEND_PROOF)]
  })
}

function possibleProofs(project: Project) {
  // A line for the seals or the signatures of an installation is nobody's who decides.
  const signers = trustNow(project).filter(({ namespaces }) => namespaces?.includes(APPROVAL_NAMESPACE) !== false)
  const issuers = project.settings.identity?.issuers ?? []
  return [
    ...(signers.length === 0 ? [] : (['ssh'] as const)),
    ...(passkeysNow(project).length === 0 ? [] : (['passkey'] as const)),
    ...(issuers.some(({ kind }) => kind === 'person') ? (['oidc'] as const) : []),
    ...(reviewersNow(project) === undefined ? [] : (['review'] as const)),
  ]
}
