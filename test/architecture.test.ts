import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const CORE = [
  'model',
  'source',
  'config',
  'device',
  'inventory',
  'query',
  'workflow',
  'policy',
  'journal',
  'task',
  'check',
  'plan',
] as const
const EVERYTHING = [...CORE, 'engine', 'report', 'transport', 'identity', 'secret', 'sim', 'testing'] as const

/** The one-way rule: what each room of `src/` may import besides itself. ARCHITECTURE.md draws this table. */
const may: Record<string, readonly string[]> = {
  model: [],
  source: ['model'],
  config: ['model'],
  device: ['model'],
  inventory: ['model', 'source', 'device'],
  query: ['model', 'source'],
  workflow: ['model', 'source', 'query'],
  policy: ['model', 'source'],
  journal: ['model'],
  task: ['model', 'config', 'device'],
  check: ['model', 'source', 'config', 'device', 'query'],
  plan: CORE,
  engine: CORE,
  report: [...CORE, 'engine'],
  transport: ['model', 'config', 'device'],
  identity: ['model'],
  secret: ['model'],
  sim: ['model', 'source', 'config'],
  testing: EVERYTHING,
  app: EVERYTHING,
  cli: [...EVERYTHING, 'app'],
}

/** Where each package may be imported. Anything not listed is allowed nowhere. */
const home: Record<string, readonly string[]> = {
  yaml: ['source'],
  zod: ['source', 'inventory', 'workflow', 'policy', 'journal', 'task', 'check', 'plan', 'sim', 'testing'],
  diff: ['config'],
  jsonata: ['query'],
  'better-sqlite3': ['journal/sqlite'],
  immutable: ['engine'],
  axios: ['transport'],
  ssh2: ['transport/ssh', 'sim'],
  'openid-client': ['identity'],
  jose: ['identity'],
  commander: ['cli'],
}

/** Node modules that read time, chance, files or sockets, and the rooms at the edge that may. */
const edges: Record<string, readonly string[]> = {
  'node:fs': ['cli', 'app', 'journal/sqlite', 'secret', 'identity', 'testing'],
  'node:fs/promises': ['cli', 'app', 'secret', 'identity', 'testing'],
  'node:http': ['transport', 'sim', 'identity', 'secret', 'cli', 'testing'],
  'node:https': ['transport', 'sim', 'identity', 'secret'],
  'node:net': ['transport', 'sim', 'inventory', 'workflow'],
  'node:tls': ['transport', 'sim'],
  'node:child_process': ['cli', 'identity', 'secret', 'testing'],
  'node:os': ['identity', 'cli', 'app', 'testing'],
}

const src = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const textOf = (file: string): string => readFileSync(join(src, file), 'utf8')
const isIn = (file: string, places: readonly string[]): boolean => places.some((place) => file.startsWith(`${place}/`))

/** Every form of import: static, type-only, side effect, dynamic, re-export, require. */
const IMPORT =
  /\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"`]([^'"`]+)['"`]|\bimport\s+['"]([^'"]+)['"]|\brequire\s*\(\s*['"]([^'"]+)['"]/g
const importsOf = (text: string): string[] =>
  [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')

/** The package of a bare specifier: `zod/v4` is zod. */
const packageOf = (specifier: string): string =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? '')

function faultsOf(file: string): string[] {
  return importsOf(textOf(file)).flatMap((specifier) => {
    if (specifier.startsWith('.')) return roomFault(file, specifier)
    if (specifier.startsWith('node:')) return edgeFault(file, specifier)
    return isIn(file, home[packageOf(specifier)] ?? []) ? [] : [`${file}: ${specifier} has no home here`]
  })
}

function roomFault(file: string, specifier: string): string[] {
  const room = file.split('/')[0] ?? ''
  const target = relative(src, join(src, dirname(file), specifier)).split('/')[0] ?? ''
  if (target === room || target === 'version.ts' || may[room]?.includes(target) === true) return []
  return [`${file}: ${room} may not import ${specifier}`]
}

function edgeFault(file: string, specifier: string): string[] {
  const places = edges[specifier]
  return places === undefined || isIn(file, places) ? [] : [`${file}: ${specifier} is for ${places.join(', ')}`]
}

describe('architecture', () => {
  test('every room is in the table, and there are files to judge', () => {
    const rooms = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rooms.map((entry) => entry.name).sort()).toEqual(Object.keys(may).sort())
    expect(files.length).toBeGreaterThan(150)
    expect(files.reduce((sum, file) => sum + importsOf(textOf(file)).length, 0)).toBeGreaterThan(500)
  })

  test('imports go one way, and packages stay in their rooms', () => {
    expect(files.filter((file) => file.includes('/')).flatMap(faultsOf)).toEqual([])
  })

  test('every dependency is imported, and in each room that it has a home in', () => {
    const { dependencies } = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')) as { dependencies: object }
    expect(Object.keys(dependencies).sort()).toEqual(Object.keys(home).sort())
    const used = new Set(
      files.flatMap((file) => importsOf(textOf(file)).map((specifier) => `${file} ${packageOf(specifier)}`)),
    )
    const isUsed = (name: string, place: string): boolean =>
      [...used].some((one) => one.startsWith(`${place}/`) && one.endsWith(` ${name}`))
    const homes = Object.entries(home).flatMap(([name, places]) => places.map((place) => [name, place] as const))
    expect(homes.length).toBeGreaterThan(15)
    expect(homes.filter(([name, place]) => !isUsed(name, place))).toEqual([])
  })

  test('the rule can fail: it sees every form of import', () => {
    const forms = `import a from 'one'\nimport type { b } from "two"\nimport 'three'\nexport * from 'four'\nawait import('five')\nrequire('six')`
    expect(importsOf(forms)).toEqual(['one', 'two', 'three', 'four', 'five', 'six'])
  })

  test('the core asks nobody for the time, a random number or a file', () => {
    const edge = ['cli', 'transport', 'testing', 'identity', 'secret', 'journal/sqlite', 'sim']
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bperformance\.now\(|\bprocess\./
    // Checkpoints are taken to their anchors while a command waits for switches; a timer that keeps no process alive is no part of the core.
    const aside = ['app/audit/courier.ts']
    const core = files.filter((file) => file.includes('/') && !isIn(file, edge) && !aside.includes(file))
    expect(core.length).toBeGreaterThan(100)
    expect(core.filter((file) => impure.test(withoutComments(textOf(file))))).toEqual([])
  })

  test('the application knows no command line: neither its words, nor the process', () => {
    const app = files.filter((file) => isIn(file, ['app']))
    expect(app.length).toBeGreaterThan(90)
    const bound = /\bprocess\.(?!\s)|\bInvocation\b|\bGlobalOptions\b|\bargv\b/
    expect(app.filter((file) => bound.test(withoutComments(textOf(file))))).toEqual([])
    expect('const { io } = bench.invocation as Invocation').toMatch(bound)
  })

  test('no drawer, no god file', () => {
    const drawers = files.filter((file) => /(^|\/)(utils?|types?|helpers?|common|misc)(\.ts|\/)/.test(file))
    expect(drawers).toEqual([])
    const long = files.filter((file) => textOf(file).split('\n').length > 301 && statSync(join(src, file)).isFile())
    expect(long).toEqual([])
  })

  test('every exported declaration says what it is', () => {
    const bare = files.flatMap((file) => undocumented(file))
    expect(bare).toEqual([])
  })
})

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

const EXPORT = /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class|interface|type) (\w+)/

function undocumented(file: string): string[] {
  const lines = textOf(file).split('\n')
  return lines.flatMap((line, index) => {
    const name = EXPORT.exec(line)?.[1]
    if (name === undefined) return []
    const before = (lines[index - 1] ?? '').trim()
    const overload = EXPORT.exec(lines[index - 1] ?? '')?.[1] === name
    return before.endsWith('*/') || overload ? [] : [`${file}:${index + 1} ${name}`]
  })
}
