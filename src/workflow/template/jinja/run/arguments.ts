import { didYouMean } from '../../../../source/suggest.ts'
import { wrong } from '../fault.ts'
import { numberOf } from '../value/number.ts'
import { Dict, type Given, Tuple, typeOf, Undefined, type Value } from '../value/value.ts'

/**
 * Brings what was given into the order of a signature: names between blanks, `?` behind an optional one, `*` before one
 * that takes all further values as a tuple, `**` before one that takes all further names as a mapping.
 */
export function bound(signature: string, given: Given): (Value | undefined)[] {
  const words = signature.split(' ').filter((word) => word !== '')
  const plain = words.filter((word) => !word.startsWith('*')).map((word) => word.replace('?', ''))
  const rest = words.some((word) => /^\*\w/.test(word))
  if (given.positional.length > plain.length && !rest)
    throw wrong(
      `${given.positional.length} values are given, and it takes ${plain.length}`,
      `it takes: ${plain.join(', ') || 'nothing'}`,
    )
  const others = new Map(given.named)
  const values = words.map((word, index) => {
    if (word.startsWith('**')) return undefined
    if (word.startsWith('*')) return new Tuple(given.positional.slice(index))
    const name = word.replace('?', '')
    const value = givenAt(name, index, given)
    others.delete(name)
    if (value === undefined && !word.endsWith('?'))
      throw wrong(`\`${name}\` is not given`, `it takes: ${plain.join(', ')}`)
    return value
  })
  const mapping = words.findIndex((word) => word.startsWith('**'))
  const [unknown] = others.keys()
  if (mapping < 0 && unknown !== undefined) throw wrong(`it takes no \`${unknown}\``, didYouMean(unknown, plain))
  return mapping < 0 ? values : values.with(mapping, new Dict(others))
}

function givenAt(name: string, index: number, { positional, named }: Given): Value | undefined {
  const byName = named.get(name)
  if (index >= positional.length) return byName
  if (byName !== undefined) throw wrong(`\`${name}\` is given twice`, 'give it once')
  return positional[index]
}

/** A value that must be text. */
export function textIn(value: Value | undefined, what = 'it'): string {
  if (typeof value === 'string') return value
  throw unfit(value, what, 'a text')
}

/** A value that must be a whole number. */
export function wholeIn(value: Value | undefined, what = 'it'): bigint {
  const number = value === undefined ? undefined : numberOf(value)
  if (typeof number === 'bigint') return number
  throw unfit(value, what, 'a whole number')
}

/** A value that must be a whole number of a size that can be counted with. */
export function countIn(value: Value | undefined, what = 'it'): number {
  const whole = wholeIn(value, what)
  if (whole < -9_007_199_254_740_991n || whole > 9_007_199_254_740_991n) throw wrong(`${what} is too large`)
  return Number(whole)
}

/** A value that must be a mapping. */
export function dictIn(value: Value | undefined, what = 'it'): Dict {
  if (value instanceof Dict) return value
  throw unfit(value, what, 'a mapping')
}

function unfit(value: Value | undefined, what: string, wanted: string): Error {
  if (value instanceof Undefined) return value.fault()
  return wrong(
    `${what} must be ${wanted}, not ${value === undefined ? 'nothing' : `a ${typeOf(value)}`}`,
    `give ${wanted}`,
  )
}
