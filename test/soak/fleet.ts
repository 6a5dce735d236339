import { ended, fleetProject, type Measured, planned, requireCount } from './fleet-project.ts'

/** What one switch costs in a change of many, by eosflow's own user CPU, in proportion to one of fifty. */
const MOST_RATIO = 1.3
/** MB that eosflow may take, whatever becomes of the change. */
const MOST_MEMORY = 600
const BASE = 50

export const usage = 'fleet [SWITCHES]: a change of so many switches, a multiple of 50; default 1000'

/** The last switch gets another VLAN than its verification asks for where `fails` is set: then everybody else is put back. */
const workflow = (name: string, fails: boolean, push = '1h'): string => `name: ${name}
targets: '*'
change:
  mode: merge
  lines: ['vlan {{ 997 if device.tags.last == "${fails ? 'yes' : 'never'}" else 998 }}', '   name TESTED']
rollout: { waves: ['50%'], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: ${push} }
  - verify: { within: 8s, stableFor: 1s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** Fewer switches are not rolled back: that takes as long again, and .ci/run has a minute and a half. */
const ROLLED_BACK = 1000

interface Figure {
  readonly cpu: number
  readonly memory: number
}

/** CPU in milliseconds per switch, and MB at most, of each act on one fleet. */
type Figures = Readonly<Record<string, Figure>>

/**
 * Plans, runs, rolls back and puts back a change of as many simulated switches through the built command, and compares what one of
 * them costs with what one of fifty does. Prints every figure. 1 when the ratio or the memory is missed.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [count = 1000] = args.map(Number)
  if (!Number.isSafeInteger(count) || count < BASE || count % BASE !== 0) return undefined
  const isRolledBack = count >= ROLLED_BACK
  const small = await figuresOf(BASE, isRolledBack)
  const large = await figuresOf(count, isRolledBack)
  const missed = Object.entries(large).flatMap(([act, { cpu, memory }]) => {
    const base = small[act]?.cpu ?? Number.NaN
    const ratio = cpu / base
    process.stdout.write(
      `${act.padEnd(9)} ${cpu.toFixed(1).padStart(6)} ms a switch (${base.toFixed(1)} of ${BASE}), x${ratio.toFixed(2)}, ${memory.toFixed(0)} MB\n`,
    )
    return [
      ...(!(ratio <= MOST_RATIO) ? [`${act}: x${ratio.toFixed(2)} of the CPU a switch, more than x${MOST_RATIO}`] : []),
      ...(memory > MOST_MEMORY ? [`${act}: ${memory.toFixed(0)} MB, more than ${MOST_MEMORY}`] : []),
    ]
  })
  for (const line of missed) process.stdout.write(`MISSED: ${line}\n`)
  return missed.length === 0 ? 0 : 1
}

async function figuresOf(count: number, isRolledBack: boolean): Promise<Figures> {
  const fleet = await fleetProject(count)
  const figure = (...parts: readonly Measured[]): Figure => ({
    cpu: parts.reduce((sum, { cpu }) => sum + cpu, 0) / count,
    memory: Math.max(...parts.map(({ memory }) => memory)),
  })
  try {
    fleet.write('good.yaml', workflow('good', false))
    fleet.write('bad.yaml', workflow('bad', true))
    fleet.write('short.yaml', workflow('short', false, '61s'))
    if (count > BASE) await ended(fleet, [3], 'validate', 'short.yaml')
    const back = await planned(fleet, 'bad')
    const putBack = await ended(fleet, [6], 'run', 'bad.plan')
    requireCount(putBack, `${count} put back`)
    const plan = await planned(fleet, 'good')
    const run = await ended(fleet, [0], 'run', 'good.plan')
    requireCount(run, `${count} confirmed`)
    const figures = { plan: figure(plan), run: figure(run), 'put back': figure(back, putBack) }
    if (!isRolledBack) return figures
    const asked = await ended(fleet, [12], 'rollback', '@latest', '--detach')
    const shown = await ended(fleet, [0], 'show', '@latest', '--json')
    await ended(fleet, [0], 'approve', '@latest', '--digest', digestIn(shown.out))
    const resumed = await ended(fleet, [0], 'resume', '@latest')
    requireCount(resumed, `${count} confirmed`)
    return { ...figures, rollback: figure(asked, resumed) }
  } finally {
    fleet.close()
  }
}

function digestIn(text: string): string {
  return /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? ''
}
