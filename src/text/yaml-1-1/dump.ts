import { DumpOutput } from './dump-output.ts'
import { chompingOf, type ScalarStyle, writeScalar } from './dump-scalar.ts'
import { type Shape, shapeOf } from './dump-shape.ts'
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
