import type { PlanContent } from '../../../change/plan/plan.ts'
import { formatDuration } from '../../../text/source/duration.ts'

// How long a switch may take to answer over a new connection after its rollback, and for how long it must go on, in seconds.
const WITHIN = 30
const STABLE_FOR = 5
// What a commit timer must leave beyond all verification, in seconds; and how much more than its term where a worker may die.
const RESERVE = 60
const FAILOVER = 30
export const APART = ['lldp', 'mlag']
const NAME_LENGTH = 64

/** The workflow that takes a change back on the named switches, in waves of the same sizes, redundant ones apart unless the change itself did not keep them so; two that went together do so again where their lines allow it. `failover`: for so many seconds nobody drives it where its worker dies. */
export function rollbackWorkflow(
  { workflow, waves, together, pairs = [], underChange = [], concurrency, timers, approve, allow }: PlanContent,
  names: readonly string[],
  mode: 'merge' | 'replace',
  failover?: number,
  areas: readonly string[] = APART,
): string {
  const back = new Set(names)
  const sizes = waves.map((wave) => wave.filter((name) => back.has(name)).length).filter((size) => size > 0)
  const rounds = sizes.reduce((sum, size) => sum + Math.ceil(size / concurrency), 0)
  // What no budget lets be under change at once is confirmed wave by wave, as it was changed.
  const isOver = underChange.some(({ max, switches }) => switches.filter((name) => back.has(name)).length > max)
  const confirmed = isOver ? { atomic: 'wave' } : {}
  const isPaired = pairs.some(({ as }) => as === 'together')
  const asBefore = isPaired ? { pairs: 'auto' } : together === undefined ? {} : { keepApart: 'none' }
  // Switches that turned out to be redundant since make two waves of one.
  const verifying = 2 * rounds * WITHIN
  const reserve = RESERVE + (failover === undefined ? 0 : failover + FAILOVER)
  return JSON.stringify({
    name: `rollback-${workflow.name}`.slice(0, NAME_LENGTH),
    targets: '*',
    change: { mode, file: '{{ device.name }}.cfg' },
    // What the change has broken may be the other side: it must not keep the change from being taken back.
    rollout: {
      waves: sizes,
      concurrency,
      fitness: 'off',
      ...confirmed,
      ...asBefore,
    },
    steps: [
      { snapshot: { state: areas } },
      'plan',
      approve === null ? 'approve' : { approve: { expires: formatDuration(approve.expires) } },
      { push: { confirmWithin: formatDuration(Math.max(timers.confirmWithin, verifying + reserve)) } },
      {
        verify: {
          within: formatDuration(WITHIN),
          stableFor: formatDuration(STABLE_FOR),
          every: '2s',
          checks: ['reachable'],
        },
      },
      'confirm',
    ],
    allow,
  })
}
