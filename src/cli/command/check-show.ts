import { documented } from '../../app/check/documented.ts'
import { requireCheck } from '../../app/check/require-check.ts'
import { builtinChecks } from '../../check/builtin/index.ts'
import { FRIENDLY_NAMES } from '../../check/friendly-names.ts'
import type { CheckDocs } from '../../report/check-docs.ts'
import type { CheckInput } from '../../report/check-inputs.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import { yamlText } from '../../source/write-yaml.ts'
import type { Invocation } from '../io.ts'

/** One check of the catalogue, as a person needs it to write a catalog or a workflow. Needs no project and contacts nothing. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const [word = ''] = args
  const docs = documented(
    requireCheck(Object.hasOwn(FRIENDLY_NAMES, word) ? (FRIENDLY_NAMES[word] ?? word) : word, builtinChecks),
  )
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'check', ...docs })}\n`
      : `${docsText(docs, io.color ? colored : plain)}\n`,
  )
  return 0
}

function docsText(check: CheckDocs, style: Style): string {
  const { name, alsoKnownAs, module, summary, docs, inputs, commands, needs } = check
  const also = alsoKnownAs.length === 0 ? '' : `   also: ${alsoKnownAs.join(', ')}`
  return [
    `${style.bold(name)}   ${module}${also}`,
    '',
    summary,
    '',
    docs,
    ...(needs === undefined ? [] : ['', `Compares with the state area \`${needs}\` of before.`]),
    '',
    style.bold('Inputs'),
    ...(inputs.length === 0 ? ['  none'] : inputs.map(inputLine)),
    '',
    style.bold('Asks'),
    ...(commands.length === 0
      ? ['  no command']
      : commands.map(({ cmd, revision, format }) => `  ${cmd}${detail(revision, format)}`)),
    '',
    style.bold('Example'),
    ...exampleLines(check),
    '',
    `Next: eosflow check try ${name}`,
  ].join('\n')
}

function detail(revision: number | undefined, format: 'text' | undefined): string {
  const words = [...(revision === undefined ? [] : [`revision ${revision}`]), ...(format === undefined ? [] : ['text'])]
  return words.length === 0 ? '' : `   (${words.join(', ')})`
}

function inputLine(input: CheckInput): string {
  const must = input.required ? 'required' : input.default === undefined ? 'optional' : `default ${input.default}`
  return `  ${input.name}: ${input.takes}, ${must}${input.description === '' ? '' : `. ${input.description}`}`
}

function exampleLines({ name, module, example }: CheckDocs): readonly string[] {
  const inputs = Object.keys(example).length === 0 ? null : example
  const list = yamlText({ [module]: [{ [name]: inputs }] }).replace(/: null$/gm, ':')
  return list
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
}
