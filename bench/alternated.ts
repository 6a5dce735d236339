import { spawnSync } from 'node:child_process'
import { median } from './median.ts'

const WARM_UP = 3
const REPEATS = 25

/** Medians of what one thing and another beside it take, in milliseconds, and of the ratios of their pairs. */
export interface Alternated {
  readonly own: number
  readonly beside: number
  readonly ratio: number
}

/** Does both in turns, so that each pair meets the same moment of the machine. The first pairs are not counted. */
export function alternated(own: () => void, beside: () => void): Alternated {
  const pairs: (readonly [own: number, beside: number])[] = []
  for (let run = -WARM_UP; run < REPEATS; run += 1) {
    const other = milliseconds(beside)
    const ours = milliseconds(own)
    if (run >= 0) pairs.push([ours, other])
  }
  return {
    own: median(pairs.map(([ours]) => ours)),
    beside: median(pairs.map(([, other]) => other)),
    ratio: median(pairs.map(([ours, other]) => ours / other)),
  }
}

/** How long something takes. */
export function milliseconds(act: () => void): number {
  const begun = performance.now()
  act()
  return performance.now() - begun
}

/** Runs Node to its end. Throws where it does not end well. `more`: what of its environment is other than here. */
export function ranNode(cwd: string, argv: readonly string[], more: Readonly<Record<string, string>> = {}): void {
  const { status, stderr } = spawnSync(process.execPath, argv, {
    cwd,
    env: { ...process.env, ...more },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`node ${argv.join(' ')}: exit ${status}\n${stderr}`)
}
