import { didYouMean } from '../../source/suggest.ts'
import { numberOf } from '../syntax/number.ts'
import { type TemplateFault, wrong } from '../value/fault.ts'
import { type CallArguments, Dict, Markup, Tuple, typeOf, Undefined, type Value } from '../value/value.ts'

export interface Call {
  readonly positional: number
  readonly named: readonly string[]
  readonly isOpen?: boolean
}

/**
 * Brings what was given into the order of a signature: names between blanks, `?` behind an optional one, `*` before one
 * that takes all further values as a tuple, `**` before one that takes all further names as a mapping. What stands behind a
 * `*` is given by its name alone.
 */
export function bound(signature: string, { positional, named }: CallArguments): (Value | undefined)[] {
  const fault = callFault(signature, { positional: positional.length, named: [...named.keys()] })
  if (fault !== undefined) throw fault
  const words = wordsOf(signature)
  return words.map(({ name, takes }, index) => {
    if (takes === 'values') return new Tuple(positional.slice(index))
    if (takes === 'names') return new Dict([...named].filter(([one]) => !words.some((word) => word.name === one)))
    return takes === 'one' && index < positional.length ? positional[index] : named.get(name)
  })
}

/** Why something with a signature cannot be called like this, or undefined where it can. */
export function callFault(signature: string, { positional, named, isOpen = false }: Call): TemplateFault | undefined {
  const words = wordsOf(signature)
  const plain = words.filter(({ takes }) => takes === 'one' || takes === 'named')
  const names = plain.map(({ name }) => name)
  const places = words.some(({ takes }) => takes === 'values')
    ? positional
    : plain.filter(({ takes }) => takes === 'one').length
  if (positional > places)
    return wrong(`${positional} values are given, and it takes ${places}`, `it takes: ${names.join(', ') || 'nothing'}`)
  const takesOthers = words.some(({ takes }) => takes === 'names')
  const unknown = takesOthers ? undefined : named.find((name) => !names.includes(name))
  if (unknown !== undefined) return wrong(`it takes no \`${unknown}\``, didYouMean(unknown, names))
  for (const [index, { name, takes, isOptional }] of plain.entries()) {
    const isPlaced = takes === 'one' && index < positional
    const isNamed = named.includes(name)
    if (isPlaced && isNamed) return wrong(`\`${name}\` is given twice`, 'give it once')
    if (!isPlaced && !isNamed && !isOpen && !isOptional)
      return wrong(`\`${name}\` is not given`, `it takes: ${names.join(', ')}`)
  }
  return undefined
}

interface Word {
  readonly name: string
  readonly takes: 'one' | 'named' | 'values' | 'names'
  readonly isOptional: boolean
}

const SIGNATURES = new Map<string, readonly Word[]>()

function wordsOf(signature: string): readonly Word[] {
  const known = SIGNATURES.get(signature)
  if (known !== undefined) return known
  const written = signature.split(' ').filter((word) => word !== '')
  const star = written.findIndex((word) => /^\*\w/.test(word))
  const words = written.map((word, index): Word => {
    const one = star >= 0 && index > star ? 'named' : 'one'
    const takes = word.startsWith('**') ? 'names' : word.startsWith('*') ? 'values' : one
    return { name: word.replace(/^\*+/, '').replace('?', ''), takes, isOptional: word.endsWith('?') }
  })
  SIGNATURES.set(signature, words)
  return words
}

export function textIn(value: Value | undefined, what = 'it'): string {
  if (typeof value === 'string') return value
  if (value instanceof Markup) return value.text
  throw unfit(value, what, 'a text')
}

export function wholeIn(value: Value | undefined, what = 'it'): bigint {
  const number = value === undefined ? undefined : numberOf(value)
  if (typeof number === 'bigint') return number
  throw unfit(value, what, 'a whole number')
}

export function countIn(value: Value | undefined, what = 'it'): number {
  const whole = wholeIn(value, what)
  if (whole < -9_007_199_254_740_991n || whole > 9_007_199_254_740_991n) throw wrong(`${what} is too large`)
  return Number(whole)
}

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
