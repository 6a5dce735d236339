import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, json, type Lab, openLab, prints, warns, workflowFor } from '../../lab/lab.ts'

const REASON = ['--reason', 'INC-4711']

/** Of the newest execution. */
const idOf = async (lab: Lab) => (await json(lab.eosflow('show @latest --json'))).id

const countOf = async (lab: Lab) => (await json(lab.eosflow('executions --json'))).executions.length

describe('while a freeze is in force', () => {
  test('[G92] no change begins, by no way: exit 9, who froze, why, until when and how it ends; nothing is asked of a switch', {
    tags: 'long',
  }, async () => {
    const lab = openLab({ files: { 'other.yaml': workflowFor('leaf2') } })
    await lab.ok('plan other.yaml -o p.plan')
    await lab.ok('approve p.plan')
    // One that has failed, one that has succeeded and one that waits.
    lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, lab.change())
    const failed = await idOf(lab)
    lab.clearFaults()
    await exits(0, lab.change())
    const succeeded = await idOf(lab)
    await lab.exits(12, 'rollback', succeeded, '--detach')
    const waiting = await idOf(lab)
    const before = await countOf(lab)

    const frozen = await lab.eosflow('freeze', ...REASON)
    expect(frozen).toMatchObject({ code: 0, err: '' })
    const [, number] =
      /^Frozen: nothing new begins until (?:\S+): freeze (\d+), set by \S+: INC-4711$/m.exec(frozen.out) ?? []
    expect(frozen.out).toContain(`Changes nothing meanwhile: ${waiting}\n`)
    const asked = lab.fabric.devices.map(({ requests }) => requests())
    const ways = [
      ['run workflow.yaml'],
      ['run workflow.yaml --detach'],
      ['run workflow.yaml --key k1'],
      ['run p.plan'],
      ['redrive', failed],
      ['rollback', succeeded],
      ['resume', waiting],
      ['resume'],
    ] as const
    for (const way of ways) {
      await warns(
        9,
        lab.eosflow(...way),
        new RegExp(`nothing new begins until \\S+: freeze ${number}, set by \\S+: INC-4711`),
        `eosflow unfreeze ${number} --reason TEXT`,
      )
    }
    expect(lab.fabric.devices.map(({ requests }) => requests())).toEqual(asked)
    expect(await countOf(lab)).toBe(before)
    await prints(
      0,
      lab.eosflow('unfreeze --reason solved'),
      new RegExp(`^Ended: freeze ${number}, which \\S+ had set until \\S+$`, 'm'),
    )
    await lab.ok('approve', waiting)
    await lab.ok('resume', waiting)
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('what reads and what plans goes on, and says that a freeze is in force', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await lab.ok('snapshot take before')
    await lab.exits(12, 'run workflow.yaml --detach')
    const waiting = await idOf(lab)
    await lab.ok('freeze', ...REASON, '--for', '30m')
    const said = /^! nothing new begins until \S+: freeze \d+, set by \S+: INC-4711$/m
    for (const words of [
      ['show @latest'],
      ['plan workflow.yaml -o p.plan'],
      ['approve p.plan'],
      ['approve', waiting],
      ['executions'],
    ]) {
      const { code, err } = await lab.eosflow(...words)
      expect([words[0], code, said.test(err)]).toEqual([words[0], 0, true])
    }
    for (const words of [['snapshot take again'], ['drift'], ['sessions list'], ['recover --scan']])
      await lab.ok(...words)
    await prints(0, lab.eosflow('doctor'), /nothing new begins until \S+: freeze \d+/)
    // What waits has begun nothing, and may be stopped.
    await lab.ok('stop', waiting, '--reason', 'x')
    await lab.ok('unfreeze --reason x')
    expect((await lab.eosflow('executions')).err).toBe('')
  })

  test('a change that runs goes on to its end, wave by wave, and so does one that is put back', {
    tags: ['long', 'turn'],
  }, async () => {
    for (const fault of [false, true]) {
      let said = ''
      const lab = openLab({
        targets: 'leaf1 or leaf3',
        before: async (lab, device, commands) => {
          if (said !== '' || device !== 'leaf1' || !commands.some((one) => /commit timer/.test(one))) return
          said = 'being frozen'
          said = (await lab.eosflow('freeze', ...REASON)).out
        },
      })
      if (fault) lab.fault({ device: 'leaf3', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
      await exits(fault ? 6 : 0, lab.change())
      expect(said).toContain(`Goes on to its end: ${await idOf(lab)}\nNext: eosflow stop --all\n`)
      for (const name of ['leaf1', 'leaf3']) expect(lab.whereIs(name), name).toBe(fault ? 'BEFORE' : 'AFTER')
      await lab.exits(9, 'redrive @latest')
    }
  })

  test('a change that waits for its approval meanwhile is refused when it has it, and nothing is sent', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    await lab.ok('approve @latest')
    await lab.ok('freeze', ...REASON, '--for', '1h')
    await lab.exits(9, 'resume')
    await prints(0, lab.eosflow('show @latest'), 'waits')
    await lab.clock.advance(3_600_000)
    await lab.ok('resume')
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })
})

describe('a freeze', () => {
  test('ends by itself: after 8 hours where nobody says when, or when it was said', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const setUntil = async (...words: readonly string[]) => {
      return Date.parse((await json(lab.ok('freeze', ...REASON, '--json', ...words))).until) - lab.clock.now()
    }
    expect(await setUntil()).toBe(8 * 3_600_000)
    expect(await setUntil('--for', '20m')).toBe(1_200_000)
    const at = new Date(lab.clock.now() + 60_000).toISOString()
    expect(await setUntil('--until', at)).toBe(60_000)
    expect(await setUntil('--for', '7d')).toBe(604_800_000)
    await lab.ok('unfreeze --all --reason x')
    expect(await setUntil('--for', '8h')).toBe(28_800_000)
    await lab.clock.advance(28_799_999)
    await lab.exits(9, 'run workflow.yaml --detach')
    await lab.clock.advance(1)
    await lab.exits(12, 'run workflow.yaml --detach')
  })

  test.each<[string, readonly string[], string]>(
    everyNth(4, 'freezes that are refused', [
      ['without a reason', [], 'a reason is missing'],
      ['of more than 7 days', [...REASON, '--for', '8d'], 'a freeze lasts at most 7 days'],
      ['of a year, by a slip', [...REASON, '--until', '2027-01-05T09:00:00Z'], 'a freeze lasts at most 7 days'],
      ['that is over already', [...REASON, '--until', '2026-01-05T07:00:00Z'], 'the freeze would be over already'],
      ['of no time', [...REASON, '--for', '0s'], 'the freeze would be over already'],
      ['with two ends', [...REASON, '--for', '1h', '--until', '2026-01-05T09:00:00Z'], 'there are two ends'],
      ['until a time without its zone', [...REASON, '--until', '2026-01-05T09:00:00'], 'is not a time with its zone'],
      ['for words', [...REASON, '--for', 'tonight'], 'is not a duration'],
    ]),
  )('%s is refused, and nothing is on record: exit 3', async (_name, words, message) => {
    const lab = openLab()
    await lab.ok('freeze', ...REASON)
    await warns(3, lab.eosflow('freeze', ...words), message)
    expect((await lab.ok('audit list --code EF514')).out.match(/EF514W/g)).toHaveLength(1)
  })

  test('is one of several: without a number none of them ends, with it that one', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const numbers: number[] = []
    for (const reason of ['core', 'edge']) {
      const set = await json(lab.eosflow('freeze --reason', reason, '--json'))
      expect(set).toMatchObject({ version: 1, kind: 'freeze', reason, goOn: [], rest: [] })
      numbers.push(set.freeze)
    }
    const [first = 0, second = 0] = numbers
    await warns(
      3,
      lab.eosflow('unfreeze --reason x'),
      new RegExp(
        `2 freezes are in force, and none is named: [^]*freeze ${first}, set by .*: core; [^]*freeze ${second}, set by .*: edge$`,
        'm',
      ),
    )
    await lab.exits(3, 'unfreeze', String(first + 1000), '--reason', 'x')
    await lab.exits(3, 'unfreeze core --reason x')
    await lab.exits(3, 'unfreeze', String(first), '--all', '--reason', 'x')
    await lab.exits(3, 'unfreeze')
    const ended = await lab.eosflow('unfreeze', String(first), '--reason', 'core is well', '--json')
    expect(JSON.parse(ended.out)).toMatchObject({
      version: 1,
      kind: 'unfreeze',
      ended: [{ freeze: first, reason: 'core' }],
      left: [{ freeze: second, reason: 'edge' }],
    })
    await lab.exits(9, 'run workflow.yaml --detach')
    await lab.ok('unfreeze --reason', 'edge is well')
    await prints(0, lab.eosflow('unfreeze --reason x'), 'Nothing to end: no freeze is in force')
    await prints(
      0,
      lab.eosflow('audit list --code EF51'),
      /EF514W.*froze: nothing new begins until .*: edge/,
      new RegExp(`EF515W.*ended the freeze ${first}: core is well`),
    )
  })
})

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

/** A lab whose machine has a clock that can be set: milliseconds by which it is ahead. */
function clockedLab() {
  const set = { ahead: 0 }
  const lab = openLab({
    targets: 'leaf1 or leaf2',
    seams: (seams) => ({
      ...seams,
      clock: {
        now: () => seams.clock.now() + set.ahead,
        monotonic: () => seams.clock.monotonic(),
        sleep: (milliseconds, signal) => seams.clock.sleep(milliseconds, signal),
      },
    }),
  })
  return { lab, set }
}

const freeze = async (lab: Lab, lasts: string) => {
  return (await json(lab.eosflow('freeze --reason INC-1 --for', lasts, '--json'))).until
}

const run = async (lab: Lab) => {
  const { code, err } = await lab.eosflow('run workflow.yaml --detach')
  return [code, err]
}

test('a freeze that is set by a clock behind the record is no shorter than was said', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, set } = clockedLab()
  await lab.ok('snapshot take before')
  set.ahead = -5 * HOUR
  expect(await freeze(lab, '2h')).toMatch(/^2026-01-05T10:00:/)
  set.ahead = 0
  expect(await run(lab)).toEqual([9, expect.stringContaining('nothing new begins until 2026-01-05T10:00:')])
  await lab.clock.advance(2 * HOUR)
  expect((await run(lab))[0]).toBe(12)
})

test('a clock that is set back keeps a freeze, and one that is set forward begins nothing against the switches', async () => {
  const { lab, set } = clockedLab()
  expect(await freeze(lab, '1h')).toMatch(/^2026-01-05T09:00:/)
  set.ahead = -2 * HOUR
  expect((await run(lab))[0]).toBe(9)
  set.ahead = 2 * HOUR
  expect(await run(lab)).toEqual([10, expect.stringContaining("this machine's clock says")])
  set.ahead = 0
  await prints(0, lab.eosflow('executions --json'), '"executions":[]')
})

test('a freeze of a clock that was a year ahead is in force until somebody ends it', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab, set } = clockedLab()
  set.ahead = YEAR
  expect(await freeze(lab, '1h')).toMatch(/^2027-01-05T09:00:/)
  set.ahead = 0
  await lab.ok('audit accept-clock --reason', 'it was a year ahead')
  await lab.clock.advance(2 * HOUR)
  expect(await run(lab)).toEqual([9, expect.stringContaining('until 2027-01-05T09:00:')])
  await lab.ok('unfreeze --reason', 'the clock was wrong')
  expect((await run(lab))[0]).toBe(12)
})

test('a backup has the freezes that it had: one that was ended behind it is in force again, one that was set behind it is lost', {
  tags: ['long', 'turn'],
}, async () => {
  const { lab } = clockedLab()
  await freeze(lab, '3h')
  await lab.ok('store backup copy.db')
  await lab.ok('unfreeze --reason x')
  await freeze(lab, '5h')
  for (const file of ['store.db', 'store.db-wal', 'store.db-shm'])
    try {
      renameSync(join(lab.dir, '.eosflow', file), join(lab.dir, file))
    } catch {}
  await prints(
    0,
    lab.eosflow('store restore copy.db --reason', 'the disk broke'),
    'Freezes that were set since the backup are lost too',
  )
  expect(await run(lab)).toEqual([9, expect.stringContaining('nothing new begins until 2026-01-05T11:')])
  await lab.clock.advance(3 * HOUR)
  expect((await run(lab))[0]).toBe(12)
})

test('the same change under a key that is known is not begun again: it is shown, freeze or not', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const change = ['run workflow.yaml --key k1 --detach'] as const
  await lab.exits(12, ...change)
  await lab.ok('stop @latest --reason x')
  await freeze(lab, '1h')
  await warns(11, lab.eosflow(...change), 'asked for before')
})
