// Makes the built command quick to start and its threads small: one file of the whole command line and one of each thread of a server, and the
// code that V8 makes of them. Runs behind the compiler, from `npm run build`; `src/cli/load-program.ts` is what uses it.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildWeb } from './web.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [bundle, quick, front, verify] = await Promise.all(
  [
    ['program', 'src/cli/program.ts'],
    ['quick', 'src/cli/program.ts', /^inventory-read$/],
    ['front', 'src/cli/serve/front.ts'],
    ['verify', 'src/cli/serve/verify.ts'],
  ].map(([name, entry, commands]) => bundled(join(root, 'dist/cli', `${name}.cjs`), join(root, entry), commands)),
)

/** `commands`: which files of `src/cli/command` are in it; absent for all. */
async function bundled(outfile, entry, commands = /./) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // A process has the text in memory once for each of its threads; names stay as they are.
    minifyWhitespace: true,
    // Native, WebAssembly, only loaded when a switch or an agent is spoken to, or not there unless somebody has installed them.
    external: [
      '@dbos-inc/dbos-sdk',
      '@modelcontextprotocol/server',
      // The API is in the bundle: the metrics have it from a package that is always there.
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-node',
      'axios',
      'better-sqlite3',
      'pg',
      'ssh2',
    ],
    plugins: [{ name: 'commands', setup: (build) => without(build, commands) }],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href" },
    logLevel: 'warning',
  })
  // A file of one byte to a character is read in a moment, where decoding UTF-8 takes longer than V8 needs for the code. What esbuild leaves
  // beyond ASCII is in comments and patterns, where an escape means the same; in a raw template it would not.
  const written = readFileSync(outfile, 'utf8')
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(written)) throw new Error('a raw template holds a character beyond ASCII')
  const ascii = written.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  writeFileSync(outfile, `(function (exports, require, module, __filename, __dirname) {${ascii}\n})`)
  return outfile
}

function without(build, commands) {
  build.onResolve({ filter: /\/command\/[a-z-]+\.ts$/ }, ({ path, kind }) => {
    const isLeftOut = kind === 'dynamic-import' && !commands.test(basename(path, '.ts'))
    return isLeftOut ? { path, external: true } : undefined
  })
}

await buildWeb(join(root, 'dist/web'))

// `npm pack` and `npx` take the mode of the file as it is: the compiler writes it as 644.
chmodSync(join(root, 'dist/cli/main.js'), 0o755)

const { evaluate } = await import(new URL('../dist/cli/load-program.js', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'eosflow-build-'))
try {
  // What is run here is in the code. Of the quick commands: an inventory of Ansible with the shapes that most have, and the names of switches.
  // Of all: a plan of the example project, which goes through most rooms; then one of its switches, which are not there and are not waited
  // for, so that its store has an execution to be shown.
  mkdirSync(join(dir, 'ansible/host_vars'), { recursive: true })
  writeFileSync(join(dir, 'ansible/hosts.yml'), 'all:\n  children:\n    DC1:\n      hosts:\n        leaf1: { ansible_host: 192.0.2.1 }\n')
  writeFileSync(
    join(dir, 'ansible/host_vars/leaf1.yml'),
    `---\nasn: 65001\nmotd: |\n  Hello.\nports:\n  - name: Ethernet1\n    description: "to {{ peer }}: here"\n    shutdown: false\n    spanning_tree: { portfast: edge, guard: 'on' }\n`,
  )
  const workflow = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=PROD-CACHE']
  await ran(bundle, 'program', [
    [['init', '.'], [0]],
    [[...workflow, '--offline', 'fabrics/dc1'], [0]],
    [workflow, [0, 5, 11], 500],
    [['executions'], [0]],
    [['show', '@latest'], [0]],
    [['history', '@latest'], [0]],
  ])
  await ran(quick, 'quick', [
    [['inventory', 'read', 'ansible', 'ansible/hosts.yml'], [0]],
    [['__complete', 'zsh', 'inventory', 'show', ''], [0]],
  ])
  // On this thread they do nothing: the code is that of what they load.
  for (const [file, name] of [
    [front, 'front'],
    [verify, 'verify'],
  ])
    writeFileSync(`${file}.code`, evaluate(readFileSync(file, 'latin1'), undefined, name).script.createCachedData())
} finally {
  rmSync(dir, { recursive: true, force: true })
}

/** Runs commands of a bundle, and keeps the code that V8 has of it then. */
async function ran(file, name, commands) {
  const { program, script } = evaluate(readFileSync(file, 'latin1'), undefined, name)
  for (const [argv, exits, milliseconds] of commands) {
    let said = ''
    const say = (text) => {
      said += text
    }
    const stop = milliseconds === undefined ? new AbortController().signal : AbortSignal.timeout(milliseconds)
    const io = { env: {}, cwd: dir, out: say, err: say, interactive: false, color: false, ask: async () => undefined, stop }
    if (!exits.includes(await program.main(argv, io))) throw new Error(`eosflow ${argv.join(' ')}\n${said}`)
  }
  writeFileSync(`${file}.code`, script.createCachedData())
}
