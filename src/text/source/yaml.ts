import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  Lexer,
  type Node,
  type ParsedNode,
  Parser,
  type Scalar,
  visit,
  type YAMLMap,
  YAMLParseError,
} from 'yaml'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/problem.ts'
import { accept, acceptUnless, refuse } from './checked.ts'
import { type LocatedValue, lineStartsOf, locatedNowhere, NO_MEMBERS, placeOfOffset, type Spot } from './located.ts'
import {
  duplicateKey,
  forbiddenKey,
  halfCharacter,
  inexactNumber,
  isExact,
  isForbiddenKey,
  isWhole,
} from './misleading.ts'
import { DEPTH_LIMIT, tooDeepAt } from './nesting.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { show } from './show.ts'
import { readText } from './text.ts'
import { yamlProblems } from './yaml-fault.ts'

const ALIASED_LIMIT = 10_000

/** Reads one YAML 1.2 document (core schema) as a value that knows its places. Everything that a reader could misunderstand is a problem: duplicate keys, unknown tags, several documents, numbers that lose digits, an empty file. */
export function readYaml(content: string | Uint8Array, file: string, limit?: number): ValueOrProblems<LocatedValue> {
  const read = readText(content, file, limit)
  if (!read.ok) return read
  const text = read.value
  const lines = { file, lineStarts: lineStartsOf(text) }
  const plain = readPlainYaml(text)
  if (plain !== undefined) return accept({ ...lines, value: plain.value, spot: plain.spot })
  return readByPackage(text, lines)
}

export function readByPackage(
  text: string,
  lines: Pick<LocatedValue, 'file' | 'lineStarts'>,
): ValueOrProblems<LocatedValue> {
  const { file } = lines
  const tokens = [...new Lexer().lex(text)]
  const deep = tooDeepAt(tokens)
  if (deep !== undefined) return refuse(tooDeep(placeOfOffset(lines, deep)))

  const marked = /^<{7}(?: .*)?\r?$/m.exec(text)
  if (marked !== null && /^>{7}(?: .*)?\r?$/m.test(text)) return refuse(unmerged(placeOfOffset(lines, marked.index)))

  const document = documentOf(tokens, text.length)
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0) {
    return acceptUnless(yamlProblems(faults, text, lines), () => ({
      ...lines,
      value: null,
      spot: { value: 0, members: NO_MEMBERS },
    }))
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return refuse(empty(file))
  }
  const reader = new Reader(document, text, (offset) => placeOfOffset(lines, offset))
  const { value, spot } = reader.read(document.contents, 0)
  return acceptUnless(reader.problems, () => ({ ...lines, value, spot }))
}

function documentOf(tokens: readonly string[], length: number): Document.Parsed {
  const composer = new Composer({ prettyErrors: false, stringKeys: true, resolveKnownTags: false, uniqueKeys: false })
  const [document, other] = composer.compose(parsed(tokens), true, length)
  if (document === undefined) throw new EosflowError('bug', 'the tokens of a text make no document')
  if (other !== undefined) {
    const [from, to] = other.range
    document.errors.push(new YAMLParseError([from, to], 'MULTIPLE_DOCS', 'A second document begins here'))
  }
  return document
}

function* parsed(tokens: readonly string[]): Generator<CST.Token> {
  const parser = new Parser()
  for (const token of tokens) yield* parser.next(token)
  yield* parser.end()
}

/** Reads one scalar, list or map as it stands after `-p key=`: YAML-typed, `file` being the flag as it was typed. */
export function readYamlValue(text: string, file: string): ValueOrProblems<LocatedValue> {
  return text.trim() === '' ? accept(locatedNowhere('', file)) : readYaml(text, file)
}

interface Reading {
  readonly value: Json
  readonly spot: Spot
}

class Reader {
  readonly problems: Problem[] = []
  readonly #text: string
  readonly #targets: ReadonlyMap<Alias, Node>
  readonly #place: (offset: number) => Place
  #aliased = 0
  #isFull = false

  constructor(document: Document.Parsed, text: string, place: (offset: number) => Place) {
    this.#text = text
    this.#targets = aliasTargets(document)
    this.#place = place
  }

  read(node: Node | null, depth: number, aliased = false): Reading {
    const at = offsetOf(node)
    if (aliased) this.#aliased += 1
    if (depth > DEPTH_LIMIT) return this.#refuse(tooDeep(this.#place(at)), at)
    if (isAlias(node)) return this.#alias(node, depth)
    if (isMap(node)) return this.#map(node, depth, aliased)
    if (isCollection(node)) {
      const items = node.items as (Node | null)[]
      if (node.flow !== true) for (const item of items) this.#refuseJoined(item, /\n\s*/)
      return this.#list(items, at, depth, aliased)
    }
    return isScalar(node) ? this.#scalar(node, at) : { value: null, spot: { value: at, members: NO_MEMBERS } }
  }

  #alias(node: Alias, depth: number): Reading {
    const at = offsetOf(node)
    const target = this.#targets.get(node)
    if (target === undefined) {
      const message = `the alias \`*${node.source}\` has no anchor before it`
      const hint = `define it first as \`&${node.source}\`, or quote the text: '*${node.source}'`
      return this.#refuse({ code: 'unknown-alias', message, at: this.#place(at), hint }, at)
    }
    if (this.#aliased > ALIASED_LIMIT) {
      if (this.#isFull) return { value: null, spot: { value: at, members: NO_MEMBERS } }
      this.#isFull = true
      const message = `aliases expand to more than ${ALIASED_LIMIT} values`
      return this.#refuse({ code: 'alias-limit', message, at: this.#place(at), hint: 'write the values out' }, at)
    }
    return this.read(target, depth + 1, true)
  }

  #map(node: YAMLMap, depth: number, aliased: boolean): Reading {
    const members = new Map<string, Spot>()
    const entries: [string, Json][] = []
    for (const pair of node.items) {
      const keyNode = pair.key as Scalar
      const key = String(keyNode.value ?? '')
      const keyAt = offsetOf(keyNode)
      if (!isWhole(key)) this.problems.push(halfCharacter(this.#place(keyAt)))
      if (isForbiddenKey(key)) this.problems.push(forbiddenKey(key, this.#place(keyAt)))
      // The library compares each key with all others, which a file of many keys would make last for minutes.
      if (members.has(key)) this.problems.push(duplicateKey(key, this.#place(keyAt)))
      this.#refuseJoined(pair.value as Node | null, /\n\s*(?=- )/)
      const { value, spot } = this.read(pair.value as Node | null, depth + 1, aliased)
      entries.push([key, value])
      members.set(key, { ...spot, value: spot.value || keyAt, key: keyAt })
    }
    return { value: Object.fromEntries(entries), spot: { value: offsetOf(node), members } }
  }

  #list(items: readonly (Node | null)[], at: number, depth: number, aliased: boolean): Reading {
    const read = items.map((item) => this.read(item, depth + 1, aliased))
    const members = new Map(read.map(({ spot }, index) => [String(index), { ...spot, value: spot.value || at }]))
    return { value: read.map(({ value }) => value), spot: { value: at, members } }
  }

  #scalar(node: Scalar, at: number): Reading {
    const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE'
    if (node.tag === '!') return this.#refuse(bareTag(this.#place(at)), at)
    const spot: Spot = { value: at, ...(quoted ? { text: at + 1 } : {}), members: NO_MEMBERS }
    if (typeof node.value === 'string' && !isWhole(node.value)) return this.#refuse(halfCharacter(this.#place(at)), at)
    if (typeof node.value !== 'number') return { value: node.value as string | boolean | null, spot }
    const written = node.source === String(node.value) ? undefined : node.source
    if (isExact(node.value)) return { value: node.value, spot: written === undefined ? spot : { ...spot, written } }
    return this.#refuse(inexactNumber(node.source ?? String(node.value), this.#place(at)), at)
  }

  #refuseJoined(node: Node | null, more: RegExp): void {
    if (!isScalar(node) || node.type !== 'PLAIN' || node.range == null) return
    const [from, to] = node.range
    const found = more.exec(this.#text.slice(from, to))
    if (found === null) return
    const next = from + found.index + found[0].length
    this.problems.push(
      joinedLines(String(node.value), this.#place(from), this.#place(next), this.#text.slice(next, to)),
    )
  }

  #refuse(problem: Problem, at: number): Reading {
    this.problems.push(problem)
    return { value: null, spot: { value: at, members: NO_MEMBERS } }
  }
}

function bareTag(at: Place): Problem {
  const hint = "write a comment with #; if the ! belongs to the text, put all of it in quotes: '! …'"
  return { code: 'yaml-syntax', message: 'YAML drops the ! before this text', at, hint }
}

function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchored.get(node.source)
        if (target !== undefined) targets.set(node, target)
      } else if (node.anchor !== undefined) anchored.set(node.anchor, node)
    },
  })
  return targets
}

function offsetOf(node: Node | null): number {
  return (node as ParsedNode | null)?.range?.[0] ?? 0
}

function tooDeep(at: Place): Problem {
  return {
    code: 'too-deep',
    message: `the text is nested deeper than ${DEPTH_LIMIT} levels`,
    at,
    hint: 'flatten it, or check that this is the file you meant',
  }
}

function unmerged(at: Place): Problem {
  return {
    code: 'yaml-syntax',
    message: 'a merge of Git has left both sides here',
    at,
    hint: 'keep one side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>; then git add the file',
  }
}

function empty(file: string): Problem {
  return problemOf(
    file,
    'empty-file',
    'the file is empty',
    'begin with an example: `eosflow init` writes one of every kind',
  )
}

function joinedLines(value: string, first: Place, at: Place, rest: string): Problem {
  const isItem = rest.startsWith('- ')
  return {
    code: 'joined-lines',
    message: `line ${at.line} is indented deeper than line ${first.line}, so YAML joins them: \`${show(value).slice(1, -1)}\``,
    at,
    hint: isItem
      ? `begin line ${at.line} in the same column as the \`-\` above it`
      : `make it another item, in quotes where its indent counts: - '   ${(rest.split('\n')[0] ?? '').trim()}'`,
  }
}
