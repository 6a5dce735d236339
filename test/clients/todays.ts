import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of today's clients, outside of the project: `test/clients/install FOLDER` makes it, `.ci/run` too. */
const FOLDER = process.env.EOSFLOW_CLIENTS ?? ''

/** The pythons of today's clients: ansible and scrapli of 2026 need packages that the others cannot have beside them. */
const PYTHONS = {
  python: { program: 'python/bin/python', pins: 'python.txt' },
  ansible: { program: 'ansible/bin/python', pins: 'ansible.txt' },
  'scrapli-2026': { program: 'scrapli-2026/bin/python', pins: 'scrapli-2026.txt' },
} as const

/** One of {@link PYTHONS}. */
export type TodaysPython = keyof typeof PYTHONS

/** The Python that has NAPALM, Nornir, netmiko, scrapli, pyeapi, pyavd and ANTA; or ansible; or scrapli of 2026. */
export function todaysPython(which: TodaysPython) {
  return join(FOLDER, PYTHONS[which].program)
}

/** ANTA's command line. */
export const ANTA_COMMAND = join(FOLDER, 'python/bin/anta')

/** The driver of goeapi, which is a program of its own. */
export const GOEAPI = join(FOLDER, 'bin/goeapi')

const absent = [
  ...Object.keys(PYTHONS).map((which) => todaysPython(which as TodaysPython)),
  ANTA_COMMAND,
  GOEAPI,
].filter((program) => !existsSync(program))

/** Whether today's clients are all there. */
export const hasTodays = FOLDER !== '' && absent.length === 0

const why = FOLDER === '' ? 'EOSFLOW_CLIENTS names no folder with them' : `not there: ${absent.join(' ')}`

/** What the name of a test says where they are not. */
export const withoutTodays = hasTodays ? '' : ` (skipped: ${why})`

if (!hasTodays) process.stderr.write(`NOT TRIED: TODAY'S CLIENTS, AND ANTA. ${why}: test/clients/install FOLDER\n`)

/** Asks for versions as they are installed: pip takes a second to begin. */
const VERSIONS = `import sys, importlib.metadata
for name in sys.argv[1:]: print(f'{name}=={importlib.metadata.version(name)}')`

/** The versions of the clients that an environment has: `name==version`, of those named. */
export function installedVersions(which: TodaysPython, names: readonly string[]) {
  const { stdout } = spawnSync(todaysPython(which), ['-c', VERSIONS, ...names], { encoding: 'utf8' })
  return stdout.trimEnd().split('\n')
}

/** The versions that the file of an environment pins, of those named. */
export function pinnedVersions(which: TodaysPython, names: readonly string[]) {
  const file = fileURLToPath(new URL(`pins/${PYTHONS[which].pins}`, import.meta.url))
  return linesOf(readFileSync(file, 'utf8'), names)
}

function linesOf(requirements: string, names: readonly string[]) {
  return requirements.split('\n').filter((line) => names.includes(line.split('==')[0] ?? ''))
}
