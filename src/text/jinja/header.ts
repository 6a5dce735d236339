import type { TrimOptions } from './syntax/lexer.ts'
import { refused } from './value/value.ts'

const HEADER = '#jinja2:'
const OPTIONS: Readonly<Record<string, keyof TrimOptions>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
}

export interface WithoutHeader {
  readonly text: string
  readonly trimming: TrimOptions
  readonly lineEnds: (rendered: string) => string
  readonly skipped: number
}

/** A template as Ansible gives it to Jinja2: without its first line of options (`#jinja2: lstrip_blocks: False`) and without its last line break. */
export function withoutHeader(text: string, trimming: TrimOptions): WithoutHeader {
  if (!text.startsWith(HEADER)) return { ...withoutLastLineEnd(text), trimming, skipped: 0 }
  const end = text.indexOf('\n')
  const line = text.slice(HEADER.length, end < 0 ? text.length : end)
  const options = line.split(',').map(optionOf)
  const rest = end < 0 ? '' : text.slice(end + 1)
  return {
    ...withoutLastLineEnd(rest),
    trimming: { ...trimming, ...Object.fromEntries(options) },
    skipped: text.length - rest.length,
  }
}

function withoutLastLineEnd(text: string): Pick<WithoutHeader, 'text' | 'lineEnds'> {
  const ends = lineEndsOf(text)
  return {
    text: text.replace(/(?:\r\n|\r|\n)$/, ''),
    lineEnds: (rendered) => '\n'.repeat(Math.max(0, ends - lineEndsOf(rendered))),
  }
}

function lineEndsOf(text: string) {
  const plain = text.replaceAll(/\r\n?/g, '\n')
  let at = plain.length
  while (at > 0 && plain[at - 1] === '\n') at -= 1
  return plain.length - at
}

function optionOf(option: string): [keyof TrimOptions, boolean] {
  const [, name = '', value] = /^\s*(\w+)\s*:\s*(True|False)\s*$/.exec(option) ?? []
  const known = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined
  if (known !== undefined) return [known, value === 'True']
  const message = `the option \`${option.trim()}\` of \`#jinja2:\` is not rendered here`
  throw refused(message, 'there are `trim_blocks` and `lstrip_blocks`, True or False')
}
