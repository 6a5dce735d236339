import { builtinChecks } from '../../check/builtin/index.ts'
import type { Check } from '../../check/define.ts'
import { shortNamesOf } from '../../check/friendly-names.ts'
import { type CheckDocs, checkDocs } from '../../report/check-docs.ts'
import { jsonSchemaOf } from '../../source/parse-with.ts'

/** Every check of the catalogue with what is told of it: eosflow's own first, then ANTA's by module. */
export function documentedChecks(): readonly CheckDocs[] {
  return builtinChecks.map(documented)
}

/** What is told of one check. */
export function documented(check: Check): CheckDocs {
  const { name, input, example } = check
  const parsed = input.safeParse(example ?? {})
  return checkDocs(check, {
    schema: jsonSchemaOf(input),
    commands: parsed.success ? check.commands(parsed.data) : [],
    alsoKnownAs: shortNamesOf(name),
  })
}
