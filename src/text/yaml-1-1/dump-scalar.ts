import type { DumpOutput } from './dump-output.ts'
import { isLineBreak, isPrintable } from './dump-shape.ts'

export type ScalarStyle = 'plain' | "'" | '"' | '|' | '>'

/** Writes a scalar in a style, as libyaml 0.2.5 does; `mayFold` is whether a long line may be cut at its blanks. */
export function writeScalar(output: DumpOutput, signs: readonly string[], style: ScalarStyle, given: Given): void {
  if (style === 'plain') writePlain(output, signs, given)
  else if (style === "'") writeSingleQuoted(output, signs, given)
  else if (style === '"') writeDoubleQuoted(output, signs, given)
  else writeBlock(output, signs, style, given)
}

interface Given {
  readonly mayFold: boolean
  readonly indentation: number
}

function writePlain(output: DumpOutput, signs: readonly string[], { mayFold }: Given) {
  if (!output.isBlankBefore && signs.length > 0) output.put(' ')
  for (const [index, sign] of signs.entries()) {
    if (mayFold && output.isWide && isSingleBlank(signs, index)) output.toIndent()
    else output.put(sign, 1)
    if (sign !== ' ') output.isIndentation = false
  }
  output.afterText()
}

function isSingleBlank(signs: readonly string[], index: number) {
  return signs[index] === ' ' && signs[index - 1] !== ' ' && signs[index + 1] !== ' '
}

function writeSingleQuoted(output: DumpOutput, signs: readonly string[], { mayFold }: Given) {
  output.sign("'", true)
  for (const [index, sign] of signs.entries()) {
    const isInside = index > 0 && index < signs.length - 1
    const isBehindBreak = isLineBreak(signs[index - 1])
    if (isLineBreak(sign)) {
      if (!isBehindBreak && sign === '\n') output.break()
      output.break(sign)
      output.isIndentation = true
    } else if (mayFold && output.isWide && isInside && isSingleBlank(signs, index)) output.toIndent()
    else if (sign === ' ') output.put(sign)
    else writeQuoted(output, sign, isBehindBreak)
  }
  if (isLineBreak(signs.at(-1))) output.toIndent()
  output.sign("'", false)
  output.afterText()
}

function writeQuoted(output: DumpOutput, sign: string, isBehindBreak: boolean) {
  if (isBehindBreak) output.toIndent()
  output.put(sign === "'" ? "''" : sign, sign === "'" ? 2 : 1)
  output.isIndentation = false
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
}

function writeDoubleQuoted(output: DumpOutput, signs: readonly string[], { mayFold }: Given) {
  output.sign('"', true)
  for (const [index, sign] of signs.entries()) {
    const isInside = index > 0 && index < signs.length - 1
    if (ESCAPES[sign] !== undefined || !isPrintable(sign)) output.put(escapeOf(sign))
    else if (sign === ' ' && signs[index - 1] !== ' ' && mayFold && output.isWide && isInside) {
      output.toIndent()
      if (signs[index + 1] === ' ') output.put('\\')
    } else output.put(sign, 1)
  }
  output.sign('"', false)
  output.afterText()
}

function escapeOf(sign: string) {
  const known = ESCAPES[sign]
  if (known !== undefined) return `\\${known}`
  const code = sign.codePointAt(0) ?? 0
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

function writeBlock(output: DumpOutput, signs: readonly string[], style: '|' | '>', { indentation }: Given) {
  output.sign(style, true)
  if (signs[0] === ' ' || isLineBreak(signs[0])) output.sign(String(indentation), false)
  output.sign(chompingOf(signs), false)
  output.break()
  output.isIndentation = true
  output.isBlankBefore = true
  if (style === '|') writeLiteral(output, signs)
  else writeFolded(output, signs)
}

/** What says how a block ends: `-` for no line break, `+` for several. */
export function chompingOf(signs: readonly string[]): '' | '-' | '+' {
  if (!isLineBreak(signs.at(-1))) return '-'
  return signs.length === 1 || isLineBreak(signs.at(-2)) ? '+' : ''
}

function writeLiteral(output: DumpOutput, signs: readonly string[]) {
  let isBehindBreak = true
  for (const sign of signs) {
    if (isLineBreak(sign)) output.break(sign)
    else {
      if (isBehindBreak) output.toIndent()
      output.put(sign, 1)
    }
    isBehindBreak = isLineBreak(sign)
    output.isIndentation = isBehindBreak
  }
}

function writeFolded(output: DumpOutput, signs: readonly string[]) {
  let [isBehindBreak, beginsBlank] = [true, true]
  for (const [index, sign] of signs.entries()) {
    if (isLineBreak(sign)) {
      if (!isBehindBreak && !beginsBlank && sign === '\n' && !isBlankOrEnd(behindBreaks(signs, index))) output.break()
      output.break(sign)
      output.isIndentation = true
      isBehindBreak = true
      continue
    }
    if (isBehindBreak) {
      output.toIndent()
      beginsBlank = sign === ' ' || sign === '\t'
    }
    if (!isBehindBreak && sign === ' ' && signs[index + 1] !== ' ' && output.isWide) output.toIndent()
    else output.put(sign, 1)
    output.isIndentation = false
    isBehindBreak = false
  }
}

function behindBreaks(signs: readonly string[], from: number) {
  let at = from
  while (isLineBreak(signs[at])) at += 1
  return signs[at]
}

function isBlankOrEnd(sign: string | undefined) {
  return sign === undefined || sign === ' ' || sign === '\t' || sign === '\0'
}
