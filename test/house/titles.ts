import { dirname, join } from 'node:path'
import { parseAst } from 'vitest/node'
import { textOf as read, under } from './sources.ts'

/** The steps of the gate that run tests, and the night after it. */
export const STEPS = ['test', 'long', 'postgres', 'storm', 'clients', 'control-room', 'night'] as const

/** One of the steps that run tests. */
type Step = (typeof STEPS)[number]

/** A title, or the text of a table that becomes one, which begins with the ids of what its tests prove: `[P2] [F5b] the answer is lost`. */
export interface Title {
  readonly ids: readonly string[]
  readonly text: string
  /** From the root of the checkout. */
  readonly file: string
  /** Where its tests run; none if they are always skipped. */
  readonly steps: readonly Step[]
  /** It is in a table, of which a step may look at a cut only. */
  readonly isRow: boolean
}

/** A node of the syntax tree as the parser gives it. */
interface Node {
  readonly type: string
  readonly [member: string]: unknown
}

/** One call of `test`, `it` or `describe` around a text: the tags that it gives, and whether it skips what is in it. */
interface Call {
  readonly isTest: boolean
  readonly tags: readonly string[]
  readonly isSkipped: boolean
}

/** The calls around a text, the outermost first. */
type Chain = readonly Call[]

/** A title of one file, with the calls around each test that it is a title of. */
interface Carried extends Pick<Title, 'ids' | 'text' | 'isRow'> {
  readonly runs: readonly Chain[]
}

/** The calls around a node, and the variable in the innermost of them that it is a value of. */
interface Place {
  readonly calls: Chain
  readonly table: string | undefined
}

/** A text that begins with ids, and its place. */
type Found = Pick<Title, 'ids' | 'text'> & Place & { readonly node: Node }

/** Texts that begin with ids. A date format, `[M01][D01]`, has none: ids have no leading zero, and a space after them. */
const BEGINS = /^(?:\[\d?[A-Z][1-9]\d*[a-z]?\] )+/
/** Files whose texts are examples of titles, or name some. */
const NO_TITLES = [
  'test/house/ledger.test.ts',
  'test/extent.test.ts',
  'test/fault-model/rows.ts',
  'test/fault-model/many-rows.ts',
]
/** What a file must have to be parsed. */
const MAY_BEGIN = /(?:['"`]|^ +)(?:\[\d?[A-Z][1-9]\d*[a-z]?\] )/m

/** The ids that a text begins with. */
export const idsOf = (text: string): readonly string[] => (BEGINS.exec(text)?.[0].match(/[^\s[\]]+/g) ?? []).toSorted()

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Every title of `test/` that begins with ids. */
export function titles(): readonly Title[] {
  const texts = new Map(under('test').map((file) => [file, read(file)]))
  const importers = importersIn(texts)
  return [...texts]
    .filter(([file, text]) => !NO_TITLES.includes(file) && MAY_BEGIN.test(text))
    .flatMap(([file, text]) =>
      titlesIn(text).map(({ runs, ...title }) => ({ ...title, file, steps: steps(file, runs) })),
    )

  function steps(file: string, runs: readonly Chain[]): readonly Step[] {
    const runners = runnersOf(file, importers)
    const found = runs
      .filter((calls) => !calls.some(({ isSkipped }) => isSkipped))
      .map((calls) => calls.flatMap(({ tags }) => tags))
      .flatMap((tags) => runners.map((runner) => stepOf(runner, [...tags, ...moduleTags(texts.get(runner))])))
    return STEPS.filter((step) => found.includes(step))
  }
}

/** The titles of one file that begin with ids, each with what runs it. */
export function titlesIn(text: string): readonly Carried[] {
  const found: Found[] = []
  const tests: Chain[] = []
  const users = new Map<string, Chain[]>()
  const made = new Map<string, Set<string>>()
  const callees = new Set<unknown>()
  const named = new Set<unknown>()
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node, { calls: [], table: undefined })
  return found.map(({ ids, text, node, calls, table }) => {
    return { ids, text, isRow: !named.has(node), runs: runsOf(calls, table) }
  })

  function visit(node: Node, place: Place): void {
    for (const text of textsOf(node)) {
      const ids = idsOf(text)
      if (ids.length > 0) found.push({ ids, text, node, ...place })
    }
    const call = callees.has(node) ? undefined : callOf(node)
    const inner = call === undefined ? declared(node, place) : called(node, [...place.calls, call], call)
    for (const child of childrenOf(node)) visit(child, inner)
  }

  function called(node: Node, calls: Chain, { isTest }: Call): Place {
    if (isTest) tests.push(calls)
    callees.add(node.callee)
    named.add((node.arguments as readonly Node[])[0])
    for (const name of namesUnder(node.callee)) users.set(name, [...(users.get(name) ?? []), calls])
    return { calls, table: undefined }
  }

  function declared(node: Node, place: Place): Place {
    const name = node.type === 'VariableDeclarator' ? namesOf(node.id)[0] : undefined
    if (name === undefined) return place
    const value = node.init
    if (isNode(value) && value.type !== 'ArrowFunctionExpression') {
      for (const from of namesUnder(value)) made.set(from, (made.get(from) ?? new Set()).add(name))
    }
    return { ...place, table: place.table ?? name }
  }

  /** The tests in a group, or what is run for each row of a table or of what is made of it. */
  function runsOf(calls: Chain, table: string | undefined): readonly Chain[] {
    const tables = new Set(table === undefined ? [] : [table])
    for (const one of tables) for (const other of made.get(one) ?? []) tables.add(other)
    const looked = [...tables].flatMap((one) => users.get(one) ?? [])
    return (looked.length > 0 ? looked : [calls]).flatMap((chain) => {
      const last = chain.at(-1)
      const within = last === undefined || last.isTest ? [] : tests.filter((other) => other.includes(last))
      return within.length > 0 ? within : [chain]
    })
  }
}

const childrenOf = (node: Node): readonly Node[] => Object.values(node).flat().filter(isNode)

/** The names of all identifiers in a node. */
function namesUnder(node: unknown): readonly string[] {
  if (!isNode(node)) return []
  return [...(node.type === 'Identifier' ? [node.name as string] : []), ...childrenOf(node).flatMap(namesUnder)]
}

/** The text of a node, or the first cell of each row of a `table` that is written as text. */
function textsOf(node: Node): readonly string[] {
  if (node.type === 'TaggedTemplateExpression' && namesOf(node.tag)[0] === 'table') {
    const rows = isNode(node.quasi) ? (textOf(node.quasi) ?? '').split('\n') : []
    return rows.flatMap((row) => row.trim().split(/ {2,}/, 1))
  }
  return [textOf(node) ?? '']
}

/** What a literal or a template says; a value of a template is `…`. */
function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node.type !== 'TemplateLiteral') return undefined
  const parts = node.quasis as readonly { readonly value: { readonly cooked: string } }[]
  return parts.map(({ value }) => value.cooked).join('…')
}

/** A call of `test`, `it` or `describe`, also of their members and of what these return: `test.each(rows)(title, options, run)`. */
function callOf(node: Node): Call | undefined {
  if (node.type !== 'CallExpression') return undefined
  const names = namesOf(node.callee)
  if (!/^(?:test|it|describe)$/.test(names[0] ?? '')) return undefined
  const tags = (node.arguments as readonly Node[]).flatMap(tagsOf)
  return { isTest: names[0] !== 'describe', tags, isSkipped: names.includes('skip') || names.includes('todo') }
}

/** The names of a callee, the first of them first. */
function namesOf(node: unknown): readonly string[] {
  if (!isNode(node)) return []
  if (node.type === 'Identifier') return [node.name as string]
  if (node.type === 'MemberExpression') return [...namesOf(node.object), ...namesOf(node.property)]
  return node.type === 'CallExpression' ? namesOf(node.callee) : []
}

function tagsOf(argument: Node): readonly string[] {
  if (argument.type !== 'ObjectExpression') return []
  const tags = (argument.properties as readonly Node[]).find(
    ({ key }) => isNode(key) && (key.name ?? key.value) === 'tags',
  )?.value
  if (!isNode(tags)) return []
  const values = tags.type === 'ArrayExpression' ? (tags.elements as readonly Node[]) : [tags]
  return values.flatMap(({ value }) => (typeof value === 'string' ? [value] : []))
}

const moduleTags = (text = ''): readonly string[] =>
  [...text.matchAll(/^\/\/ @module-tag (\w+)$/gm)].map(([, tag = '']) => tag)

const isRun = (file: string): boolean => /\.(?:test|long|postgres|clients|room)\.ts$/.test(file)

/** The step that runs a test of a file with these tags. */
function stepOf(file: string, tags: readonly string[]): Step {
  if (tags.includes('night')) return 'night'
  if (file.endsWith('/workers.postgres.ts')) return 'storm'
  if (file.endsWith('.postgres.ts')) return 'postgres'
  if (file.endsWith('.clients.ts')) return 'clients'
  if (file.endsWith('.room.ts')) return 'control-room'
  return tags.includes('long') || file.endsWith('.long.ts') ? 'long' : 'test'
}

/** The files that import a file directly, for each file. */
function importersIn(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>()
  for (const [file, text] of texts) {
    for (const [, path = ''] of text.matchAll(/\bfrom '(\.[^']+)'/g)) {
      const imported = join(dirname(file), path)
      importers.set(imported, [...(importers.get(imported) ?? []), file])
    }
  }
  return importers
}

/** The files that a runner of tests begins with and that have this one in them: itself, or what imports it. */
function runnersOf(file: string, importers: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reached = new Set([file])
  for (const one of reached) if (!isRun(one)) for (const importer of importers.get(one) ?? []) reached.add(importer)
  return [...reached].filter(isRun)
}
