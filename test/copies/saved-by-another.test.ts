import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { openLab, typeOn } from '../lab/lab.ts'
import { atRest, placeOf } from './copied-stores.ts'
import { type MortalProcess, within } from './mortal-process.ts'

/**
 * Another record has confirmed and saved the change of leaf1, then somebody types there; with `isShown` false the switch does not print
 * startup-config. Gives how the older record ends it, and what it says.
 */
async function stopped(typed: readonly string[], isShown = true) {
  let process: MortalProcess | undefined
  const lab = openLab({ seams: (seams) => within(process, seams) })
  const [store, kept] = [join(lab.dir, '.eosflow'), join(lab.dir, 'kept')]
  await lab.eosflow('plan workflow.yaml -o change.plan')
  await lab.eosflow('approve change.plan')
  const copy = () => cpSync(store, kept, { recursive: true })
  process = { at: 'TaskStarted Push', copy, diesAt: undefined, copied: false, dead: false }
  await lab.eosflow('run change.plan')
  process = undefined
  rmSync(store, { recursive: true })
  cpSync(kept, store, { recursive: true })
  const leaf1 = lab.device('leaf1')
  await typeOn(leaf1, ...typed)
  const refusal = { kind: 'refuse-command', command: '^show startup-config$', code: 1002 } as const
  if (!isShown) lab.fault({ device: 'leaf1', ...refusal, errors: ['no'] })
  const { code, out } = await lab.eosflow('stop @latest')
  const place = placeOf(lab)
  await typeOn(leaf1, 'copy running-config startup-config')
  await atRest({ lab })
  return { code, out, place }
}

const UNDONE = ['configure', 'no vlan 998', 'end']
const SAVE = 'copy running-config startup-config'

const HOLDS = 'startup-config holds lines of the change, a reboot brings them back'
const UNREAD = 'startup-config cannot be compared: it may hold the change, which a reboot would bring back'

const STARTUPS: readonly (readonly [string, Parameters<typeof stopped>, number, string, string])[] = [
  ['holds the change', [UNDONE], 7, '? unknown', HOLDS],
  ['cannot be read', [UNDONE, false], 7, '? unknown', UNREAD],
  ['was saved since', [[...UNDONE, SAVE]], 0, '↺ put back', 'equals the one before; on the switch'],
  [
    'was saved since, and somebody has typed another line',
    [[...UNDONE, SAVE, 'configure', 'vlan 777', 'end']],
    0,
    '↺ put back',
    'what EOS or somebody else has changed remains: +vlan 777; on the switch',
  ],
]

test.each(everyNthOfLong(2, 'startup-configs after a change', STARTUPS))(
  'where another record has made the change and startup-config %s',
  async (_, given, code, end, says) => {
    const ended = await stopped(...given)
    expect([ended.code, ended.place], ended.out).toEqual([code, 'BEFORE'])
    expect(ended.out).toContain(`leaf1   ${end}`)
    expect(ended.out).toContain(says)
  },
)
