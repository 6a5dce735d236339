import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILT } from '../test/lab/checkout.ts'
import { alternated, milliseconds, ranNode } from './alternated.ts'
import type { Print } from './main.ts'
import { rounded } from './median.ts'

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
    ranNode(dir, [BUILT, 'init', 'project'], { XDG_CACHE_HOME: dir })
    for (const line of LINES) print(measure(dir, line))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function measure(dir: string, line: readonly string[]): object {
  const project = join(dir, 'project')
  const cache = { XDG_CACHE_HOME: dir }
  const complete = (): void => ranNode(project, [BUILT, '__complete', 'zsh', ...line], cache)
  const first = milliseconds(complete)
  const { own, beside, ratio } = alternated(complete, () => ranNode(project, ['-e', '0'], cache))
  return {
    bench: 'completion',
    line: ['eosflow', ...line].join(' '),
    first: rounded(first),
    milliseconds: rounded(own),
    node: rounded(beside),
    ratio: rounded(ratio),
    limit: MOST,
  }
}
