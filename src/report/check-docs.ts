import type { Command } from '../model/command.ts'
import { definedMembers, type Json, type JsonObject } from '../model/json.ts'
import { yamlText } from '../text/source/write-yaml.ts'
import { type CheckInput, checkInputs } from './check-inputs.ts'
import { count, present, type Style } from './text/text.ts'

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
  { name, module, summary, docs, example = {}, needs }: Documented,
  facts: { readonly schema: Json; readonly commands: readonly Command[]; readonly alsoKnownAs: readonly string[] },
): CheckDocs {
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

export function checkDocsText(check: CheckDocs, style: Style): string {
  const { name, alsoKnownAs, module, summary, docs, inputs, commands, needs } = check
  const also = alsoKnownAs.length === 0 ? '' : `   also: ${alsoKnownAs.join(', ')}`
  return present(
    `${style.bold(name)}   ${module}${also}`,
    '',
    summary,
    '',
    docs,
    needs !== undefined && ['', `Compares with the state area \`${needs}\` of before.`],
    '',
    style.bold('Inputs'),
    inputs.length === 0 ? '  none' : inputs.map(inputLine),
    '',
    style.bold('Asks'),
    commands.length === 0
      ? '  no command'
      : commands.map(({ cmd, revision, format }) => `  ${cmd}${detail(revision, format)}`),
    '',
    style.bold('Example'),
    exampleLines(check),
  ).join('\n')
}

function detail(revision: number | undefined, format: 'text' | undefined) {
  const words = present(revision !== undefined && `revision ${revision}`, format !== undefined && 'text')
  return words.length === 0 ? '' : `   (${words.join(', ')})`
}

function inputLine(input: CheckInput) {
  const must = input.required ? 'required' : input.default === undefined ? 'optional' : `default ${input.default}`
  return `  ${input.name}: ${input.takes}, ${must}${input.description === '' ? '' : `. ${input.description}`}`
}

function exampleLines({ name, module, example }: CheckDocs) {
  const inputs = Object.keys(example).length === 0 ? null : example
  const list = yamlText({ [module]: [{ [name]: inputs }] }).replace(/: null$/gm, ':')
  return list
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
}

export function checksText(checks: readonly CheckDocs[], style: Style): string {
  const modules = [...new Set(checks.map(({ module }) => module))]
  const blocks = modules.flatMap((module) => [
    style.bold(module),
    ...checks.filter((check) => check.module === module).flatMap((check) => checkLines(check, style)),
    '',
  ])
  return [...blocks, `Catalogue: ${count(checks.length, 'check')}`].join('\n')
}

function checkLines({ name, alsoKnownAs, summary }: CheckDocs, style: Style) {
  const short = alsoKnownAs.length === 0 ? '' : style.dim(` (${alsoKnownAs.join(', ')})`)
  return [`  ${name}${short}`, `      ${summary}`]
}
