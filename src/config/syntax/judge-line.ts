import { suggest } from '../../source/suggest.ts'
import { parseVerb } from '../command-line.ts'
import { textStart } from '../free-text.ts'
import { heredocBodies } from '../heredoc.ts'
import { meaningOf } from '../rules/rules.ts'
import { storedForm } from '../stored-form.ts'
import { isAccessRule } from './access-rule.ts'
import { isListed, NUMBERS } from './list-words.ts'
import { Modes, type SyntaxTable } from './modes.ts'
import { fitOf, type SyntaxNode, type ValueEdge } from './syntax-tree.ts'
import { TABLE } from './table.ts'

/** What a line is by the table of the syntax. */
export type LineJudgement =
  | { readonly kind: 'known' }
  /** Nothing is known of the mode that it is in. */
  | { readonly kind: 'unknown-mode' }
  /** It ends where more is expected. */
  | { readonly kind: 'incomplete' }
  | LineFault

/**
 * A word of a line that no line of its mode has at this place. `misspelt`: no configuration of EOS has it anywhere, and it is a letter or two off
 * one that may be there. `ambiguous`: several words of its place begin so. `too-many`: the line is over before it. A name may be
 * `unexpected-word`.
 */
export interface LineFault {
  readonly kind:
    | 'misspelt'
    | 'ambiguous'
    | 'unexpected-word'
    | 'wrong-type'
    | 'out-of-range'
    | 'other-mode'
    | 'too-many'
  /** The place of the word in the line, from 0, with `no` and `default`. */
  readonly token: number
  readonly word: string
  /** The words before it, without `no` and `default`. */
  readonly behind: string
  /** Of a misspelt word, the one that is most likely meant. */
  readonly near?: string
}

/**
 * What a tree says of a line. `seldom`: it has the line by one source, or with its words in another order. `unsaid`: it lacks a word that may be there all the
 * same.
 */
type InTree = Silent | { readonly kind: 'incomplete' } | LineFault

interface Silent {
  readonly kind: 'known' | 'seldom' | 'unsaid'
}

const isSilent = (one: InTree): one is Silent => ['known', 'seldom', 'unsaid'].includes(one.kind)

/** A misspelt keyword has letters and hyphens alone; anything else is a value. */
const SPELT = /^[a-z][a-z-]*[a-z]$/i
/** A misspelt word is so many letters off. */
const SLIP = 2
/** A shorter word is like too many others. */
const SHORTEST = 4

const ACCESS_LIST = /^ip(?:v6)? access-list (?!standard )/

/** Where a line is in the tree of its mode behind some of its words: at any of these nodes. */
interface Place {
  readonly nodes: readonly SyntaxNode[]
  /** Whether a word was found elsewhere in the lines that begin alike: their order and options are not all known. */
  readonly hasJumped: boolean
}

/** What a line is that ends at a place. */
function endAt({ nodes, hasJumped }: Place): InTree {
  if (hasJumped) return { kind: 'seldom' }
  if (nodes.some(({ isEnd, isSeldom }) => isEnd && !isSeldom)) return { kind: 'known' }
  return { kind: nodes.some(({ isSeldom }) => isSeldom) ? 'seldom' : 'incomplete' }
}

/** Each keyword of the lines that begin with one word, and what follows it, wherever it is. */
type Family = ReadonlyMap<string, readonly SyntaxNode[]>

const NO_FAMILY: Family = new Map()

/** The mode of the rule tables that commands open. */
const ruleModeOf = (above: readonly string[]): string =>
  above.reduce((mode, opener) => meaningOf(mode, parseVerb(opener).line).block?.mode ?? 'unknown', 'root')

const keywordsOf = (nodes: readonly SyntaxNode[]): readonly string[] => nodes.flatMap(({ words }) => [...words.keys()])

/** Judges lines by a table of the syntax of EOS (docs/adr/0101). */
export class LineJudge {
  readonly #modes: Modes
  readonly #families = new Map<SyntaxNode, Family>()

  constructor(table: SyntaxTable) {
    this.#modes = new Modes(table)
  }

  /**
   * Whether lines of a mode have the words of this one. A shortened word is known where one word alone begins so, and a line of a mode
   * around its own is known, as EOS takes it.
   *
   * @param above the commands that open its mode, outermost first
   */
  judge(above: readonly string[], line: string): LineJudgement {
    const judged = this.#numbered(above, line) ?? this.#judgeTyped(above, line)
    if (judged.kind === 'known' || judged.kind === 'unknown-mode') return judged
    if (ACCESS_LIST.test(above.at(-1) ?? '') && isAccessRule(line)) return { kind: 'known' }
    // No configuration shows a form that EOS stores in another one.
    const stored = storedForm(ruleModeOf(above), line, undefined)
    return stored !== line && this.#judgeTyped(above, stored).kind === 'known' ? { kind: 'known' } : judged
  }

  /** Whether lines of any mode begin with a word. */
  beginsLine(word: string): boolean {
    return this.#modes.beginning(word).length > 0
  }

  /** Whether lines of the mode that commands open begin with the first two words, or end after the only one. */
  beginsHere(above: readonly string[], [first = '', second]: readonly string[]): boolean {
    const mode = this.#modes.opened(above)
    const node = mode ? this.#modes.tree(mode).words.get(first) : undefined
    if (node === undefined) return false
    return second === undefined ? node.isEnd : node.words.has(second) || node.values.length > 0
  }

  /** Whether lines of the root begin with a word. */
  beginsRootLine(word: string): boolean {
    return this.#modes.tree('').words.has(word)
  }

  /** The judgement of a rule of a list that is typed without its number, which EOS gives it; undefined for another line. */
  #numbered(above: readonly string[], line: string): LineJudgement | undefined {
    const number = /^(?:permit|deny|remark) /.test(line)
      ? NUMBERS.find(([list]) => list.test(above.at(-1) ?? ''))
      : undefined
    if (number === undefined) return undefined
    const judged = this.#judgeTyped(above, `${number[1]} ${line}`)
    if (!('token' in judged)) return judged
    const words = number[1].split(' ').length
    const behind = judged.behind.split(' ').slice(words).join(' ')
    return { ...judged, token: judged.token - words, behind }
  }

  #judgeTyped(above: readonly string[], line: string): LineJudgement {
    if (line.startsWith('!') || heredocBodies(line, above.at(-1)) > 0) return { kind: 'known' }
    const { verb, line: positive } = parseVerb(line)
    const words = positive.split(/\s+/)
    const mode = this.#modes.opened(above)
    if (mode === undefined) return { kind: 'unknown-mode' }
    const own = this.#inTree(this.#modes.tree(mode), words, above)
    const judged = isSilent(own) ? own : (this.#around(above, words, own) ?? own)
    // What is taken away need not be said whole.
    if (isSilent(judged) || (judged.kind === 'incomplete' && verb !== '')) return { kind: 'known' }
    return verb !== '' && 'token' in judged ? { ...judged, token: judged.token + 1 } : judged
  }

  /**
   * What the line is in the nearest mode around its own that has it, or, of a line whose own mode has not even its first word, in the nearest that has that. What
   * is misspelt in its own mode is no name in another.
   */
  #around(above: readonly string[], words: readonly string[], own: InTree): InTree | undefined {
    const [first = ''] = words
    const isStray = 'token' in own && own.token === 0
    const around = above.map((_, index) => above.slice(0, above.length - 1 - index))
    const judged = around.flatMap((path) => {
      const tree = this.#modes.tree(this.#modes.opened(path) ?? '')
      if (!tree.words.has(first)) return []
      const found = this.#inTree(tree, words, path)
      return 'near' in own && found.kind === 'known' && !this.#family(tree, first).has(own.word) ? [] : [found]
    })
    const known = judged.find(({ kind }) => kind === 'known')
    return known ?? (isStray ? judged.find(({ kind }) => kind !== 'unsaid') : undefined)
  }

  #inTree(tree: SyntaxNode, words: readonly string[], above: readonly string[]): InTree {
    const [first = ''] = words
    const text = textStart(words, above.at(-1))
    let place: Place = { nodes: [tree], hasJumped: false }
    for (const [token, word] of words.entries()) {
      if (token === text) return { kind: 'known' }
      // A list may have blanks behind its commas: `666, 777`.
      if (words[token - 1]?.endsWith(',')) continue
      const step =
        this.#step(place, word, token === words.length - 1) ??
        this.#elsewhere(tree, first, token, word) ??
        (isListed(words, token) ? place : undefined)
      if (step === undefined) {
        const where = { token, word, behind: words.slice(0, token).join(' ') }
        if (token > 0) return this.#fault(place, where, this.#family(tree, first))
        return this.#strayed(tree, words, above) ?? this.#fault(place, where, NO_FAMILY)
      }
      place = step
    }
    return endAt(place)
  }

  /** What is said of a line that begins as lines of other modes do; undefined where none does. */
  #strayed(tree: SyntaxNode, words: readonly string[], above: readonly string[]): InTree | undefined {
    const [word = ''] = words
    const others = this.#modes.beginning(word)
    if (others.length === 0) return undefined
    const isOfOther =
      !tree.isSeldom && others.some((other) => ['known', 'seldom'].includes(this.#inTree(other, words, above).kind))
    return isOfOther ? { kind: 'other-mode', token: 0, word, behind: '' } : { kind: 'unsaid' }
  }

  /** Where a word leads from a place; undefined where it leads nowhere. */
  #step({ nodes, hasJumped }: Place, word: string, isLast: boolean): Place | undefined {
    const next = nodes.flatMap((node) => {
      const exact = node.words.get(word)
      const values = node.values.filter(
        (edge) =>
          fitOf(edge, word) === 'fits' &&
          !(exact !== undefined && (isLast || edge.next.isSeldom)) &&
          !this.#isRatherKeyword(node, edge, word),
      )
      return [...(exact === undefined ? [] : [exact]), ...values.map((edge) => edge.next)]
    })
    if (next.length > 0) return { nodes: next, hasJumped }
    const begun = new Set(keywordsOf(nodes).filter((name) => name.startsWith(word)))
    const [only = ''] = begun
    return begun.size === 1 ? { nodes: nodes.flatMap(({ words }) => words.get(only) ?? []), hasJumped } : undefined
  }

  /** Where a word is in other lines that begin alike. */
  #elsewhere(tree: SyntaxNode, first: string, token: number, word: string): Place | undefined {
    const nodes = token === 0 ? undefined : this.#family(tree, first).get(word)
    return nodes === undefined ? undefined : { nodes, hasJumped: true }
  }

  /** Whether a name is a letter or two off a keyword of its place, and nobody knows it: it is rather that keyword. */
  #isRatherKeyword(node: SyntaxNode, { usual = [], next }: ValueEdge, word: string): boolean {
    const shortest = next.isSeldom ? SHORTEST - 1 : SHORTEST
    if (node.words.has(word) || usual.includes(word) || !this.#isMisspelt(word, shortest)) return false
    return suggest(word, [...usual, ...node.words.keys()]) !== undefined
  }

  #fault({ nodes }: Place, where: Pick<LineFault, 'token' | 'word' | 'behind'>, family: Family): InTree {
    const { word } = where
    const edges = nodes.flatMap(({ values }) => values)
    const names = [...keywordsOf(nodes), ...edges.flatMap(({ usual = [] }) => usual)]
    const near = this.#isMisspelt(word)
      ? (suggest(word, names, SLIP) ?? suggest(word, [...family.keys()], SLIP))
      : undefined
    if (new Set(keywordsOf(nodes).filter((name) => name.startsWith(word))).size > 1)
      return { kind: 'ambiguous', ...where }
    if (near !== undefined) return { kind: 'misspelt', ...where, near }
    const fits = new Set(edges.map((edge) => fitOf(edge, word)))
    if (fits.has('out-of-range')) return { kind: 'out-of-range', ...where }
    // A table has too few lines to say that a word of EOS is none of this place, but for one that is like a word of it.
    const mayBe = SPELT.test(word)
      ? this.#modes.hasParts(word) && suggest(word, names) === undefined
      : nodes.some(({ isSeldom }) => isSeldom)
    if (mayBe) return { kind: 'unsaid' }
    if (names.length + edges.length === 0) return { kind: 'too-many', ...where }
    return { kind: fits.has('wrong-type') ? 'wrong-type' : 'unexpected-word', ...where }
  }

  /** Whether a word looks like a keyword and no configuration of EOS has it. */
  #isMisspelt(word: string, shortest = SHORTEST): boolean {
    return word.length >= shortest && SPELT.test(word) && !this.#modes.hasWord(word)
  }

  /** Of the lines of a mode that begin with a word. */
  #family(tree: SyntaxNode, first: string): Family {
    const top = tree.words.get(first)
    if (top === undefined) return NO_FAMILY
    const known = this.#families.get(top)
    if (known !== undefined) return known
    const found = new Map<string, SyntaxNode[]>()
    const walk = (node: SyntaxNode): void => {
      for (const [word, next] of node.words) {
        const places = found.get(word)
        if (places === undefined) found.set(word, [next])
        else places.push(next)
        walk(next)
      }
      for (const { next } of node.values) walk(next)
    }
    walk(top)
    this.#families.set(top, found)
    return found
  }
}

const eos = new LineJudge(TABLE)

/** Whether lines of any mode begin with a word, by the table that this eosflow has. */
export const beginsLine = (word: string): boolean => eos.beginsLine(word)

/** Whether lines of the mode that these commands open begin with these two words, written out, or end after the only one. */
export const beginsHere = (above: readonly string[], words: readonly string[]): boolean => eos.beginsHere(above, words)

/** Whether lines of the root begin with a word, by the table that this eosflow has. */
export const beginsRootLine = (word: string): boolean => eos.beginsRootLine(word)

/** Judges a line by the table that this eosflow has: see {@link LineJudge.judge}. */
export const judgeLine = (above: readonly string[], line: string): LineJudgement => eos.judge(above, line)
