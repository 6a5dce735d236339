import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILT } from '../test/lab/checkout.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const WARM_UP = 3
const REPEATS = 25
const MOST = 3

/** What a shell asks at a Tab: commands, flags, switches, parameters, executions. */
const LINES: readonly (readonly string[])[] = [
  ['pl'],
  ['plan', '--mar'],
  ['plan', 'workflows/add-vlan.yaml', '-t', 'role:'],
  ['plan', 'workflows/add-vlan.yaml', '-p', ''],
  ['inventory', 'show', 'le'],
  ['show', ''],
]

/** How long the built command takes to complete a line, by the time of `node -e 0` in the same moment. Alternated pairs; the ratio is the median of the pairs' ratios. */
export function completion(print: Print): void {
  if (!existsSync(BUILT)) throw new Error('there is no built command: npm run build')
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    spawned(dir, dir, [BUILT, 'init', 'project'])
    for (const line of LINES) print(measure(dir, line))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function measure(dir: string, line: readonly string[]): object {
  const [nodes, ours, ratios]: [number[], number[], number[]] = [[], [], []]
  const project = join(dir, 'project')
  const first = milliseconds(() => spawned(dir, project, [BUILT, '__complete', 'zsh', ...line]))
  for (let run = -WARM_UP; run < REPEATS; run += 1) {
    const node = milliseconds(() => spawned(dir, project, ['-e', '0']))
    const own = milliseconds(() => spawned(dir, project, [BUILT, '__complete', 'zsh', ...line]))
    if (run < 0) continue
    nodes.push(node)
    ours.push(own)
    ratios.push(own / node)
  }
  return {
    bench: 'completion',
    line: ['eosflow', ...line].join(' '),
    first: rounded(first),
    milliseconds: rounded(median(ours)),
    node: rounded(median(nodes)),
    ratio: rounded(median(ratios)),
    limit: MOST,
  }
}

function spawned(cache: string, cwd: string, argv: readonly string[]): void {
  const env = { ...process.env, XDG_CACHE_HOME: cache }
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${argv.join(' ')}: exit ${status}\n${stderr}`)
}

function milliseconds(act: () => void): number {
  const begun = performance.now()
  act()
  return performance.now() - begun
}
