import { refused, wrong } from '../fault.ts'
import type { Budget } from '../run/budget.ts'
import { textOf, writtenOf } from '../value/print.ts'
import type { Given, Value } from '../value/value.ts'
import { formatted } from './format-spec.ts'

/** How a field gets at members and items of its value. */
export interface Access {
  attribute(of: Value, name: string): Value
  item(of: Value, key: Value): Value
}

/** `'{} is {x:03d}'.format(a, x=b)`, as Python does it. */
export function braceFormat(format: string, given: Given, access: Access, budget: Budget): string {
  const filler = new Filler(given, access, budget)
  return budget.text(filler.fill(format, 2))
}

class Filler {
  readonly #given: Given
  readonly #access: Access
  readonly #budget: Budget
  #next = 0
  #isCounted: boolean | undefined

  constructor(given: Given, access: Access, budget: Budget) {
    this.#given = given
    this.#access = access
    this.#budget = budget
  }

  fill(format: string, depth: number): string {
    if (depth < 0) throw wrong('the fields of a format are nested too deep')
    let made = ''
    for (let at = 0; at < format.length; ) {
      const sign = format[at] ?? ''
      if ((sign === '{' || sign === '}') && format[at + 1] === sign) {
        made += sign
        at += 2
      } else if (sign === '}') throw wrong('a single `}` in a format', 'write `}}` for a brace')
      else if (sign !== '{') {
        made += sign
        at += 1
      } else {
        const end = endOfField(format, at)
        made += this.#field(format.slice(at + 1, end), depth)
        at = end + 1
      }
    }
    return made
  }

  #field(field: string, depth: number): string {
    const [, path = '', conversion, spec = ''] = /^([^!:]*)(?:!([\s\S]))?(?::([\s\S]*))?$/.exec(field) ?? []
    if (field.includes('!') && conversion === undefined && !spec.includes('!')) throw wrong('a format ends behind `!`')
    const value = this.#value(path)
    const shown = conversion === undefined ? value : convert(value, conversion)
    return formatted(shown, this.fill(spec, depth - 1), this.#budget)
  }

  #value(path: string): Value {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/.exec(path) ?? []
    let value = this.#first(first)
    for (const [whole, name, key] of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]|[\s\S]/g)) {
      if (name !== undefined) value = this.#access.attribute(value, name)
      else if (key !== undefined) value = this.#access.item(value, /^\d+$/.test(key) ? BigInt(key) : key)
      else throw wrong(`\`${whole}\` is unexpected in a field of a format`)
    }
    return value
  }

  #first(name: string): Value {
    const isNumber = /^\d+$/.test(name)
    if (name === '' || isNumber) {
      if (this.#isCounted !== undefined && this.#isCounted !== (name === ''))
        throw wrong('a format counts its fields and numbers them as well', 'do one of both')
      this.#isCounted = name === ''
      const index = isNumber ? Number(name) : this.#next
      this.#next += 1
      const value = this.#given.positional[index]
      if (value === undefined) throw wrong('the format has more fields than there are values', 'count them')
      return value
    }
    const value = this.#given.named.get(name)
    if (value === undefined) throw wrong(`the format names \`${name}\`, which is not given`)
    return value
  }
}

function endOfField(format: string, begin: number): number {
  let open = 0
  for (let at = begin; at < format.length; at += 1) {
    if (format[at] === '{') open += 1
    if (format[at] === '}') open -= 1
    if (open === 0) return at
  }
  throw wrong('a field of a format is not closed', 'write `{{` for a brace')
}

function convert(value: Value, conversion: string): Value {
  if (conversion === 's') return textOf(value)
  if (conversion === 'r') return writtenOf(value)
  throw refused(`the format \`!${conversion}\` is not rendered here`, 'use `!s` or `!r`')
}
