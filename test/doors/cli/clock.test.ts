import { describe, expect, test } from 'vitest'
import type { Device } from '../../../src/eos/device/device.ts'
import { everyNth } from '../../extent.ts'
import {
  type Ended,
  inventoryOf,
  json,
  type Lab,
  type LabOptions,
  openLab,
  prints,
  shows,
  withConnects,
  workflowFor,
} from '../../lab/lab.ts'

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR
const REASON = ['--reason', 'a plan was made with the clock a year ahead'] as const

/** A lab whose machine, and each switch of which, has a clock that can be set. Milliseconds by which they are ahead. */
function clockedLab({ workflow = workflowFor('leaf1 or leaf2'), ...options }: LabOptions = {}) {
  const set = { machine: 0, switches: {} as Record<string, number> }
  return { set, lab: openLab({ ...options, workflow, seams: clocked(set) }) }
}

const clocked =
  (set: { machine: number; switches: Record<string, number> }): NonNullable<LabOptions['seams']> =>
  (seams) =>
    withConnects({ device: (device, { name }) => withClock(device, () => (set.switches[name] ?? 0) / 1000) })({
      ...seams,
      clock: {
        now: () => seams.clock.now() + set.machine,
        monotonic: () => seams.clock.monotonic(),
        sleep: (milliseconds, signal) => seams.clock.sleep(milliseconds, signal),
      },
    })

function withClock(device: Device, ahead: () => number) {
  return new Proxy(device, {
    get: (target, name: keyof Device) => {
      if (name === 'look') {
        return async (commands: Parameters<Device['look']>[0]) => {
          const look = await target.look(commands)
          return { ...look, epoch: look.epoch + ahead() }
        }
      }
      const member = target[name]
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** What is on record: a line each. */
async function records(lab: Lab) {
  return ((await json(lab.eosflow('audit list --json'))) as { records: readonly { type: string }[] }).records.map(
    ({ type }) => type,
  )
}

function refusedByClock(ended: Ended, says: RegExp) {
  expect(ended.out + ended.err).toMatch(says)
  expect(ended.err).toMatch(/\(clock\)|clock/)
  expect(ended.code, ended.out + ended.err).toBe(10)
}

/** A record of a year ahead, as a command on a machine with a wrong clock leaves it where no switch is asked. */
async function poison(lab: Lab, set: { machine: number }) {
  set.machine = YEAR
  await lab.ok('audit export --format jsonl --to ahead.jsonl')
  set.machine = 0
}

describe('a store with a record of a year ahead', () => {
  test('[S11] takes no record of a command whose clock is behind it, and says what ends it', async () => {
    const { lab, set } = clockedLab()
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await poison(lab, set)
    const before = await records(lab)
    const asks = [
      ['plan workflow.yaml'],
      ['approve change.plan'],
      ['run change.plan'],
      ['run workflow.yaml --detach'],
      ['snapshot take'],
      ['audit export --format jsonl --to b.jsonl'],
    ]
    for (const argv of asks) {
      const ended = await lab.eosflow(...argv)
      refusedByClock(
        ended,
        /this machine's clock says 2026-01-05T08:\S+Z, and the newest record of the store is of 2027-01-05T08:\S+Z: nothing was written/,
      )
      expect(ended.err, argv.join(' ')).toMatch(/eosflow doctor .*eosflow audit accept-clock --reason TEXT/)
    }
    expect(await records(lab)).toEqual(before)
    expect(asks).toHaveLength(6)
    expect(lab.commits('leaf1').timed).toBe(0)
  })

  test('[S11] is named by doctor, until somebody accepts the clock: then approvals hold again', {
    tags: 'long',
  }, async () => {
    const { lab, set } = clockedLab()
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await lab.ok('approve change.plan')
    await poison(lab, set)
    await prints(
      10,
      lab.eosflow('doctor -t leaf1'),
      /✖ this machine's clock says 2026-\S+Z, and the newest record of the store is of 2027-\S+Z: nothing is written/,
      'eosflow audit accept-clock --reason TEXT',
    )
    await prints(
      0,
      lab.eosflow('audit accept-clock', ...REASON),
      /^Accepted: this machine's clock, 2026-01-05T08:\S+Z, against records up to 2027-01-05T08:\S+Z; 6 switches agree with it\nNext: eosflow doctor\n$/,
    )
    await lab.ok('doctor -t leaf1')
    await lab.ok('run change.plan')
    expect(lab.whereIs('leaf2')).toBe('AFTER')
    await prints(
      0,
      lab.eosflow('audit list --code EF905'),
      /EF905W .*accepts the clock.* 6 switches agreed: a plan was made with the clock a year ahead/,
    )
    await lab.ok('audit verify')
  })

  test('is accepted with a reason only, once, and not against the clocks of the switches', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, set } = clockedLab()
    await lab.eosflow('plan workflow.yaml')
    await poison(lab, set)
    await lab.exits(3, 'audit accept-clock')
    set.machine = -YEAR
    refusedByClock(
      await lab.eosflow('audit accept-clock', ...REASON),
      /and 6 of the 6 switches that told their time say otherwise: spine1: its clock is 365 days ahead of this machine's; /,
    )
    set.machine = 0
    await lab.ok('audit accept-clock', ...REASON)
    const again = await lab.eosflow('audit accept-clock', ...REASON)
    expect(again.out).toBe('Nothing to accept: no record is newer than this clock\n')
    expect((await records(lab)).filter((type) => type === 'ClockAccepted')).toHaveLength(1)
  })

  test.each([
    [300_000, 0],
    [301_000, 10],
  ])('of %d ms ahead ends a plan with exit %d', { tags: ['long', 'turn'] }, async (ahead, code) => {
    const { lab, set } = clockedLab({ workflow: workflowFor('leaf1') })
    set.machine = ahead
    await lab.ok('plan workflow.yaml')
    set.machine = 0
    await lab.exits(code, 'plan workflow.yaml')
  })
})

describe('a change that is live', () => {
  test.each(['resume', 'stop'] as const)(
    'is settled by %s, whatever record there is by then',
    { tags: 'long' },
    async (command) => {
      const set = { machine: 0, switches: {} }
      const lab = openLab({ seams: clocked(set) })
      await lab.killAt('arm-journalled')
      expect(lab.device('leaf1').switch.sessions.timer).toBeDefined()
      await poison(lab, set)
      const ended = await (command === 'resume' ? lab.eosflow('resume') : lab.eosflow('stop @latest'))
      expect(ended.err).toMatch(/! this machine's clock says .*; it goes on all the same, because switches may/)
      expect(lab.device('leaf1').switch.sessions.timer).toBeUndefined()
      expect(lab.whereIs('leaf1')).toBe(command === 'resume' ? 'AFTER' : 'BEFORE')
      expect(ended.code, ended.err).toBe(0)
    },
  )

  test('is put back when nothing more may be approved: one switch is armed, the next is not pushed', {
    tags: 'long',
  }, async () => {
    const set = { machine: 0, switches: {} }
    const lab = openLab({ targets: 'leaf1 or leaf2', seams: clocked(set) })
    await lab.killAt('arm-journalled')
    await poison(lab, set)
    await shows(6, lab.eosflow('resume'), /the approval expired at .*the newest record is of 2027-01-05T/)
    expect(['leaf1', 'leaf2'].map((name) => lab.whereIs(name))).toEqual(['BEFORE', 'BEFORE'])
  })
})

describe('the clocks of the switches that are asked', () => {
  test('[S11] outvote that of this machine: nothing is written, not even the first record', async () => {
    const { lab, set } = clockedLab()
    for (const argv of [['plan workflow.yaml'], ['run workflow.yaml --detach'], ['snapshot take'], ['sessions gc']]) {
      set.machine = YEAR
      refusedByClock(
        await lab.eosflow(...argv),
        /say otherwise: (?:leaf1|spine1): its clock is 365 days behind this machine's; (?:leaf2|spine2): /,
      )
      set.machine = 0
      expect(await records(lab), argv.join(' ')).toEqual([])
    }
    set.machine = YEAR
    await prints(
      10,
      lab.eosflow('doctor'),
      /✖ 6 of 6 switches are more than 5 minutes off this machine's clock: nothing is written \(\w+: its clock is 365 days behind/,
    )
  })

  test.each(
    everyNth(5, 'clocks of switches that are off', [
      { targets: 'leaf1 or leaf2', off: ['leaf1'], code: 0 },
      { targets: 'leaf1 or leaf2', off: ['leaf1', 'leaf2'], code: 10 },
      { targets: 'leaf*', off: ['leaf1', 'leaf3'], code: 0 },
      { targets: 'leaf*', off: ['leaf1', 'leaf2', 'leaf4'], code: 10 },
      { targets: 'leaf1', off: ['leaf1'], code: 0 },
    ]),
  )('$off of $targets that are off: exit $code', async ({ targets, off, code }) => {
    const { lab, set } = clockedLab({ workflow: workflowFor(targets) })
    for (const name of off) set.switches[name] = -HOUR
    const ended = await lab.exits(code, 'plan workflow.yaml')
    if (code !== 0) expect(await records(lab)).toEqual([])
    else if (targets !== 'leaf1') {
      for (const name of off) expect(ended.err).toContain(`! ${name}: its clock is 1h behind this machine's\n`)
    }
  })

  test('are asked without a word: the warning of another command line is said once', async () => {
    const { lab } = clockedLab({ workflow: workflowFor('leaf1 or leaf2') })
    const inventory = JSON.parse(inventoryOf(lab.fabric))
    const defaults = { ...inventory.defaults, protocol: 'https', tls: { insecure: true } }
    lab.write('inventory.yaml', JSON.stringify({ ...inventory, defaults }))
    // The lab's own way to its switches refuses such a mode: what is printed before that is what counts here.
    const { err } = await lab.eosflow('plan workflow.yaml --insecure-tls')
    const warnings = err.split('\n').filter((line) => line.startsWith('! --insecure-tls: '))
    expect(warnings).toEqual([
      '! --insecure-tls: the certificate of leaf1, leaf2 is not checked; whoever is in between reads the password',
    ])
  })

  test('are no vote of a switch that does not answer', async () => {
    const { lab, set } = clockedLab({ workflow: workflowFor('leaf1 or leaf2 or leaf3') })
    lab.fault({ device: 'leaf3', kind: 'unreachable' })
    set.machine = HOUR
    refusedByClock(await lab.eosflow('plan workflow.yaml'), /2 of the 2 switches that told their time say otherwise/)
  })
})
