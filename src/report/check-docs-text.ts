import { yamlText } from '../text/source/write-yaml.ts'
import type { CheckDocs } from './check-docs.ts'
import type { CheckInput } from './check-inputs.ts'
import { count } from './text/count.ts'
import type { Style } from './text/style.ts'

export function checkDocsText(check: CheckDocs, style: Style): string {
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
  ].join('\n')
}

function detail(revision: number | undefined, format: 'text' | undefined) {
  const words = [...(revision === undefined ? [] : [`revision ${revision}`]), ...(format === undefined ? [] : ['text'])]
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
