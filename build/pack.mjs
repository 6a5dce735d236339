// Makes the tarball that is published, out of a build: `npm run package`, or `node build/pack.mjs FOLDER`. It holds what runs and no more: the
// whole program as one file that its threads and the library share, types of what the library exports, no source maps, no script that npm runs
// when it is installed. What V8 makes of the program depends on the Node that runs it: src/doors/cli/load-program.ts keeps that.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandBundle } from './command-bundle.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** What one file of the package holds, by the name that src/doors/cli/load-program.ts asks for. */
const PARTS = {
  program: './src/doors/cli/program.ts',
  front: './src/doors/cli/thread/front.ts',
  verify: './src/doors/cli/thread/verify.ts',
  test: './src/doors/cli/thread/workflow-test-main.ts',
  rehearse: './src/doors/cli/thread/rehearsal-main.ts',
  'rehearse-plan': './src/doors/cli/thread/rehearse-main.ts',
  index: './src/index.ts',
  testing: './src/testing.ts',
}

/** The modules that are loaded as they are, with what they import: they find the one file, and refuse a Node that it would not run on. */
const MODULES = ['doors/cli/main.js', 'doors/cli/load-program.js', 'doors/cli/quick-completion.js', 'project/system/machine/node-guard.js', 'model/version.js']

/** The modules that threads are started with, and the part that each is. */
const THREADS = {
  'doors/cli/thread/workflow-test-main': 'test',
  'doors/cli/thread/rehearsal-main': 'rehearse',
  'doors/cli/front-main': 'front',
  'doors/cli/verify-main': 'verify',
  'doors/cli/thread/rehearse-main': 'rehearse-plan',
}

/** Of the pages what a user reads, and the files that they name; decisions and pictures are in the repository. */
const isPage = (path) => !path.endsWith('.png') && !(statSync(path).isDirectory() && /^(?:adr|decisions|control-room)$/.test(basename(path)))

/** What package.json says to whoever installs the package; the rest is for a checkout. */
const MEMBERS = [
  ...['name', 'version', 'description', 'keywords', 'type', 'license', 'repository', 'engines', 'bin', 'man', 'exports', 'types', 'files'],
  ...['dependencies', 'peerDependencies', 'peerDependenciesMeta'],
]

/** What a declaration names, and what a module loads at once. */
const ANY = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g
const STATIC = /^import\b(?:[^'"(]*\bfrom)?\s*['"](\.[^'"]+)['"]/gm

const [into = root] = process.argv.slice(2)
const stage = mkdtempSync(join(tmpdir(), 'eosflow-package-'))
try {
  await staged(stage)
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', into], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [{ filename, unpackedSize, entryCount }] = JSON.parse(said)
  process.stdout.write(`${join(into, filename)}: ${entryCount} files, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked\n`)
} finally {
  rmSync(stage, { recursive: true, force: true })
}

async function staged(folder) {
  for (const path of ['README.md', 'LICENSE', 'workflows', 'fixtures', 'dist/doors/web', 'dist/doors/cli/completion.json', 'dist/man'])
    if (existsSync(join(root, path))) cpSync(join(root, path), join(folder, path), { recursive: true })
  cpSync(join(root, 'docs'), join(folder, 'docs'), { recursive: true, filter: isPage })
  for (const file of withImports(MODULES, '.js')) written(folder, `dist/${file}`, readFileSync(join(dist, file), 'utf8'))
  for (const [name, part] of Object.entries(THREADS)) {
    const loader = `./${'../'.repeat(name.split('/').length - 3)}load-program.js`
    written(folder, `dist/${name}.js`, `import { loadPart } from '${loader}'\n\nloadPart('${part}')\n`)
  }
  for (const entry of ['index', 'testing']) {
    const names = Object.keys(await import(join(dist, `${entry}.js`)))
    const exported = `export const { ${names.join(', ')} } = loadPart('${entry}')`
    written(folder, `dist/${entry}.js`, `import './project/system/machine/node-guard.js'\nimport { loadPart } from './doors/cli/load-program.js'\n\n${exported}\n`)
  }
  const declared = withImports(['index.d.ts', 'testing.d.ts'], '.d.ts').map((file) => [file, readFileSync(join(dist, file), 'utf8')])
  for (const [file, text] of declared) written(folder, `dist/${file}`, text)
  const entry = Object.entries(PARTS).map(([name, path]) => `exports[${JSON.stringify(name)}] = () => require(${JSON.stringify(path)})`)
  const { text, files } = await commandBundle({ stdin: { contents: entry.join('\n'), resolveDir: root, loader: 'js' } })
  // Its digest in front of it says which code is its own: V8 looks at nothing but the length of a text.
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32)
  written(folder, 'dist/doors/cli/whole.cjs', text.replace('{', `{/*${digest}*/`))
  chmodSync(join(folder, 'dist/doors/cli/main.js'), 0o755)
  const others = packagesOf(files)
  written(folder, 'dist/bundled.json', `${JSON.stringify(others.map(({ name, version, license }) => ({ name, version, license })), undefined, 2)}\n`)
  written(folder, 'THIRD-PARTY-LICENSES.txt', others.map(noticeOf).join('\n'))
  const named = [text, ...declared.map(([, types]) => types)].flatMap((part) => [...part.matchAll(/(?:require\(|from |import\()['"]([^'"]+)['"]/g)])
  written(folder, 'package.json', described(new Set(named.map(([, path]) => packageOf(path)))))
}

/** The package.json of the package. It depends on what is loaded or named by its types: what is in the one file already is installed by nobody. */
function described(needed) {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const kept = Object.fromEntries(MEMBERS.flatMap((name) => (name in own ? [[name, own[name]]] : [])))
  const dependencies = Object.fromEntries(Object.entries(own.dependencies).filter(([name]) => needed.has(name)))
  return `${JSON.stringify({ ...kept, dependencies }, undefined, 2)}\n`
}

/** The packages of others that files are of, by name, with what each says of itself. */
function packagesOf(files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []))
  const all = [...folders].map((at) => ({ at: join(root, at), ...JSON.parse(readFileSync(join(root, at, 'package.json'), 'utf8')) }))
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** What the licence of a package asks for: its text, beside what it is of. */
function noticeOf({ at, name, version, license }) {
  const texts = readdirSync(at).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
  return [`${name} ${version} (${license})`, ...texts.map((file) => readFileSync(join(at, file), 'utf8').trim()), ''].join('\n\n')
}

/** `@scope/name` of `@scope/name/deep/file.js`. */
function packageOf(path) {
  return path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/')
}

/** Modules or declarations, and all of this package that they import, as paths below `dist`. */
function withImports(entries, ending) {
  const seen = new Set()
  const open = [...entries]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const text = readFileSync(join(dist, file), 'utf8')
    for (const [, path] of text.matchAll(ending === '.js' ? STATIC : ANY)) open.push(join(dirname(file), path.replace(/\.[jt]s$/, ending)))
  }
  return [...seen]
}

function written(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
