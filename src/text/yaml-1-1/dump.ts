import { kindOfPlain } from './scalar.ts'

export type DumpNode =
  | { readonly kind: 'scalar'; readonly text: string; readonly type: 'str' | 'int' | 'float' | 'bool' | 'null' }
  | { readonly kind: 'list'; readonly items: readonly DumpNode[]; readonly isFlow: boolean }
  | { readonly kind: 'mapping'; readonly pairs: readonly (readonly [DumpNode, DumpNode])[]; readonly isFlow: boolean }

export interface DumpOptions {
  /** Blanks of one level; 2 for all that is not from 2 to 9. */
  readonly indent: number
  /** How long a line may be before it is cut at a blank; below 0 for any length, 80 for what is too small. */
  readonly width: number
  readonly style: ScalarStyle
  readonly hasStart: boolean
  readonly hasEnd: boolean
}

// How many bytes a key may have that needs no `?`.
const LONGEST_KEY = 128

interface Scalar {
  readonly text: string
  readonly type: string
  readonly signs: readonly string[]
  readonly shape: Shape
}

/** A value as PyYAML 6.0 writes it with libyaml 0.2.5, byte for byte. */
export function dumpedYaml(node: DumpNode, options: DumpOptions): string {
  const indentation = options.indent > 1 && options.indent < 10 ? options.indent : 2
  const isTooSmall = options.width >= 0 && options.width <= indentation * 2
  const output = new DumpOutput(options.width < 0 ? Number.POSITIVE_INFINITY : isTooSmall ? 80 : options.width)
  let flowDepth = 0
  let isOpen = false

  function writeNode(node: DumpNode, isInMapping: boolean, isKey: boolean) {
    if (node.kind === 'scalar') scalar(scalarOf(node), isKey)
    else if (node.kind === 'list') writeList(node.items, node.isFlow || node.items.length === 0, isInMapping)
    else writeMapping(node.pairs, node.isFlow || node.pairs.length === 0)
  }

  function writeList(items: readonly DumpNode[], isFlow: boolean, isInMapping: boolean) {
    if (flowDepth > 0 || isFlow) {
      inBrackets('[', ']', items, (item) => writeNode(item, false, false))
      return
    }
    within(false, isInMapping && !output.isIndentation, () => {
      for (const item of items) {
        output.toIndent()
        output.sign('-', true, false, true)
        writeNode(item, false, false)
      }
    })
  }

  function writeMapping(pairs: readonly (readonly [DumpNode, DumpNode])[], isFlow: boolean) {
    if (flowDepth > 0 || isFlow) {
      inBrackets('{', '}', pairs, (pair) => writePair(pair, () => output.isWide && output.toIndent(), false))
      return
    }
    within(false, false, () => {
      for (const pair of pairs) {
        output.toIndent()
        writePair(pair, () => output.toIndent(), true)
      }
    })
  }

  function writePair([key, value]: readonly [DumpNode, DumpNode], toValue: () => unknown, isBlock: boolean) {
    const isSimple = isSimpleKey(key)
    if (!isSimple) output.sign('?', true, false, isBlock)
    writeNode(key, true, isSimple)
    if (!isSimple) toValue()
    output.sign(':', !isSimple, false, !isSimple && isBlock)
    writeNode(value, true, false)
  }

  function inBrackets<Item>(open: string, close: string, items: readonly Item[], write: (item: Item) => void) {
    output.sign(open, true, true)
    flowDepth += 1
    within(true, false, () => {
      for (const [index, item] of items.entries()) {
        if (index > 0) output.sign(',', false)
        if (output.isWide) output.toIndent()
        write(item)
      }
    })
    flowDepth -= 1
    output.sign(close, false)
  }

  function within(isFlow: boolean, isSameIndent: boolean, write: () => void) {
    const before = output.indent
    if (before < 0) output.indent = isFlow ? indentation : 0
    else if (!isSameIndent) output.indent += indentation
    write()
    output.indent = before
  }

  function scalar(scalar: Scalar, isKey: boolean) {
    const style = styleOf(scalar, options.style, flowDepth > 0, isKey)
    // A number in quotes is a text: that it is none is a tag before it.
    if (style !== 'plain' && scalar.type !== 'str') output.sign('!', true)
    within(true, false, () => writeScalar(output, scalar.signs, style, { mayFold: !isKey, indentation }))
    if (style === '|' || style === '>') isOpen = chompingOf(scalar.signs) === '+'
  }

  if (options.hasStart) {
    output.toIndent()
    output.sign('---', true)
  }
  writeNode(node, false, false)
  output.toIndent()
  if (options.hasEnd || isOpen) {
    output.sign('...', true)
    output.toIndent()
  }
  return output.text
}

function scalarOf({ text, type }: DumpNode & { readonly kind: 'scalar' }): Scalar {
  const signs = [...text]
  return { text, type, signs, shape: shapeOf(signs) }
}

function isSimpleKey(key: DumpNode) {
  if (key.kind === 'list') return key.items.length === 0
  if (key.kind === 'mapping') return key.pairs.length === 0
  return !scalarOf(key).shape.isMultiline && Buffer.byteLength(key.text) <= LONGEST_KEY
}

function styleOf(
  { text, type, signs, shape }: Scalar,
  wanted: ScalarStyle,
  isFlow: boolean,
  isKey: boolean,
): ScalarStyle {
  if (wanted === '|' || wanted === '>') return shape.isBlock && !isFlow && !isKey ? wanted : '"'
  if (wanted === '"') return wanted
  const mayBePlain =
    (isFlow ? shape.isPlainInFlow : shape.isPlainInBlock) &&
    (signs.length > 0 || !(isFlow || isKey)) &&
    kindOfPlain(text) === type
  if (wanted === 'plain' && mayBePlain) return wanted
  return shape.isSingleQuoted ? "'" : '"'
}

type ScalarStyle = 'plain' | "'" | '"' | '|' | '>'

// Writes a scalar in a style, as libyaml 0.2.5 does; `mayFold` is whether a long line may be cut at its blanks.
function writeScalar(output: DumpOutput, signs: readonly string[], style: ScalarStyle, given: Given) {
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

// What says how a block ends: `-` for no line break, `+` for several.
function chompingOf(signs: readonly string[]) {
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

interface Shape {
  readonly isMultiline: boolean
  readonly isPlainInFlow: boolean
  readonly isPlainInBlock: boolean
  readonly isSingleQuoted: boolean
  readonly isBlock: boolean
}

const BREAKS: ReadonlySet<string> = new Set(['\n', '\r', '\x85', '\u2028', '\u2029'])

function isLineBreak(sign: string | undefined) {
  return sign !== undefined && BREAKS.has(sign)
}

function isPrintable(sign: string) {
  const code = sign.codePointAt(0) ?? 0
  if (code <= 0x7e) return code === 0x0a || code >= 0x20
  return code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && (code <= 0xd7ff || code >= 0xe000)
}

function isGap(sign: string | undefined) {
  return sign === undefined || sign === ' ' || sign === '\t' || sign === '\0' || BREAKS.has(sign)
}

const EMPTY: Shape = {
  isMultiline: false,
  isPlainInFlow: false,
  isPlainInBlock: true,
  isSingleQuoted: true,
  isBlock: false,
}

const FIRST_SIGNS: ReadonlySet<string> = new Set('#,[]{}&*!|>\'"%@`')
const FLOW_SIGNS: ReadonlySet<string> = new Set(',?[]{}')

// The forms of a text, given by its characters (as libyaml 0.2.5 finds them).
function shapeOf(signs: readonly string[]): Shape {
  const [first] = signs
  if (first === undefined) return EMPTY
  const last = signs.at(-1)
  const { inFlow, inBlock } = indicatorsIn(signs)
  const { hasBreak, hasSpecial, isSpaceBehindBreak, isBreakBehindSpace } = blanksIn(signs)
  const isSharp = hasSpecial || isBreakBehindSpace
  const isBlankAtEnds = first === ' ' || last === ' ' || isLineBreak(first) || isLineBreak(last)
  const isPlain = !isSharp && !isBlankAtEnds && !isSpaceBehindBreak && !hasBreak
  return {
    isMultiline: hasBreak,
    isPlainInFlow: isPlain && !inFlow,
    isPlainInBlock: isPlain && !inBlock,
    isSingleQuoted: !isSharp && !isSpaceBehindBreak,
    isBlock: !isSharp && last !== ' ',
  }
}

function indicatorsIn(signs: readonly string[]) {
  const start = signs.slice(0, 3).join('')
  const inBlock = start === '---' || start === '...' || signs.some((_, index) => isIndicator(signs, index))
  const inFlow = signs.some((sign, index) => sign === ':' || (index === 0 ? sign === '?' : FLOW_SIGNS.has(sign)))
  return { inFlow: inFlow || inBlock, inBlock }
}

function isIndicator(signs: readonly string[], index: number) {
  const sign = signs[index] ?? ''
  if (index === 0 && FIRST_SIGNS.has(sign)) return true
  if (index > 0 && sign === '#') return isGap(signs[index - 1])
  return (sign === ':' || (index === 0 && '?-'.includes(sign))) && isGap(signs[index + 1])
}

function blanksIn(signs: readonly string[]) {
  let [hasBreak, hasSpecial, isSpaceBehindBreak, isBreakBehindSpace] = [false, false, false, false]
  for (const [index, sign] of signs.entries()) {
    const isBreak = isLineBreak(sign)
    const before = signs[index - 1]
    hasSpecial ||= !isPrintable(sign)
    hasBreak ||= isBreak
    isSpaceBehindBreak ||= sign === ' ' && isLineBreak(before)
    isBreakBehindSpace ||= isBreak && before === ' '
  }
  return { hasBreak, hasSpecial, isSpaceBehindBreak, isBreakBehindSpace }
}

class DumpOutput {
  private readonly parts: string[] = []
  readonly width: number
  column = 0
  isBlankBefore = true
  // Whether only indentation and the signs of blocks are before it in its line.
  isIndentation = true
  indent = -1

  constructor(width: number) {
    this.width = width
  }

  get text(): string {
    return this.parts.join('')
  }

  get isWide(): boolean {
    return this.column > this.width
  }

  put(text: string, length = text.length): void {
    this.parts.push(text)
    this.column += length
  }

  break(sign = '\n'): void {
    this.parts.push(sign)
    this.column = 0
  }

  sign(sign: string, needsBlank: boolean, isBlank = false, isIndentation = false): void {
    if (needsBlank && !this.isBlankBefore) this.put(' ')
    this.put(sign)
    this.isBlankBefore = isBlank
    this.isIndentation &&= isIndentation
  }

  // Goes to where a line begins, in a new line unless this one has nothing else.
  toIndent(): void {
    const indent = Math.max(0, this.indent)
    if (!this.isIndentation || this.column > indent || (this.column === indent && !this.isBlankBefore)) this.break()
    if (this.column < indent) this.put(' '.repeat(indent - this.column))
    this.isBlankBefore = true
    this.isIndentation = true
  }

  afterText(): void {
    this.isBlankBefore = false
    this.isIndentation = false
  }
}
