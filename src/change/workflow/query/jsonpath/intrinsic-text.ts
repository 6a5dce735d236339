import { createHash } from 'node:crypto'
import { isJsonObject, type Json } from '../../../../model/json.ts'
import { type Arguments, IntrinsicError, type IntrinsicFunction } from './intrinsic.ts'

/** The longest text for Base64 and Hash, characters (Step Functions developer guide, "Intrinsic functions"). */
const MAX_TEXT = 10_000

/** `States.Hash` names to Node names. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
])

/** A value as `States.Format` prints it: as Java prints maps and lists, `{Arg1=1, Arg2=[]}` (recorded). */
function printed(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`
  if (!isJsonObject(value)) return String(value)
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${printed(member)}`)
    .join(', ')}}`
}

const ESCAPABLE = "'{}\\"

/** A quoted text without its escapes. A backslash before anything that needs none is an error (states-language.net). */
export function unescaped(raw: string): string {
  return raw.replace(/\\([\s\S]?)/g, (_, escaped: string) => escapedCharacter(escaped))
}

function escapedCharacter(escaped: string): string {
  if (escaped !== '' && ESCAPABLE.includes(escaped)) return escaped
  throw new IntrinsicError(`Invalid escape in a text: \\${escaped}`)
}

function format(given: Arguments): string {
  const values = given.from(1)
  let used = 0
  const text = given.template(0).replace(/\\([\s\S]?)|\{\}/g, (match, escaped: string | undefined) => {
    if (match !== '{}') return escapedCharacter(escaped ?? '')
    const value = values[used++]
    return value === undefined ? '' : printed(value)
  })
  if (used === values.length) return text
  throw new IntrinsicError(`Invalid arguments in States.Format: ${used} places for ${values.length} values`)
}

/** Splits at each character of the separators and drops empty pieces: `", , ,"` by `","` is `[" ", " "]` (recorded). */
function split(given: Arguments): Json {
  const separators = new Set(given.text(1))
  const pieces: string[] = ['']
  for (const character of given.text(0)) {
    if (separators.has(character)) pieces.push('')
    else pieces.push(`${pieces.pop() ?? ''}${character}`)
  }
  return pieces.filter((piece) => piece !== '')
}

function limited(given: Arguments, name: string): string {
  const text = given.text(0)
  if (text.length <= MAX_TEXT) return text
  throw new IntrinsicError(`Invalid arguments in States.${name}: more than ${MAX_TEXT} characters`)
}

function decode(given: Arguments): string {
  const text = limited(given, 'Base64Decode')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new IntrinsicError('Invalid arguments in States.Base64Decode: not Base64')
  }
  return Buffer.from(text, 'base64').toString('utf8')
}

function hash(given: Arguments): string {
  const algorithm = ALGORITHMS.get(given.text(1))
  if (algorithm === undefined) {
    throw new IntrinsicError(
      `Invalid arguments in States.Hash: the algorithms are ${[...ALGORITHMS.keys()].join(', ')}`,
    )
  }
  return createHash(algorithm).update(limited(given, 'Hash'), 'utf8').digest('hex')
}

/** The intrinsic functions about texts. */
export const TEXT_INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  Format: { least: 1, most: Number.POSITIVE_INFINITY, apply: format },
  StringSplit: { least: 2, most: 2, apply: split },
  Base64Encode: {
    least: 1,
    most: 1,
    apply: (given) => Buffer.from(limited(given, 'Base64Encode'), 'utf8').toString('base64'),
  },
  Base64Decode: { least: 1, most: 1, apply: decode },
  Hash: { least: 2, most: 2, apply: hash },
}
