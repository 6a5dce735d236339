import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** The folders of `src/`, in their order: each may import what is before it. ARCHITECTURE.md draws this list. */
const ORDER = ['model', 'text', 'eos', 'change', 'report', 'project', 'features', 'lab', 'doors'] as const

/** Folders that may import less than their place in the order allows: from outside of themselves only this. */
const narrow: Readonly<Record<string, readonly string[]>> = {
  'text/source': ['model'],
  'text/yaml-1-1': ['model', 'text/source'],
  'text/query': ['model', 'text/source'],
  'text/jinja': ['model', 'text/source', 'text/yaml-1-1'],
  'eos/device': ['model'],
  'eos/config': ['model', 'text/source'],
  'eos/invariant': ['model', 'text/source', 'eos/config'],
  'eos/check': ['model', 'text/source', 'text/query', 'eos/config', 'eos/device'],
  'eos/transport': ['model', 'eos/config', 'eos/device'],
  'eos/sim': ['model', 'text/source', 'eos/config'],
  'change/schedule': ['model', 'text/source'],
  'change/policy': ['model', 'text/source'],
  'change/record': ['model'],
  'change/roster': ['model', 'text/source', 'text/jinja', 'text/yaml-1-1'],
  'change/task': ['model', 'eos/config', 'eos/device'],
  'change/inventory': ['model', 'text/source', 'eos/device', 'change/roster'],
  'change/workflow': ['model', 'text/source', 'text/jinja', 'text/query'],
  'project/secret': ['model'],
  'project/identity/local': ['model'],
  'project/identity/oidc': ['model'],
  'project/identity/passkey': ['model', 'project/identity/ssh'],
  'project/identity/ssh': ['model'],
  'features/conformance/kit': ['model', 'eos/config', 'eos/device', 'eos/sim'],
  'features/hook/event': ['model', 'text/source', 'text/query', 'project/files'],
  'features/notify/notice': ['model', 'change/engine', 'change/record', 'report'],
  'doors/agents': ['model', 'text/source', 'project/history', 'project/system'],
  'doors/web': [],
}

/** Where each package may be imported. Anything not listed is allowed nowhere. */
const home: Record<string, readonly string[]> = {
  yaml: ['text/source'],
  zod: [
    'text/source',
    'eos/check',
    'eos/invariant',
    'eos/sim',
    'change/inventory',
    'change/plan',
    'change/policy',
    'change/record',
    'change/schedule',
    'change/task',
    'change/workflow',
    'report',
    'project/files',
    'project/system/feature',
    'features/cloudvision',
    'features/conformance',
    'features/judge',
    'lab/state-machine',
    'lab/workflow-test',
    'doors/agents',
    'doors/http',
    'doors/library',
  ],
  diff: ['eos/config'],
  jsonata: ['text/query'],
  'better-sqlite3': ['change/record/sqlite', 'project/system/machine'],
  immutable: ['change/engine', 'change/record/chains'],
  axios: ['eos/transport'],
  ssh2: ['eos/transport/ssh', 'eos/sim/ssh'],
  nodemailer: ['eos/transport/notify'],
  'openid-client': ['project/identity/oidc'],
  jose: ['project/identity/oidc'],
  'age-encryption': ['project/secret'],
  commander: ['doors/cli'],
  croner: ['change/schedule'],
  hono: ['doors/http'],
  '@modelcontextprotocol/server': ['doors/agents'],
  '@hono/node-server': ['doors/http'],
  'prom-client': ['doors/http/metrics'],
}

/** Packages that are built into the script of the pages, and installed by nobody: where each may be imported. */
const bundled: Record<string, readonly string[]> = {
  idiomorph: ['doors/web'],
}

/** Packages that whoever wants what they do installs beside eosflow: where each may be imported, by files that are loaded by `import()` alone. */
const optional: Record<string, readonly string[]> = {
  '@dbos-inc/dbos-sdk': [
    'project/app/dispatch/dbos/dbos-dispatcher.ts',
    'project/app/dispatch/dbos/dbos-tables.ts',
    'project/app/dispatch/dbos/dbos-dispatcher.ts',
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
    'change/record/sqlite',
    'project',
    'features/backup',
    'features/comply',
    'features/cloudvision',
    'features/conformance',
    'features/judge',
    'features/demo',
    'lab/simulator',
    'lab/trial/start-fabric.ts',
    'lab/workflow-test/execution.ts',
    'doors/cli',
    'doors/http/jobs/served-executions.ts',
  ],
  'node:fs/promises': ['project', 'features', 'lab/simulator', 'doors/cli'],
  'node:http': [
    'eos/transport',
    'eos/sim/eapi',
    'eos/sim/fabric/serve-fabric.ts',
    'project/identity/oidc',
    'project/secret/vault',
    'doors/cli',
    'doors/http/request/listen.ts',
  ],
  'node:https': ['eos/transport', 'eos/sim/eapi', 'project/secret/vault'],
  'node:net': [
    'model/ip-address.ts',
    'eos/transport',
    'eos/sim/eapi',
    'eos/sim/fabric/serve-fabric.ts',
    'eos/sim/listener',
    'eos/sim/ssh',
    'change/inventory',
    'doors/http/request/listen.ts',
  ],
  'node:tls': ['eos/transport', 'eos/sim/eapi'],
  'node:child_process': [
    'eos/transport/notify/program.ts',
    'project/identity/oidc',
    'project/identity/ssh',
    'project/secret',
    'project/system/machine/git.ts',
    'doors/cli',
  ],
  'node:os': ['project', 'features/demo', 'doors/cli'],
  'node:timers': [],
  'node:timers/promises': ['eos/sim/listener', 'project/system/machine/system-clock.ts', 'doors/cli'],
}

/** The places that may ask for the time, for chance and for the process. Everything else has them as ports. */
const impurePlaces = [
  'eos/transport',
  'change/record/sqlite',
  'project/secret',
  'project/identity',
  'project/system',
  'project/app/dispatch/dbos/patient-pool.ts',
  // Checkpoints are taken to their anchors while a command waits for switches: a timer that keeps no process alive.
  'project/record/audit/checkpoint-forwarder.ts',
  // The default of an argument, for whoever judges a check by hand.
  'lab/trial/judge-check.ts',
  'doors/cli',
  // The script of the pages runs in a browser.
  'doors/web',
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
  const target = relative(src, join(src, dirname(file), specifier))
  const rank = (path: string) => ORDER.findIndex((folder) => isIn(path, [folder]))
  const isBefore = rank(target) >= 0 && rank(target) <= rank(file)
  const near = Object.entries(narrow).filter(([folder]) => isIn(file, [folder]) && !isIn(target, [folder]))
  // What a browser loads is imported by nothing else.
  const isWeb = isIn(target, ['doors/web']) && !isIn(file, ['doors/web'])
  return isBefore && !isWeb && near.every(([, may]) => isIn(target, may)) ? [] : [`${file} may not import ${specifier}`]
}

/** An import as one between the two places of a folder in which its files part: `report/page/` imports `report/view/`. */
function between(file: string, target: string) {
  const [here, there] = [file.split('/'), target.split('/')]
  const depth = here.findIndex((part, index) => part !== there[index])
  const place = (parts: readonly string[]) =>
    parts.slice(0, depth + 1).join('/') + (depth + 1 < parts.length ? '/' : '')
  return { from: place(here), to: place(there) }
}

function edgeFault(file: string, specifier: string) {
  const places = edges[specifier]
  return places === undefined || isIn(file, places) ? [] : [`${file}: ${specifier} is for ${places.join(', ')}`]
}

describe('architecture', () => {
  test('there are nine folders, and files to judge', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map((entry) => entry.name).sort()).toEqual([...ORDER].sort())
    expect(files.length).toBeGreaterThan(150)
  })

  test('[D1] imports go one way, and packages stay in their rooms', () => {
    expect(files.filter((file) => file.includes('/')).flatMap(faultsOf)).toEqual([])
  })

  test('a folder that may import less than its place allows imports each of what it may', () => {
    const imports = files.flatMap((file) => targetsOf(file).map((target) => [file, target] as const))
    const isMade = (folder: string, other: string) =>
      imports.some(([file, target]) => isIn(file, [folder]) && isIn(target, [other]))
    const rows = Object.entries(narrow).flatMap(([folder, others]) => others.map((other) => [folder, other] as const))
    expect(rows.filter(([folder, other]) => !isMade(folder, other))).toEqual([])
  })

  test('at every depth folders form no circle, and no folder imports a loose file of one above it', () => {
    const { circles, faces } = judgedFolders(new Map(files.map((file) => [file, targetsOf(file)])))
    expect({ circles, faces }).toEqual({ circles: [], faces: [] })
  })

  test('the rule can fail: it sees a circle of folders at depth three, and a folder that imports what is loose above it', () => {
    const graph = {
      'a/b/c/one.ts': ['a/b/d/two.ts'],
      'a/b/d/two.ts': ['a/b/e/three.ts'],
      'a/b/e/three.ts': ['a/b/c/other.ts'],
      'a/f/four.ts': ['a/five.ts'],
    }
    const { circles, faces } = judgedFolders(new Map(Object.entries(graph)))
    expect(circles.map((circle) => [...circle].sort())).toEqual([['a/b/c/', 'a/b/d/', 'a/b/e/']])
    expect(faces).toEqual(['a/f/ imports a/five.ts'])
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
      ['index.ts', 'testing.ts', 'doors/cli/main.ts', 'doors/cli/program.ts', 'doors/cli/thread/front.ts'].filter(
        (file) => late.has(file),
      ),
    ).toEqual([])
    expect([...new Set(loaders.map(({ file }) => file))].toSorted()).toEqual([
      'project/app/dispatch/open-dispatcher.ts',
      'project/app/store/driver.ts',
      'project/app/store/project-store.ts',
      'project/app/trace/tracer.ts',
      'project/record/audit/verify-record.ts',
      'project/record/keys/rotate-install-key.ts',
      'project/record/upkeep/database-store.ts',
      'project/record/upkeep/seal.ts',
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
    const above = files.filter((file) => isIn(file, ['change/record/chains']))
    expect(above.length).toBeGreaterThan(15)
    const dialects = ['change/record/postgres', 'change/record/sqlite']
    expect(above.filter((file) => targetsOf(file).some((target) => isIn(target, dialects)))).toEqual([])
    const sql = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) [a-z*(]/
    expect(above.filter((file) => sql.test(textOf(file)))).toEqual([])
    // The rule can fail: it sees the SQL of a dialect.
    expect(
      files.filter((file) => isIn(file, ['change/record/postgres']) && sql.test(textOf(file))).length,
    ).toBeGreaterThan(10)
  })

  test('no circle of files, inside a folder or between folders', () => {
    const circles = circlesOf(new Map([...files, ...simulated].map((file) => [file, targetsOf(file)])))
    expect(circles).toEqual([])
  })

  test('the rule can fail: it sees a circle of two, of three, and a file that imports itself', () => {
    const graph = { a: ['b'], b: ['a'], c: ['d', 'a'], d: ['e'], e: ['c'], f: ['f'], g: ['a', 'f'] }
    const circles = circlesOf(new Map(Object.entries(graph)))
    expect(circles.map((circle) => [...circle].sort().join(' ')).sort()).toEqual(['a b', 'c d e', 'f'])
  })

  test('the engine knows no task by its name: what it must know of one is a fact of the table', () => {
    const engine = files.filter((file) => isIn(file, ['change/engine']))
    expect(engine.length).toBeGreaterThan(20)
    const named = /\btask [!=]== '|\btaskNamed\('|\bTASKS\b/
    expect(engine.filter((file) => named.test(withoutComments(textOf(file))))).toEqual([])
    expect("state.task !== 'plan'").toMatch(named)
  })

  test('nobody exchanges raw commands with a switch but the conformance kit', () => {
    const raw = /\.exchange\(/
    const beside = files.filter(
      (file) => raw.test(withoutComments(textOf(file))) && !isIn(file, ['eos/transport', 'eos/sim']),
    )
    expect(beside).toEqual(['features/conformance/kit/conversation.ts'])
  })

  test('[D1] the application knows no command line: neither its words, nor the process', () => {
    const app = files.filter((file) => isIn(file, ['project', 'features']) && !isIn(file, impurePlaces))
    expect(app.length).toBeGreaterThan(90)
    const bound = /\bprocess\.(?!\s)|\bInvocation\b|\bGlobalOptions\b|\bargv\b/
    expect(app.filter((file) => bound.test(withoutComments(textOf(file))))).toEqual([])
    expect('const { io } = bench.invocation as Invocation').toMatch(bound)
  })

  test('the command line is thin: it parses, calls and shows', () => {
    const lengths = files
      .filter((file) => isIn(file, ['doors/cli']))
      .map((file) => textOf(file).split('\n').length - 1)
      .sort((one, other) => one - other)
    expect(lengths.length).toBeGreaterThan(150)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(35)
    expect(lengths.filter((length) => length > 150).length).toBeLessThanOrEqual(5)
  })

  test('no drawer, no god file', () => {
    const drawers = [...files, ...simulated].filter((file) =>
      /(^|\/)(utils?|types?|helpers?|common|misc)(\.ts|\/)/.test(file),
    )
    expect(drawers).toEqual([])
    const long = [...files, ...simulated].filter((file) => textOf(file).split('\n').length > 501)
    expect(long).toEqual([])
  })

  test('the command line loads little before it knows which command is asked', () => {
    const values = /^(?:import|export) (?!type )(?:\{(?<names>[^}]*)\} from |.*? from |)'(?<to>\.[^']+)'/gm
    const isValue = (names = 'a') => names.split(',').some((name) => /^\s*(?!type )\w/.test(name))
    const loaded = new Set(['doors/cli/program.ts'])
    for (const file of loaded)
      for (const { groups: { names, to = '' } = {} } of textOf(file).matchAll(values))
        if (isValue(names)) loaded.add(relative(src, join(src, dirname(file), to)))
    const lines = [...loaded].flatMap((file) => textOf(file).split('\n'))
    expect(loaded.size).toBeGreaterThan(60)
    expect(lines.length).toBeLessThan(9_000)
  })

  test('each export of the public surface and of a port says what it is', () => {
    const owed = files.filter((file) => /^(?:index|testing)\.ts$|^doors\/library\/|port\.ts$/.test(file))
    expect(owed.length).toBeGreaterThan(15)
    expect(owed.flatMap((file) => undocumented(file))).toEqual([])
    // The rule can fail: most other exports have no docstring.
    expect(files.flatMap((file) => undocumented(file)).length).toBeGreaterThan(1_000)
  })
})

/** The files of this repository that a file imports, types too. */
const targetsOf = (file: string) =>
  importsOf(textOf(file))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(src, join(src, dirname(file), specifier)))

/** The folders that reach themselves through their neighbours, and those that import a loose file of a folder above them. */
function judgedFolders(graph: ReadonlyMap<string, readonly string[]>) {
  const links = [...graph].flatMap(([file, targets]) => targets.map((target) => between(file, target)))
  const folders = new Map<string, readonly string[]>()
  for (const { from, to } of links)
    if (from.endsWith('/') && to.endsWith('/')) folders.set(from, [...(folders.get(from) ?? []), to])
  const faces = links.filter(({ from, to }) => from.endsWith('/') && !to.endsWith('/'))
  return { circles: circlesOf(folders), faces: faces.map(({ from, to }) => `${from} imports ${to}`) }
}

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
