import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { type Ended, type Lab, openLab, workflowFor } from '../lab/lab.ts'
import { type MortalProcess, within } from './mortal-process.ts'

/** How the older record comes back: a folder that was copied, or a backup that is restored by the documented way. */
export const WAYS = ['copied', 'restored'] as const

/** What the part of the record that the copy lacks did to the switch. */
export const LOST_PARTS = [
  'nothing',
  'armed',
  'run out',
  'confirmed',
  'put back',
  'later change',
  'taken back',
] as const

/** What is done with the older record. */
export const ACTS = ['resume', 'stop', 'redrive', 'rollback', 'run'] as const

/** One case of the table. */
export interface Case {
  readonly way: (typeof WAYS)[number]
  /** The copy is made behind the first record of this kind. */
  readonly at: string
  readonly lost: (typeof LOST_PARTS)[number]
  readonly act: (typeof ACTS)[number]
}

/** Where a switch is, by its own running-config. */
export type Place = 'BEFORE' | 'AFTER' | 'LATER'

/** What a case has come to. */
export interface Came {
  readonly lab: Lab
  /** The execution whose record was copied, and its name for checkpoints. */
  readonly execution: string
  /** What the command with the older record said last. */
  readonly ended: Ended
  /** Where the switch was before that command, and how often a timed commit was sent until then. */
  readonly place: Place
  readonly commits: number
  /** What the checkpoint of the execution held before and holds now; undefined: there is none. */
  readonly kept: Place | undefined
  readonly keeps: Place | undefined
}

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'
const TIMER_IS_OVER = 400_000

function placeIn(text: string): Place {
  if (text.includes('\nvlan 900\n')) return 'LATER'
  return text.includes('\nvlan 998\n') ? 'AFTER' : 'BEFORE'
}

/** Where leaf1 is. */
export function placeOf({ fabric }: Lab): Place {
  return placeIn(renderConfig(fabric.device('leaf1').switch.running))
}

function checkpointOf({ fabric }: Lab, execution: string): Place | undefined {
  const found = fabric.device('leaf1').switch.config.checkpoints.get(`eosflow-${execution.slice(-8)}`)
  return found === undefined ? undefined : placeIn(renderConfig(found.tree))
}

/** How often a timed commit was sent to leaf1. */
export function commitsOf({ fabric }: Lab) {
  return fabric.device('leaf1').counters().commits.timed
}

/** Lives through one case. Undefined where the change never comes to the moment of the copy. */
export async function lived({ way, at, lost, act }: Case): Promise<Came | undefined> {
  let process: MortalProcess | undefined
  const lab = openLab({ seams: (seams) => within(process, seams) })
  lab.write('workflow.yaml', workflowFor('leaf1', lost === 'put back' ? { verify: NEVER_GOOD } : {}))
  const later = workflowFor('leaf1', { lines: ['vlan 900'] }).replace('[998]', '[900]')
  lab.write('later.yaml', later.replace('add-a-vlan', 'later'))
  const [store, kept] = [join(lab.dir, '.eosflow'), join(lab.dir, 'kept')]
  await lab.eosflow('plan workflow.yaml -o change.plan')
  await lab.eosflow('approve change.plan')
  const isArmed = lost === 'armed' || lost === 'run out'
  const living: MortalProcess = {
    at,
    copy: () => cpSync(store, kept, { recursive: true }),
    diesAt: lost === 'nothing' ? '' : isArmed ? 'ActFinished arm' : undefined,
    copied: false,
    dead: false,
  }
  process = living
  await lab.eosflow('run change.plan')
  process = undefined
  if (!living.copied || (isArmed && !living.dead)) {
    await passed(lab, TIMER_IS_OVER)
    return undefined
  }
  const execution = idOf(await lab.eosflow('executions --json'))
  if (lost === 'later change') await lab.agreed('run later.yaml')
  if (lost === 'taken back') await lab.agreed(`rollback ${execution}`)
  if (lost === 'run out') await passed(lab, TIMER_IS_OVER)
  await older(lab, { way, store, kept })
  const before = { place: placeOf(lab), commits: commitsOf(lab), kept: checkpointOf(lab, execution) }
  const ended = await done(lab, { way, act, execution })
  return { lab, execution, ended, ...before, keeps: checkpointOf(lab, execution) }
}

function idOf({ out }: Ended) {
  return /"id": ?"([0-9]{8}-[0-9]{6}-[0-9a-f]{8})"/.exec(out)?.[1] ?? ''
}

async function passed({ clock, fabric }: Lab, milliseconds: number) {
  const over = clock.sleep(milliseconds)
  await clock.next()
  await over
  const { switch: leaf1 } = fabric.device('leaf1')
  leaf1.settle()
  for (const { name, state } of leaf1.sessions.all())
    if (state === 'pending') leaf1.sessions.abort(name, { user: 'admin', from: 'test' })
}

/** Lets every commit timer of a case run out, and takes pending sessions away: a command that is refused leaves them. */
export async function atRest({ lab }: Pick<Came, 'lab'>) {
  await passed(lab, TIMER_IS_OVER)
}

/** Puts the older record where the store was. */
async function older(
  lab: Lab,
  { way, store, kept }: { readonly way: Case['way']; readonly store: string; readonly kept: string },
) {
  for (const file of readdirSync(kept)) if (file.startsWith('running-')) rmSync(join(kept, file))
  if (way === 'restored') {
    await lab.eosflow('--store kept/store.db store backup copy.db')
    await lab.eosflow('store restore copy.db --set-aside --reason', 'the disk broke')
    return
  }
  rmSync(store, { recursive: true })
  cpSync(kept, store, { recursive: true })
}

/** Where it waits for an approval, a person gives it who knows no better. */
async function approved(lab: Lab, execution: string, rested: Ended): Promise<Ended> {
  if (rested.code !== 12) return rested
  await lab.eosflow('approve change.plan')
  return lab.eosflow(`resume ${execution}`)
}

async function done(
  lab: Lab,
  { way, act, execution }: Pick<Case, 'way' | 'act'> & { readonly execution: string },
): Promise<Ended> {
  const restored = way === 'restored' ? ['--restored'] : []
  switch (act) {
    case 'resume':
      return approved(lab, execution, await lab.eosflow(`resume ${execution}`, ...restored))
    case 'stop':
      return lab.eosflow(`stop ${execution}`, ...restored)
    case 'redrive':
      await lab.eosflow(`stop ${execution}`, ...restored)
      return approved(lab, execution, await lab.eosflow(`redrive ${execution}`))
    case 'rollback':
      await lab.eosflow(`resume ${execution}`, ...restored)
      return lab.agreed(`rollback ${execution}`)
    case 'run':
      await lab.eosflow(`stop ${execution}`, ...restored)
      await lab.eosflow('approve change.plan')
      return lab.eosflow('run change.plan')
  }
}
