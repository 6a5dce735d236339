import { wholeFrom } from '../syntax/number.ts'
import { wrong } from '../value/fault.ts'
import { Dict, type Value } from '../value/value.ts'

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|(true|false|null|NaN|-?Infinity)|(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"))/y
const WORDS: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity,
  '-Infinity': -Infinity,
}
const DEPTH = 200

/** The value of a JSON text, exactly: 1 is a whole number of any size, 1.0 is a float. Throws TemplateFault for other text. */
export function parsedJson(text: string): Value {
  let at = 0

  function valueRead(depth: number): Value {
    if (depth > DEPTH) throw wrong('the JSON is nested too deep')
    const [, sign, word, whole, fraction, exponent, string] = nextToken()
    if (word !== undefined) return WORDS[word] ?? null
    if (string !== undefined) return stringRead(string)
    if (whole !== undefined) return numberFrom(whole, `${fraction ?? ''}${exponent ?? ''}`)
    if (sign === '[') return listRead(depth)
    if (sign === '{') return dictRead(depth)
    throw notJson()
  }

  function nextToken() {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (found === null) throw notJson()
    at += found[0].length
    return found
  }

  function takes(sign: string) {
    const before = at
    const isThere = /^\s*$/.test(text.slice(before)) ? false : nextToken()[1] === sign
    if (!isThere) at = before
    return isThere
  }

  function stringRead(written: string) {
    try {
      return JSON.parse(written) as string
    } catch {
      throw notJson()
    }
  }

  function listRead(depth: number): Value {
    const items: Value[] = []
    if (takes(']')) return items
    do items.push(valueRead(depth + 1))
    while (takes(','))
    if (!takes(']')) throw notJson()
    return items
  }

  function dictRead(depth: number): Value {
    const dict = new Dict()
    if (takes('}')) return dict
    do {
      const key = valueRead(depth + 1)
      if (typeof key !== 'string' || !takes(':')) throw notJson()
      dict.set(key, valueRead(depth + 1))
    } while (takes(','))
    if (!takes('}')) throw notJson()
    return dict
  }

  function notJson(): Error {
    return wrong('the text is no JSON', `see character ${at + 1}`)
  }

  const value = valueRead(0)
  if (text.slice(at).trim() !== '') throw notJson()
  return value
}

function numberFrom(whole: string, rest: string) {
  return rest === '' ? wholeFrom(whole) : Number(whole + rest)
}
