import { type Proof, proofWords } from '../../../change/policy/obligations.ts'
import { BUILT_IN_RULES, type Policy } from '../../../change/policy/policy.ts'
import { type Warning, warning } from '../../../change/workflow/habit/habits.ts'
import { keyPlaceOf } from '../../../text/source/located.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Project } from '../../files/project.ts'
import { passkeysNow, reviewersNow, trustNow } from '../../identity/signers/trust.ts'
import { APPROVAL_NAMESPACE } from '../../identity/ssh/ssh-allowed-signers.ts'

const MEND =
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
    return [warning('no-proof', message, keyPlaceOf(located.value, path), MEND)]
  })
}

function possibleProofs(project: Project): readonly Proof[] {
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
