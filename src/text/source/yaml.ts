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
import { z } from 'zod'
import { EosflowError, type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import type { AllowedHost } from '../../model/http-port.ts'
import type { Json } from '../../model/json.ts'
import { explainIssue, keysAt } from './explain-issue.ts'
import {
  duplicateKey,
  forbiddenKey,
  halfCharacter,
  inexactNumber,
  isExact,
  isForbiddenKey,
  isWhole,
  readJson,
} from './json.ts'
import {
  accept,
  acceptUnless,
  type LocatedValue,
  lineStartsOf,
  locatedAt,
  locatedNowhere,
  NO_MEMBERS,
  placeOfOffset,
  readText,
  refuse,
  type Spot,
} from './located.ts'
import { DEPTH_LIMIT, tooDeepAt } from './nesting.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { show } from './show.ts'
import { suggest } from './suggest.ts'
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
    return acceptUnless(yamlProblems(faults, text, lines), () => ({ ...lines, ...nothingAt(0) }))
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return refuse(empty(file))
  }
  const reader = readerOf(document, text, (offset) => placeOfOffset(lines, offset))
  const { value, spot } = reader.read(document.contents, 0)
  return acceptUnless(reader.problems, () => ({ ...lines, value, spot }))
}

function documentOf(tokens: readonly string[], length: number) {
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

function readerOf(document: Document.Parsed, text: string, place: (offset: number) => Place) {
  const problems: Problem[] = []
  const targets = aliasTargets(document)
  let aliases = 0
  let isFull = false

  function read(node: Node | null, depth: number, aliased = false): Reading {
    const at = offsetOf(node)
    if (aliased) aliases += 1
    if (depth > DEPTH_LIMIT) return refused(tooDeep(place(at)), at)
    if (isAlias(node)) return aliasRead(node, depth)
    if (isMap(node)) return mapRead(node, depth, aliased)
    if (isCollection(node)) return listRead(node.items as (Node | null)[], node.flow === true, at, depth, aliased)
    return isScalar(node) ? scalarRead(node, at) : nothingAt(at)
  }

  function aliasRead(node: Alias, depth: number): Reading {
    const at = offsetOf(node)
    const target = targets.get(node)
    if (target === undefined) {
      const message = `the alias \`*${node.source}\` has no anchor before it`
      const hint = `define it first as \`&${node.source}\`, or quote the text: '*${node.source}'`
      return refused({ code: 'unknown-alias', message, at: place(at), hint }, at)
    }
    if (aliases > ALIASED_LIMIT) {
      if (isFull) return nothingAt(at)
      isFull = true
      const message = `aliases expand to more than ${ALIASED_LIMIT} values`
      return refused({ code: 'alias-limit', message, at: place(at), hint: 'write the values out' }, at)
    }
    return read(target, depth + 1, true)
  }

  function mapRead(node: YAMLMap, depth: number, aliased: boolean): Reading {
    const members = new Map<string, Spot>()
    const entries: [string, Json][] = []
    for (const pair of node.items) {
      const keyNode = pair.key as Scalar
      const key = String(keyNode.value ?? '')
      const keyAt = offsetOf(keyNode)
      if (!isWhole(key)) problems.push(halfCharacter(place(keyAt)))
      if (isForbiddenKey(key)) problems.push(forbiddenKey(key, place(keyAt)))
      // The library compares each key with all others, which a file of many keys would make last for minutes.
      if (members.has(key)) problems.push(duplicateKey(key, place(keyAt)))
      refuseJoined(pair.value as Node | null, /\n\s*(?=- )/)
      const { value, spot } = read(pair.value as Node | null, depth + 1, aliased)
      entries.push([key, value])
      members.set(key, { ...spot, value: spot.value || keyAt, key: keyAt })
    }
    return { value: Object.fromEntries(entries), spot: { value: offsetOf(node), members } }
  }

  function listRead(
    items: readonly (Node | null)[],
    isFlow: boolean,
    at: number,
    depth: number,
    aliased: boolean,
  ): Reading {
    if (!isFlow) for (const item of items) refuseJoined(item, /\n\s*/)
    const all = items.map((item) => read(item, depth + 1, aliased))
    const members = new Map(all.map(({ spot }, index) => [String(index), { ...spot, value: spot.value || at }]))
    return { value: all.map(({ value }) => value), spot: { value: at, members } }
  }

  function scalarRead(node: Scalar, at: number): Reading {
    const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE'
    if (node.tag === '!') return refused(bareTag(place(at)), at)
    const spot: Spot = { value: at, ...(quoted ? { text: at + 1 } : {}), members: NO_MEMBERS }
    if (typeof node.value === 'string' && !isWhole(node.value)) return refused(halfCharacter(place(at)), at)
    if (typeof node.value === 'number') return numberRead(node.value, node.source, spot)
    return { value: node.value as string | boolean | null, spot }
  }

  function numberRead(value: number, source: string | undefined, spot: Spot): Reading {
    const written = source ?? String(value)
    if (!isExact(value)) return refused(inexactNumber(written, place(spot.value)), spot.value)
    return { value, spot: written === String(value) ? spot : { ...spot, written } }
  }

  function refuseJoined(node: Node | null, more: RegExp) {
    if (!isScalar(node) || node.type !== 'PLAIN' || node.range == null) return
    const [from, to] = node.range
    const found = more.exec(text.slice(from, to))
    if (found === null) return
    const next = from + found.index + found[0].length
    problems.push(joinedLines(String(node.value), place(from), place(next), text.slice(next, to)))
  }

  function refused(problem: Problem, at: number): Reading {
    problems.push(problem)
    return nothingAt(at)
  }

  return { read, problems }
}

function nothingAt(at: number): Reading {
  return { value: null, spot: { value: at, members: NO_MEMBERS } }
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

function offsetOf(node: Node | null) {
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

function empty(file: string) {
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

export function parseWith<T>(schema: z.ZodType<T>, located: LocatedValue): ValueOrProblems<T> {
  // A document is read once: the code that Zod would make of its schema costs more than it saves.
  const parsed = schema.safeParse(located.value, { jitless: true })
  if (parsed.success) return accept(parsed.data)
  const { issues } = parsed.error
  const problems = issues
    .filter((issue) => !isSlip(issue, issues, schema, located))
    .flatMap((issue) => explainIssue(issue, schema, located))
  return acceptUnless(problems, () => parsed.data as never)
}

/** The JSON Schema (draft 2020-12) of what a person writes for a schema, for editors that complete and check. */
export function jsonSchemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
}

// Whether a key is missing only because it stands there misspelt, which is said of the misspelt one.
function isSlip(
  issue: z.core.$ZodIssue,
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  located: LocatedValue,
) {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const around = path.slice(0, -1)
  if (path.length === 0 || locatedAt(located, path) !== undefined) return false
  return issues.some(
    (other) =>
      other.code === 'unrecognized_keys' &&
      other.path.join('\n') === around.join('\n') &&
      other.keys.some((key) => suggest(key, keysAt(schema, around)) === path.at(-1)),
  )
}

/** A text as located data: JSON by the name of its file, and YAML otherwise. */
export function readDocument(content: string | Uint8Array, file: string): ValueOrProblems<LocatedValue> {
  return file.endsWith('.json') ? readJson(content, file) : readYaml(content, file)
}

/** `hint`: an example. */
export function serviceUrl(hint: string) {
  return z.string().refine(isAddress, {
    error: 'an address is http or https, a host, and a path if there is one; nothing else',
    params: { code: 'bad-address', hint },
  })
}

export const serviceHeaders = z
  .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header'), z.string().max(4096))
  .default({})
  .describe('Headers of each request, as the tenant or an authorization; secrets as references to where they are kept.')

const OWN =
  /^(?:host|content-length|content-type|content-digest|transfer-encoding|connection|accept|accept-encoding|user-agent|signature|signature-input|idempotency-key|eosflow-.*)$/i

// Headers whose value is a secret.
const SECRET = /^(?:authorization|proxy-authorization|cookie|.*(?:token|secret|password|api-?key).*)$/i

/** `what`: the service in words. */
export function serviceFaults(
  what: string,
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  hosts: readonly AllowedHost[],
): readonly {
  readonly path: readonly string[]
  readonly message: string
  readonly code: string
  readonly hint: string
}[] {
  const { origin } = new URL(url)
  const host = hosts.find((one) => one.origin === origin)
  if (host === undefined) {
    const message = `${what} is at ${origin}, which is not among \`http: hosts:\``
    return [{ path: ['url'], message, code: 'host-not-allowed', hint: `add it: \`http: { hosts: [${origin}] }\`` }]
  }
  return Object.entries(headers).flatMap(([header, value]) => {
    const path = ['headers', header]
    if (OWN.test(header))
      return [{ path, message: `eosflow sets the header \`${header}\` itself`, code: 'own-header', hint: 'delete it' }]
    if (SECRET.test(header) && !value.includes('${')) {
      const hint = `write where it is kept (\`\${env:SERVICE_TOKEN}\`), and change the one that was here`
      return [
        { path, message: `the header \`${header}\` holds a secret in clear text`, code: 'clear-text-secret', hint },
      ]
    }
    return [...value.matchAll(/\$\{[^}]*\}/g)]
      .filter(([reference]) => !host.secrets.includes(reference))
      .map(([reference]) => ({
        path,
        message: `${reference} may not be sent to ${origin}`,
        code: 'secret-not-allowed',
        hint: `list it: \`http: { hosts: [{ origin: ${origin}, secrets: ['${reference}'] }] }\``,
      }))
  })
}

function isAddress(text: string) {
  if (!/^https?:\/\/[^\s\\*]+$/.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return (
    username === '' && password === '' && search === '' && hash === '' && !text.endsWith('?') && !text.endsWith('#')
  )
}
