import { BUILT_IN_RULES, type Policy } from '../../../change/policy/policy.ts'
import { ONE_LOCAL_USER, restsOnLocalUsers } from '../../../change/policy/quorum.ts'
import { type Warning, warning } from '../../../change/workflow/habit/habits.ts'
import { keyPlaceOf } from '../../../text/source/located.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Project } from '../../files/project.ts'

const MEND = 'where that matters let people approve by an SSH key or an identity provider'

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
    return warning('local-users', `the rule \`${rule.id}\` tells local users apart; ${ONE_LOCAL_USER}`, at, MEND)
  })
}

/** The same in one line for whoever asks the policy; undefined where no rule rests on it. */
export function localUserNote(policy: Policy, { settings }: Pick<Project, 'settings'>): string | undefined {
  const rules = restsOnLocalUsers(policy, settings.identity !== undefined)
  if (rules.length === 0) return undefined
  return `Local users: ${rules.map(({ id }) => id).join(', ')} tells them apart; ${ONE_LOCAL_USER}`
}
