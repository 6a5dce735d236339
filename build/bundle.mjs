// Makes the built command quick to start and its threads small: one file of the whole command line and one of each thread of a server, and the
// code that V8 makes of them. Runs behind the compiler, from `npm run build`; `src/doors/cli/load-program.ts` is what uses it.
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { commandBundle } from './command-bundle.mjs'
import { live } from './live-line.mjs'
import { buildWeb } from './web.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
live('build 2 of 4, the command as one file')
const [bundle, quick, ask, look, front, verify] = await Promise.all(
  [
    ['program', 'src/doors/cli/program.ts'],
    ['quick', 'src/doors/cli/program.ts', /^inventory-read$/],
    ['ask', 'src/doors/cli/program.ts', /^ask$/],
    ['look', 'src/doors/cli/program.ts', /^(?:show|executions|history|audit-verify)$/],
    ['front', 'src/doors/cli/thread/front.ts'],
    ['verify', 'src/doors/cli/thread/verify.ts'],
  ].map(([name, entry, commands]) => bundled(join(root, 'dist/doors/cli', `${name}.cjs`), join(root, entry), commands)),
)

/** `commands`: which files of `src/doors/cli/command` are in it; absent for all. */
async function bundled(outfile, entry, commands = /./) {
  const plugins = [{ name: 'commands', setup: (build) => without(build, commands) }]
  const { text } = await commandBundle({ entryPoints: [entry], plugins })
  writeFileSync(outfile, text)
  return outfile
}

function without(build, commands) {
  build.onResolve({ filter: /\/command\/[a-z-]+\.ts$/ }, ({ path, kind }) => {
    const isLeftOut = kind === 'dynamic-import' && !commands.test(basename(path, '.ts'))
    return isLeftOut ? { path, external: true } : undefined
  })
}

live('build 3 of 4, the pages, the manual and completion')
await buildWeb(join(root, 'dist/doors/web'))

// What answers a shell is one small module, and the table of the commands beside it.
await build({
  entryPoints: [join(root, 'src/doors/cli/quick-completion.ts')],
  outfile: join(root, 'dist/doors/cli/quick-completion.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
})
const { completionTable } = await import(new URL('../dist/doors/cli/completion.js', import.meta.url))
writeFileSync(join(root, 'dist/doors/cli/completion.json'), JSON.stringify(completionTable()))
mkdirSync(join(root, 'dist/man'), { recursive: true })
const { manual } = await import(new URL('../dist/doors/cli/manual.js', import.meta.url))
writeFileSync(join(root, 'dist/man/eosflow.1'), manual())

// The first file that Node opens has in it what each command needs before its bundle: each module more takes two milliseconds.
const main = join(root, 'dist/doors/cli/main.js')
await build({
  entryPoints: [main],
  outfile: main,
  allowOverwrite: true,
  external: ['./program.js', './quick-completion.js'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
})

// `npm pack` and `npx` take the mode of the file as it is: the compiler writes it as 644.
chmodSync(main, 0o755)

live('build 4 of 4, what makes each command start at once')
const { evaluate } = await import(new URL('../dist/doors/cli/load-program.js', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'eosflow-build-'))
let answering = []
try {
  // What is run here is in the code. Of the quick commands: an inventory of Ansible with the shapes that most have, and the names of switches.
  // Of ask: two switches that answer. Of all: the same, and a plan of the example project, which goes through most rooms; then one of its switches,
  // which are not there and are not waited for, so that its store has an execution to be shown, by the beginning of its id. Of look: that execution.
  mkdirSync(join(dir, 'ansible/host_vars'), { recursive: true })
  writeFileSync(join(dir, 'ansible/hosts.yml'), 'all:\n  children:\n    DC1:\n      hosts:\n        leaf1: { ansible_host: 192.0.2.1 }\n')
  writeFileSync(
    join(dir, 'ansible/host_vars/leaf1.yml'),
    `---\nasn: 65001\nmotd: |\n  Hello.\nports:\n  - name: Ethernet1\n    description: "to {{ peer }}: here"\n    shutdown: false\n    spanning_tree: { portfast: edge, guard: 'on' }\n`,
  )
  const workflow = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=PROD-CACHE']
  answering = [createServer(answer).listen(0, '127.0.0.1'), createServer(answer).listen(0, '127.0.0.1')]
  await Promise.all(answering.map((server) => once(server, 'listening')))
  mkdirSync(join(dir, 'asked'))
  writeFileSync(join(dir, 'asked/eosflow.yaml'), 'version: 1\n')
  writeFileSync(join(dir, 'asked/inventory.yaml'), inventoryAt(answering.map((server) => server.address().port)))
  const asked = ['ask', 'show version', 'show interfaces', '--project', 'asked']
  await ran(bundle, 'program', [
    [asked, [0]],
    [['init', '.'], [0]],
    [[...workflow, '--offline', 'fabrics/dc1'], [0]],
    [workflow, [0, 5, 11], 500],
    [['executions', '--state', 'planned', '--state', 'refused'], [0]],
    [['show', '20'], [0]],
    [['history', '20'], [0]],
  ])
  await ran(look, 'look', [
    [['executions', '--state', 'planned', '--state', 'refused'], [0]],
    [['show', '20'], [0]],
    [['history', '20'], [0]],
    [['audit', 'verify'], [0]],
  ])
  await ran(ask, 'ask', [[asked, [0]]])
  for (const server of answering) server.close()
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
  live()
  rmSync(dir, { recursive: true, force: true })
}

/** An inventory of two switches. */
function inventoryAt([one, other]) {
  return `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: admin, password: admin, simulated: true } }
devices:
  leaf1: { host: 127.0.0.1, port: ${one} }
  leaf2: { host: 127.0.0.1, port: ${other} }
`
}

/** Answers eAPI as a switch does that prints a little. */
function answer(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    if (request.url === '/eosflow-simulator') {
      const device = request.socket.localPort === answering[0].address().port ? 'leaf1' : 'leaf2'
      const whose = { simulator: 'eosflow', device, fabric: 'build', project: null, pid: process.pid }
      response.end(`${JSON.stringify(whose)}\n`)
      return
    }
    const { id, params } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const printed = 'Ethernet1 is up, line protocol is up (connected)\n  Up 1 hour, 2 minutes\n'
    const result = params.cmds.map(() => ({ output: printed }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })
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
