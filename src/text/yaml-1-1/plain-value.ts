import { YamlFault } from './fault.ts'
import { kindOfPlain, type Scalar, type ScalarKind, SIMPLE, scalarOf } from './scalar.ts'
import type { Token } from './token.ts'

/** Throws YamlFault for one that PyYAML cannot make: `2001-13-45`, and where `isStrict` for a timestamp. */
export function plainValue(token: Token, isStrict = false): Scalar {
  const { text } = token
  const first = text.charCodeAt(0)
  if (first >= 0x31 && first <= 0x39 && SIMPLE.test(text)) return Number(text)
  const kind = kindOfPlain(text)
  if (isStrict && kind === 'timestamp')
    throw new YamlFault(`"${text}" is an object of Python, not a text`, token, 'put the text in quotes')
  return kind === 'str' ? text : valueOfKind(kind, token)
}

/** Throws YamlFault where its text cannot be that. */
export function valueOfKind(kind: ScalarKind, token: Token): Scalar {
  if (kind === 'merge' || kind === 'value')
    throw new YamlFault(`"${token.text}" is only a key in YAML 1.1`, token, 'put the text in quotes')
  const value = scalarOf(kind, token.text)
  if (value === undefined)
    throw new YamlFault(`${JSON.stringify(token.text)} is no ${kind}`, token, 'put the text in quotes')
  return value
}
