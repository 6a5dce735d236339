import { builtinChecks } from '../../../eos/check/builtin/index.ts'
import { FRIENDLY_NAMES, shortNamesOf } from '../../../eos/check/builtin/known-checks.ts'
import type { Check } from '../../../eos/check/define/define-check.ts'
import { type CheckDocs, checkDocs } from '../../../report/check-docs.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { jsonSchemaOf } from '../../../text/source/yaml.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'

/** Throws InputError when there is none. */
export function requireCheck({ words }: WordedHost, name: string, known: readonly Check[]): Check {
  const found =
    known.find((check) => check.name === name) ?? known.find((check) => check.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const names = known.map((check) => check.name)
  throw inputError(
    name,
    'unknown-check',
    `there is no check \`${name}\``,
    words({ code: 'list-checks', alike: didYouMean(name, names) }),
  )
}

/** The checks of the catalogue, or those that a word is found in, with what is told of them: eosflow's own first, then ANTA's by module. */
export function documentedChecks(word = ''): readonly CheckDocs[] {
  const wanted = word.toLowerCase()
  return builtinChecks
    .map(documented)
    .filter(({ name, alsoKnownAs, module, summary }) =>
      [name, ...alsoKnownAs, module, summary].some((text) => text.toLowerCase().includes(wanted)),
    )
}

/** Throws InputError when there is none. */
export function documentedCheck(host: WordedHost, word: string): CheckDocs {
  const name = Object.hasOwn(FRIENDLY_NAMES, word) ? (FRIENDLY_NAMES[word] ?? word) : word
  return documented(requireCheck(host, name, builtinChecks))
}

function documented(check: Check) {
  const { name, input, example } = check
  const parsed = input.safeParse(example ?? {})
  return checkDocs(check, {
    schema: jsonSchemaOf(input),
    commands: parsed.success ? check.commands(parsed.data) : [],
    alsoKnownAs: shortNamesOf(name),
  })
}
