import type { Command } from '../model/command.ts'
import { definedMembers } from '../model/defined-members.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { type CheckInput, checkInputs } from './check-inputs.ts'

export interface CheckDocs {
  readonly name: string
  readonly alsoKnownAs: readonly string[]
  readonly module: string
  readonly summary: string
  readonly docs: string
  readonly inputs: readonly CheckInput[]
  readonly commands: readonly Command[]
  readonly example: JsonObject
  readonly needs?: string
}

interface Documented {
  readonly name: string
  readonly module?: string
  readonly summary: string
  readonly docs: string
  readonly example?: JsonObject
  readonly needs?: string
}

/** `module` names the list of a catalog that it is in. */
export function checkDocs(
  check: Documented,
  facts: { readonly schema: Json; readonly commands: readonly Command[]; readonly alsoKnownAs: readonly string[] },
): CheckDocs {
  const { name, module, summary, docs, example = {}, needs } = check
  return {
    name,
    alsoKnownAs: facts.alsoKnownAs,
    module: module === undefined ? 'eosflow' : `anta.tests.${module}`,
    summary,
    docs,
    inputs: checkInputs(facts.schema),
    commands: facts.commands,
    example,
    ...definedMembers({ needs }),
  }
}

export function checksMarkdown(checks: readonly CheckDocs[]): string {
  const modules = [...new Set(checks.map(({ module }) => module))]
  return [
    '# The catalogue of checks',
    '',
    `Every check that comes with eosflow, ${checks.length} in all: \`eosflow check list --markdown\` prints this page, \`eosflow check show NAME\` the`,
    'inputs of one, the commands it asks and an example. Checks of ANTA take the inputs and give the verdicts that they do there.',
    '',
    ...modules.flatMap((module) => [
      `## ${module}`,
      '',
      '| Check | Inputs | What it verifies |',
      '| --- | --- | --- |',
      ...checks.filter((check) => check.module === module).map(row),
      '',
    ]),
  ].join('\n')
}

function row({ name, alsoKnownAs, inputs, summary }: CheckDocs) {
  const own = inputs.filter(({ name: input }) => !/[.[]/.test(input))
  const listed = own.map((input) => `\`${input.name}\`${input.required ? '' : '?'}`).join(' ')
  return `| ${[name, ...alsoKnownAs].map((word) => `\`${word}\``).join('<br>')} | ${listed} | ${summary.replaceAll('|', '\\|')} |`
}
