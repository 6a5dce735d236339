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

/** A value as PyYAML 6.0 writes it with libyaml 0.2.5, byte for byte. */
export function dumpedYaml(node: DumpNode, options: DumpOptions): string {
  return new Dumper(options).document(node)
}

interface Scalar {
  readonly text: string
  readonly type: string
  readonly signs: readonly string[]
  readonly shape: Shape
}

class Dumper {
  private readonly options: DumpOptions
  private readonly indentation: number
  private readonly output: DumpOutput
  private flow = 0
  private isOpen = false

  constructor(options: DumpOptions) {
    this.options = options
    this.indentation = options.indent > 1 && options.indent < 10 ? options.indent : 2
    const isTooSmall = options.width >= 0 && options.width <= this.indentation * 2
    this.output = new DumpOutput(options.width < 0 ? Number.POSITIVE_INFINITY : isTooSmall ? 80 : options.width)
  }

  document(node: DumpNode): string {
    const { output, options } = this
    if (options.hasStart) {
      output.toIndent()
      output.sign('---', true)
    }
    this.node(node, false, false)
    output.toIndent()
    if (options.hasEnd || this.isOpen) {
      output.sign('...', true)
      output.toIndent()
    }
    return output.text
  }

  private node(node: DumpNode, isInMapping: boolean, isKey: boolean): void {
    if (node.kind === 'scalar') this.scalar(scalarOf(node), isKey)
    else if (node.kind === 'list') this.list(node.items, node.isFlow || node.items.length === 0, isInMapping)
    else this.mapping(node.pairs, node.isFlow || node.pairs.length === 0)
  }

  private list(items: readonly DumpNode[], isFlow: boolean, isInMapping: boolean): void {
    const { output } = this
    if (this.flow > 0 || isFlow) {
      this.inBrackets('[', ']', items, (item) => this.node(item, false, false))
      return
    }
    this.within(false, isInMapping && !output.isIndentation, () => {
      for (const item of items) {
        output.toIndent()
        output.sign('-', true, false, true)
        this.node(item, false, false)
      }
    })
  }

  private mapping(pairs: readonly (readonly [DumpNode, DumpNode])[], isFlow: boolean): void {
    const { output } = this
    if (this.flow > 0 || isFlow) {
      this.inBrackets('{', '}', pairs, (pair) => this.pair(pair, () => output.isWide && output.toIndent(), false))
      return
    }
    this.within(false, false, () => {
      for (const pair of pairs) {
        output.toIndent()
        this.pair(pair, () => output.toIndent(), true)
      }
    })
  }

  private pair([key, value]: readonly [DumpNode, DumpNode], toValue: () => unknown, isBlock: boolean): void {
    const { output } = this
    const isSimple = isSimpleKey(key)
    if (!isSimple) output.sign('?', true, false, isBlock)
    this.node(key, true, isSimple)
    if (!isSimple) toValue()
    output.sign(':', !isSimple, false, !isSimple && isBlock)
    this.node(value, true, false)
  }

  private inBrackets<Item>(open: string, close: string, items: readonly Item[], write: (item: Item) => void): void {
    const { output } = this
    output.sign(open, true, true)
    this.flow += 1
    this.within(true, false, () => {
      for (const [index, item] of items.entries()) {
        if (index > 0) output.sign(',', false)
        if (output.isWide) output.toIndent()
        write(item)
      }
    })
    this.flow -= 1
    output.sign(close, false)
  }

  private within(isFlow: boolean, isSameIndent: boolean, write: () => void): void {
    const { output } = this
    const before = output.indent
    if (before < 0) output.indent = isFlow ? this.indentation : 0
    else if (!isSameIndent) output.indent += this.indentation
    write()
    output.indent = before
  }

  private scalar(scalar: Scalar, isKey: boolean): void {
    const { output, indentation } = this
    const style = this.styleOf(scalar, isKey)
    // A number in quotes is a text: that it is none is a tag before it.
    if (style !== 'plain' && scalar.type !== 'str') output.sign('!', true)
    this.within(true, false, () => writeScalar(output, scalar.signs, style, { mayFold: !isKey, indentation }))
    if (style === '|' || style === '>') this.isOpen = chompingOf(scalar.signs) === '+'
  }

  private styleOf({ text, type, signs, shape }: Scalar, isKey: boolean): ScalarStyle {
    const isFlow = this.flow > 0
    const wanted = this.options.style
    if (wanted === '|' || wanted === '>') return shape.isBlock && !isFlow && !isKey ? wanted : '"'
    if (wanted === '"') return wanted
    const mayBePlain =
      (isFlow ? shape.isPlainInFlow : shape.isPlainInBlock) &&
      (signs.length > 0 || !(isFlow || isKey)) &&
      kindOfPlain(text) === type
    if (wanted === 'plain' && mayBePlain) return wanted
    return shape.isSingleQuoted ? "'" : '"'
  }
}

function scalarOf({ text, type }: DumpNode & { readonly kind: 'scalar' }): Scalar {
  const signs = [...text]
  return { text, type, signs, shape: shapeOf(signs) }
}

function isSimpleKey(key: DumpNode): boolean {
  if (key.kind === 'list') return key.items.length === 0
  if (key.kind === 'mapping') return key.pairs.length === 0
  return !scalarOf(key).shape.isMultiline && Buffer.byteLength(key.text) <= LONGEST_KEY
}
