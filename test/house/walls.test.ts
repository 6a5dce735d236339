import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const CORE = [
  'model',
  'source',
  'jinja',
  'config',
  'invariant',
  'device',
  'roster',
  'schedule',
  'inventory',
  'query',
  'workflow',
  'policy',
  'journal',
  'task',
  'check',
  'plan',
] as const
const EVERYTHING = [
  ...CORE,
  'engine',
  'report',
  'notice',
  'transport',
  'identity',
  'secret',
  'system',
  'sim',
  'hook',
  'dispatch',
  'conformance',
] as const

/** The one-way rule: what each room of `src/` may import besides itself. ARCHITECTURE.md draws this table. */
const may: Record<string, readonly string[]> = {
  model: [],
  source: ['model'],
  jinja: ['model', 'source'],
  config: ['model', 'source'],
  invariant: ['model', 'source', 'config'],
  device: ['model'],
  roster: ['model', 'source', 'jinja'],
  schedule: ['model', 'source'],
  inventory: ['model', 'source', 'invariant', 'device', 'roster', 'schedule', 'query'],
  query: ['model', 'source'],
  workflow: ['model', 'source', 'jinja', 'query'],
  policy: ['model', 'source'],
  journal: ['model'],
  task: ['model', 'config', 'device'],
  check: ['model', 'source', 'config', 'device', 'query'],
  plan: CORE,
  engine: CORE,
  report: [...CORE, 'engine', 'conformance'],
  notice: [...CORE, 'engine', 'report'],
  transport: ['model', 'config', 'device'],
  identity: ['model'],
  secret: ['model'],
  sim: ['model', 'source', 'config'],
  hook: ['model', 'source', 'inventory', 'query'],
  conformance: ['model', 'config', 'device', 'sim'],
  system: ['model', 'source', 'journal'],
  dispatch: ['model', 'journal'],
  app: EVERYTHING,
  trial: [...EVERYTHING, 'app'],
  worker: [...EVERYTHING, 'app'],
  library: [...EVERYTHING, 'app'],
  mcp: ['model', 'source', 'app'],
  server: [...EVERYTHING, 'app', 'mcp'],
  cli: [...EVERYTHING, 'app', 'trial', 'server', 'worker'],
  web: [],
}

/** Where each package may be imported. Anything not listed is allowed nowhere. */
const home: Record<string, readonly string[]> = {
  yaml: ['source'],
  zod: [
    'source',
    'invariant',
    'schedule',
    'inventory',
    'workflow',
    'policy',
    'journal',
    'task',
    'check',
    'plan',
    'report',
    'sim',
    'conformance',
    'trial',
    'server',
    'mcp',
    'library',
  ],
  diff: ['config'],
  jsonata: ['query'],
  'better-sqlite3': ['journal/sqlite', 'journal/sqlite', 'system'],
  immutable: ['engine', 'journal'],
  axios: ['transport'],
  ssh2: ['transport/ssh', 'sim'],
  nodemailer: ['transport/notify'],
  'openid-client': ['identity'],
  jose: ['identity'],
  'age-encryption': ['secret'],
  commander: ['cli'],
  croner: ['schedule'],
  hono: ['server'],
  '@modelcontextprotocol/server': ['mcp'],
  '@hono/node-server': ['server'],
  'prom-client': ['server/metrics'],
}

/** Packages that are built into the script of the pages, and installed by nobody: where each may be imported. */
const bundled: Record<string, readonly string[]> = {
  idiomorph: ['web'],
}

/** Packages that whoever wants what they do installs beside eosflow: where each may be imported, by files that are loaded by `import()` alone. */
const optional: Record<string, readonly string[]> = {
  '@dbos-inc/dbos-sdk': [
    'project/app/dispatch/dbos/dbos-dispatcher.ts',
    'project/app/dispatch/dbos/dbos-tables.ts',
    'project/app/dispatch/dbos/queue-looks.ts',
  ],
  '@opentelemetry/api': ['project/app/trace/otel-spans.ts'],
  '@opentelemetry/exporter-trace-otlp-http': ['project/app/trace/otel-spans.ts'],
  '@opentelemetry/resources': ['project/app/trace/otel-spans.ts'],
  '@opentelemetry/sdk-trace-node': ['project/app/trace/otel-spans.ts'],
  pg: [
    'project/app/dispatch/dbos/dbos-dispatcher.ts',
    'project/app/dispatch/dbos/dbos-tables.ts',
    'project/app/dispatch/dbos/patient-pool.ts',
    'change/record/postgres/database.ts',
  ],
}

/** Node modules that read time, chance, files or sockets, and the places at the edge that may: rooms, folders and files. */
const edges: Record<string, readonly string[]> = {
  'node:fs': [
    'cli',
    'app',
    'journal/sqlite',
    'secret',
    'identity',
    'system',
    'doors/http/jobs/served-executions.ts',
    'lab/trial/start-fabric.ts',
    'lab/workflow-test/cases.ts',
  ],
  'node:fs/promises': ['cli', 'app', 'secret', 'identity'],
  'node:http': [
    'transport',
    'sim/eapi',
    'eos/sim/fabric/control-server.ts',
    'identity',
    'secret',
    'cli',
    'doors/http/request/listen.ts',
  ],
  'node:https': ['transport', 'sim/eapi', 'secret'],
  'node:net': [
    'transport',
    'sim/eapi',
    'eos/sim/fabric/control-server.ts',
    'sim/listener',
    'sim/ssh',
    'sim/tls',
    'inventory',
    'model/ip-address.ts',
    'doors/http/request/listen.ts',
  ],
  'node:tls': ['transport', 'sim/eapi'],
  'node:child_process': ['cli', 'identity', 'secret', 'project/system/machine/git.ts', 'eos/transport/notify/program.ts'],
  'node:os': ['identity', 'cli', 'app'],
  'node:timers': [],
  'node:timers/promises': ['project/system/machine/system-clock.ts', 'sim/listener', 'cli'],
}

/** The places that may ask for the time, for chance and for the process. Everything else has them as ports. */
const impurePlaces = [
  'project/app/dispatch/dbos/patient-pool.ts',
  'cli',
  'transport',
  'identity',
  'secret',
  'journal/sqlite',
  'system',
  // The default of an argument, for whoever judges a check by hand.
  'lab/trial/judge-check.ts',
  // Checkpoints are taken to their anchors while a command waits for switches: a timer that keeps no process alive.
  'project/record/audit/checkpoint-forwarder.ts',
  // The script of the pages runs in a browser.
  'web',
]

const src = fileURLToPath(new URL('../../src', import.meta.url))
const sourcesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const files = sourcesIn(src)
/** The simulated histories, which are not in the package: as paths from `src`. */
const simulated = sourcesIn(join(src, '../simulate')).map((file) => join('../simulate', file))
const textOf = (file: string) => readFileSync(join(src, file), 'utf8')
const isIn = (file: string, places: readonly string[]) =>
  places.some((place) => file === place || file.startsWith(`${place}/`))

/** Every form of import: static, type-only, side effect, dynamic, re-export, require. */
const IMPORT =
  /\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"`]([^'"`]+)['"`]|\bimport\s+['"]([^'"]+)['"]|\brequire\s*\(\s*['"]([^'"]+)['"]/g
const importsOf = (text: string) =>
  [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')

const homeOf = (name: string) => home[name] ?? bundled[name] ?? optional[name] ?? []

/** The package of a bare specifier: `zod/v4` is zod. */
const packageOf = (specifier: string) =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? '')

function faultsOf(file: string) {
  return importsOf(textOf(file)).flatMap((specifier) => {
    if (specifier.startsWith('.')) return roomFault(file, specifier)
    if (specifier.startsWith('node:')) return edgeFault(file, specifier)
    return isIn(file, homeOf(packageOf(specifier))) ? [] : [`${file}: ${specifier} has no home here`]
  })
}

function roomFault(file: string, specifier: string) {
  const room = file.split('/')[0] ?? ''
  const target = relative(src, join(src, dirname(file), specifier)).split('/')[0] ?? ''
  if (target === room || target === 'version.ts' || may[room]?.includes(target) === true) return []
  return [`${file}: ${room} may not import ${specifier}`]
}

function edgeFault(file: string, specifier: string) {
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

  test('[D1] imports go one way, and packages stay in their rooms', () => {
    expect(files.filter((file) => file.includes('/')).flatMap(faultsOf)).toEqual([])
  })

  test('[D2] every dependency is imported, and in each room that it has a home in', () => {
    const { dependencies } = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')) as { dependencies: object }
    expect(Object.keys(dependencies).sort()).toEqual(Object.keys(home).sort())
    const used = new Set(
      files.flatMap((file) => importsOf(textOf(file)).map((specifier) => `${file} ${packageOf(specifier)}`)),
    )
    const isUsed = (name: string, place: string) =>
      [...used].some((one) => one.startsWith(`${place}/`) && one.endsWith(` ${name}`))
    const homes = Object.entries(home).flatMap(([name, places]) => places.map((place) => [name, place] as const))
    expect(homes.length).toBeGreaterThan(15)
    expect(homes.filter(([name, place]) => !isUsed(name, place))).toEqual([])
  })

  test('optional packages are optional peers, and the files that import them are loaded by import() alone', () => {
    const manifest = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8')) as {
      readonly peerDependencies: object
      readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>
    }
    const names = Object.keys(optional)
    expect(Object.keys(manifest.peerDependencies)).toEqual(names)
    expect(names.filter((name) => manifest.peerDependenciesMeta[name]?.optional !== true)).toEqual([])
    const importers = [...new Set(Object.values(optional).flat())]
    const unused = names.filter(
      (name) => !importers.some((file) => importsOf(textOf(file)).some((specifier) => packageOf(specifier) === name)),
    )
    expect(unused).toEqual([])
    const inFull = (file: string, specifier: string) => relative(src, join(src, dirname(file), specifier))
    const links = files.flatMap((file) =>
      [...textOf(file).matchAll(/^(?:import|export) (type )?[^'()]*?from '(\.[^']+)'|\b(import)\s*\(\s*'(\.[^']+)'/gm)]
        .filter(([, type]) => type === undefined)
        .map(([, , from = '', dynamic, to = '']) => ({
          file,
          target: inFull(file, from + to),
          isDynamic: dynamic !== undefined,
        })),
    )
    // Whatever imports one of them is itself only loaded when it is needed, up to where somebody says import().
    const late = new Set(importers)
    for (let before = 0; before < late.size; ) {
      before = late.size
      for (const { file, target, isDynamic } of links) if (!isDynamic && late.has(target)) late.add(file)
    }
    const loaders = links.filter(({ file, target, isDynamic }) => isDynamic && late.has(target) && !late.has(file))
    expect(late.size).toBeGreaterThan(importers.length)
    expect(
      ['index.ts', 'testing.ts', 'doors/cli/main.ts', 'doors/cli/program.ts', 'doors/cli/thread/front.ts'].filter((file) =>
        late.has(file),
      ),
    ).toEqual([])
    expect([...new Set(loaders.map(({ file }) => file))].toSorted()).toEqual([
      'project/record/audit/verify-record.ts',
      'project/record/keys/rotate-install-key.ts',
      'project/app/store/project-store.ts',
      'project/record/upkeep/database-store.ts',
      'project/app/store/driver.ts',
      'project/record/upkeep/require-sound.ts',
      'project/app/trace/tracer.ts',
      'project/app/dispatch/open-dispatcher.ts',
    ])
  })

  test('the rule can fail: it sees every form of import', () => {
    const forms = `import a from 'one'\nimport type { b } from "two"\nimport 'three'\nexport * from 'four'\nawait import('five')\nrequire('six')`
    expect(importsOf(forms)).toEqual(['one', 'two', 'three', 'four', 'five', 'six'])
  })

  test('[D6] the core asks nobody for the time, a random number or a file', () => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bperformance\.now\(|\bprocess\./
    const isImpure = (file: string) => impure.test(withoutComments(textOf(file)))
    const pure = files.filter((file) => file.includes('/') && !isIn(file, impurePlaces))
    expect(pure.length).toBeGreaterThan(1200)
    expect(pure.filter(isImpure)).toEqual([])
    const needless = impurePlaces.filter((place) => !files.some((file) => isIn(file, [place]) && isImpure(file)))
    expect(needless).toEqual([])
  })

  test('what a record of chains means imports no dialect, and has no SQL', () => {
    const above = files.filter((file) => isIn(file, ['journal/chains']))
    expect(above.length).toBeGreaterThan(20)
    const dialects = ['journal/postgres', 'journal/sqlite', 'journal/sqlite']
    expect(above.filter((file) => targetsOf(file).some((target) => isIn(target, dialects)))).toEqual([])
    const sql = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) [a-z*(]/
    expect(above.filter((file) => sql.test(textOf(file)))).toEqual([])
    // The rule can fail: it sees the SQL of a dialect.
    expect(files.filter((file) => isIn(file, ['journal/postgres']) && sql.test(textOf(file))).length).toBeGreaterThan(
      10,
    )
  })

  test('no circle of files, inside a room or between rooms', () => {
    const circles = circlesOf(new Map([...files, ...simulated].map((file) => [file, targetsOf(file)])))
    expect(circles).toEqual([])
  })

  test('the rule can fail: it sees a circle of two, of three, and a file that imports itself', () => {
    const graph = { a: ['b'], b: ['a'], c: ['d', 'a'], d: ['e'], e: ['c'], f: ['f'], g: ['a', 'f'] }
    const circles = circlesOf(new Map(Object.entries(graph)))
    expect(circles.map((circle) => [...circle].sort().join(' ')).sort()).toEqual(['a b', 'c d e', 'f'])
  })

  test('the engine knows no task by its name: what it must know of one is a fact of the table', () => {
    const engine = files.filter((file) => isIn(file, ['engine']))
    expect(engine.length).toBeGreaterThan(35)
    const named = /\btask [!=]== '|\btaskNamed\('|\bTASKS\b/
    expect(engine.filter((file) => named.test(withoutComments(textOf(file))))).toEqual([])
    expect("state.task !== 'plan'").toMatch(named)
  })

  test('nobody exchanges raw commands with a switch but the conformance kit', () => {
    const raw = /\.exchange\(/
    const beside = files.filter((file) => raw.test(withoutComments(textOf(file))) && !isIn(file, ['transport', 'sim']))
    // What wraps a device hands on what it is asked, whatever that is.
    expect(beside).toEqual(['features/conformance/kit/conversation.ts', 'eos/device/wrap-device.ts'])
  })

  test('[D1] the application knows no command line: neither its words, nor the process', () => {
    const app = files.filter((file) => isIn(file, ['app']))
    expect(app.length).toBeGreaterThan(90)
    const bound = /\bprocess\.(?!\s)|\bInvocation\b|\bGlobalOptions\b|\bargv\b/
    expect(app.filter((file) => bound.test(withoutComments(textOf(file))))).toEqual([])
    expect('const { io } = bench.invocation as Invocation').toMatch(bound)
  })

  test('the command line is thin: it parses, calls and shows', () => {
    const lengths = files
      .filter((file) => isIn(file, ['cli']))
      .map((file) => textOf(file).split('\n').length - 1)
      .sort((one, other) => one - other)
    expect(lengths.length).toBeGreaterThan(150)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(35)
    expect(lengths.filter((length) => length > 150).length).toBeLessThanOrEqual(4)
  })

  test('no drawer, no god file', () => {
    const drawers = [...files, ...simulated].filter((file) =>
      /(^|\/)(utils?|types?|helpers?|common|misc)(\.ts|\/)/.test(file),
    )
    expect(drawers).toEqual([])
    const long = [...files, ...simulated].filter(
      (file) => textOf(file).split('\n').length > 501 && statSync(join(src, file)).isFile(),
    )
    expect(long).toEqual([])
  })

  test('every exported declaration says what it is', () => {
    expect(simulated.length).toBeGreaterThan(30)
    const bare = [...files, ...simulated].flatMap((file) => undocumented(file))
    expect(bare).toEqual([])
  })
})

/** The files of this repository that a file imports, types too. */
const targetsOf = (file: string) =>
  importsOf(textOf(file))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(src, join(src, dirname(file), specifier)))

/** The files that can reach themselves, in groups whose members all reach each other (Tarjan, SIAM J. Comput. 1, 1972). */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>) {
  const found: string[][] = []
  const order = new Map<string, number>()
  const stack: string[] = []
  const visit = (file: string) => {
    const own = order.size
    order.set(file, own)
    stack.push(file)
    let lowest = own
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) lowest = Math.min(lowest, visit(target))
      else if (stack.includes(target)) lowest = Math.min(lowest, order.get(target) ?? own)
    }
    if (lowest < own) return lowest
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1 || graph.get(file)?.includes(file)) found.push(group)
    return lowest
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

const EXPORT = /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class|interface|type) (\w+)/

function undocumented(file: string) {
  const lines = textOf(file).split('\n')
  return lines.flatMap((line, index) => {
    const name = EXPORT.exec(line)?.[1]
    if (name === undefined) return []
    const before = (lines[index - 1] ?? '').trim()
    const overload = EXPORT.exec(lines[index - 1] ?? '')?.[1] === name
    return before.endsWith('*/') || overload ? [] : [`${file}:${index + 1} ${name}`]
  })
}
