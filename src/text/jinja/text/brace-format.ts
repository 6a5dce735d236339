import { inAscii, textOf, writtenOf } from '../call/print.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import type { CallArguments, Value } from '../value/value.ts'
import { formatted } from './format-spec.ts'

export interface Access {
  member(of: Value, name: string): Value
  ownItem(of: Value, key: Value): Value
}

/** `'{} is {x:03d}'.format(a, x=b)`, as Python does it. */
export function braceFormat(format: string, given: CallArguments, access: Access, budget: Budget): string {
  let nextIndex = 0
  let isCounted: boolean | undefined

  function fill(text: string, depth: number) {
    if (depth < 0) throw wrong('the fields of a format are nested too deep')
    let made = ''
    let from = 0
    for (let at = nextBrace(text, 0); at < text.length; at = nextBrace(text, from)) {
      budget.spend()
      const sign = text[at] ?? ''
      made += text.slice(from, at)
      if (text[at + 1] === sign) {
        made += sign
        from = at + 2
      } else if (sign === '}') throw wrong('a single `}` in a format', 'write `}}` for a brace')
      else {
        const field = fieldAt(text, at + 1)
        made += filled(field, depth)
        from = field.end
      }
    }
    return made + text.slice(from)
  }

  function filled({ path, conversion, spec }: Field, depth: number) {
    const value = valueAt(path)
    const shown = conversion === undefined ? value : convert(value, conversion, budget)
    return formatted(shown, fill(spec, depth - 1), budget)
  }

  function valueAt(path: string) {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(path) ?? []
    let value = firstOf(first)
    for (const [whole, name, key] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]|[\s\S]/g)) {
      if (name !== undefined) value = access.member(value, name)
      else if (key !== undefined) value = access.ownItem(value, /^\d+$/.test(key) ? BigInt(key) : key)
      else throw wrong(`\`${whole}\` is unexpected in a field of a format`)
    }
    return value
  }

  function firstOf(name: string) {
    const isNumber = /^\d+$/.test(name)
    if (name === '' || isNumber) {
      if (isCounted !== undefined && isCounted !== (name === ''))
        throw wrong('a format counts its fields and numbers them as well', 'do one of both')
      isCounted = name === ''
      const index = isNumber ? Number(name) : nextIndex
      nextIndex += 1
      const value = given.positional[index]
      if (value === undefined) throw wrong('the format has more fields than there are values', 'count them')
      return value
    }
    const value = given.named.get(name)
    if (value === undefined) throw wrong(`the format names \`${name}\`, which is not given`)
    return value
  }

  return budget.text(fill(format, 2))
}

function nextBrace(format: string, from: number) {
  BRACE.lastIndex = from
  return BRACE.exec(format)?.index ?? format.length
}

const BRACE = /[{}]/g

// A field without its braces: what stands in square brackets is a key, whatever it holds.
const FIELD = /((?:[^{}[:!]|\[[^\]]*\])*)(?:!([^}]))?([:}])/y

interface Field {
  readonly path: string
  readonly conversion: string | undefined
  readonly spec: string
  readonly end: number
}

function fieldAt(format: string, begin: number): Field {
  FIELD.lastIndex = begin
  const [whole, path = '', conversion, close] = FIELD.exec(format) ?? []
  if (whole === undefined) throw notClosed()
  const behind = begin + whole.length
  if (close === '}') return { path, conversion, spec: '', end: behind }
  let open = 1
  for (let at = nextBrace(format, behind); at < format.length; at = nextBrace(format, at + 1)) {
    open += format[at] === '{' ? 1 : -1
    if (open === 0) return { path, conversion, spec: format.slice(behind, at), end: at + 1 }
  }
  throw notClosed()
}

function notClosed(): Error {
  return wrong(
    'a field of a format is not closed',
    'a field is `{name}`, `{name!r}` or `{name:>5}`; write `{{` for a brace',
  )
}

function convert(value: Value, conversion: string, budget: Budget): Value {
  if (conversion === 's') return textOf(value, budget)
  if (conversion === 'r') return writtenOf(value, budget)
  if (conversion === 'a') return inAscii(writtenOf(value, budget), budget)
  throw wrong(`there is no conversion \`!${conversion}\``, 'use `!s`, `!r` or `!a`')
}
