import { BUILT_IN_RULES, type Policy } from '../../policy/policy.ts'
import { NOT_ASKED_YET } from '../../policy/unasked.ts'
import { textPlaceOf } from '../../source/located.ts'
import { readYaml } from '../../source/yaml.ts'
import { type Warning, warning } from '../../workflow/habit/warning.ts'

const MEND = 'delete it until a version of eosflow asks for it'

/** Warns of each rule that names an action which nothing asks for yet: it allows nothing and protects nothing. */
export function unaskedWarnings({ file, rules }: Policy, content: string | Uint8Array): readonly Warning[] {
  const located = readYaml(content, file)
  if (!located.ok) return []
  return rules.slice(BUILT_IN_RULES.length).flatMap(({ id, effect, actions }, index) =>
    actions.flatMap((action, item) => {
      if (!NOT_ASKED_YET.includes(action)) return []
      const does = effect === 'allow' ? 'allows' : 'denies'
      const message = `the rule \`${id}\` ${does} \`${action}\`, which nothing asks for yet`
      const at = textPlaceOf(located.value, ['rules', index, effect, item])
      return [warning('unasked-action', message, at, MEND)]
    }),
  )
}
