import { mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileClaims } from '../../../src/change/record/sqlite/claims.ts'
import {
  DC1,
  exits,
  fileText,
  json,
  type Lab,
  openLab,
  PEOPLE,
  policyWith,
  prints,
  SETTINGS,
  warns,
} from '../../lab/lab.ts'

const SCHEDULES = `schedules:
  - { name: leaf-drift, cron: '*/5 * * * *', tz: Europe/Berlin, do: drift, on: leaf1 }
  - { name: rare, cron: '0 3 29 2 *', tz: UTC, do: run, workflow: workflow.yaml }
`
const FIVE_MINUTES = 300_000

describe('without a server', () => {
  test('what is due is done once, what was missed is on record, and the list says what became of it', async () => {
    const lab = openLab()
    expect(await lab.eosflow('schedule list')).toMatchObject({
      code: 0,
      out: 'No schedule: eosflow.yaml has none under `schedules:`.\n',
    })
    lab.write('eosflow.yaml', `version: 1\n${SCHEDULES}`)
    await lab.ok('snapshot take -t leaf1')
    // The clocks of the labs begin at 08:00.
    const first = await lab.ok('schedule run')
    expect(first.out.split('\n')[0]).toBe(
      'leaf-drift · drift leaf1 · */5 * * * * (Europe/Berlin) · next 2026-01-05T08:05:00.000Z, 2026-01-05T08:10:00.000Z, 2026-01-05T08:15:00.000Z',
    )
    await lab.clock.advance(Date.parse('2026-01-05T08:05:10Z') - lab.clock.now())
    for (const _ of [1, 2]) {
      await prints(
        0,
        lab.eosflow('schedule run'),
        '  last 2026-01-05T08:05:00.000Z · ok · 1 switch, 1 compared: 0 differ, 1 as in a snapshot and confirmed by no change\n',
      )
    }
    await lab.clock.advance(2 * FIVE_MINUTES + 120_000)
    await prints(
      0,
      lab.eosflow('schedule run'),
      '  last 2026-01-05T08:15:00.000Z · missed · nobody ran schedules then\n',
    )
    const { records } = (await json(lab.eosflow('audit list --json'))) as {
      readonly records: readonly { readonly type: string }[]
    }
    const types = records.map(({ type }) => type).filter((type) => type.startsWith('Schedule'))
    expect(types).toEqual(['ScheduleChanged', 'ScheduleChanged', 'ScheduleFired', 'ScheduleFinished', 'ScheduleMissed'])
  })

  test('a schedule that is named is started by hand: one that fails is exit 6, and one that is not there exit 3', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    lab.write('eosflow.yaml', `version: 1\n${SCHEDULES}`)
    await prints(
      6,
      lab.eosflow('schedule run rare'),
      ' · failed · without a policy only a person may execution.start, and schedule:rare is a service\n',
    )
    await warns(3, lab.eosflow('schedule run rar'), 'did you mean `rare`?')
    const list = (await json(lab.eosflow('schedule list --json'))) as {
      readonly schedules: readonly { readonly name: string; readonly last?: { readonly what: string } }[]
    }
    expect(list).toMatchObject({ version: 1, kind: 'schedules' })
    expect(list.schedules.map(({ name, last }) => [name, last?.what])).toEqual([
      ['leaf-drift', undefined],
      ['rare', 'failed'],
    ])
  })

  test('whoever may not start what a schedule is for has nothing of it run', async () => {
    const lab = openLab({ caller: PEOPLE.dave })
    lab.write('eosflow.yaml', `${SETTINGS}${SCHEDULES}`)
    lab.write('policy.yaml', policyWith())
    for (const words of [['run'], ['run', 'leaf-drift'], ['list']]) {
      await lab.exits(4, 'schedule', ...words)
    }
    expect(lab.requests()).toBe(0)
  })

  test('where a server serves the store, its schedules are left to it', async () => {
    const lab = openLab()
    lab.write('eosflow.yaml', `version: 1\n${SCHEDULES}`)
    await lab.eosflow('schedule run')
    const server = await fileClaims(join(lab.dir, '.eosflow')).claim('serve')
    await lab.clock.advance(FIVE_MINUTES)
    const left = await lab.ok('schedule run')
    expect(left.err).toBe('! a server serves this store and runs its schedules: nothing is done here\n')
    expect(left.out).not.toContain('last')
    await lab.exits(9, 'schedule run leaf-drift')
    await server.release()
    await prints(6, lab.eosflow('schedule run'), '  last 2026-01-05T08:05:00.000Z · failed · 1 switch, 0 compared')
  })
})

describe('backups and comparisons', () => {
  const NIGHTLY = `version: 1
schedules:
  - { name: kept, cron: '*/5 * * * *', tz: UTC, do: backup, folder: kept/cfg, on: 'leaf1,leaf2' }
  - { name: intended, cron: '*/5 * * * *', tz: UTC, do: comply, folder: intended, on: 'leaf1,leaf2' }
  - { name: confirmed, cron: '*/5 * * * *', tz: UTC, do: comply, on: leaf3 }
`
  /** A lab whose schedules came into force at eight; at five past what is due is done. */
  async function nightly(before: (lab: Lab) => void = () => undefined) {
    const lab = openLab()
    lab.write('eosflow.yaml', NIGHTLY)
    for (const name of ['leaf1', 'leaf2']) lab.write(`intended/${name}.cfg`, fileText(DC1, name, 'running-config'))
    await lab.eosflow('schedule run')
    before(lab)
    await lab.clock.advance(Date.parse('2026-01-05T08:05:10Z') - lab.clock.now())
    return { lab, ...(await lab.eosflow('schedule run')) }
  }

  test('are done for what they are due; a comparison of nothing has failed', { tags: ['long', 'turn'] }, async () => {
    const { lab, out } = await exits(6, nightly())
    const last = '  last 2026-01-05T08:05:00.000Z'
    expect(out.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
      expect.stringContaining('kept · backup kept/cfg leaf1,leaf2 · '),
      expect.stringContaining('intended · comply intended leaf1,leaf2 · '),
      expect.stringContaining('confirmed · comply leaf3 · '),
      'Next: eosflow executions',
      '',
    ])
    expect(out.split('\n').filter((line) => line.startsWith('  '))).toEqual([
      `${last} · ok · 2 switches in kept/cfg: 2 new, 0 changed, 0 as before`,
      `${last} · ok · 2 switches, 2 compared: 0 differ, 2 compliant`,
      `${last} · failed · 1 switch, 0 compared: 1 with nothing intended`,
    ])
    expect(fileText(lab.dir, 'kept/cfg/leaf1.cfg')).not.toContain('d1-Tr4ce-7Ke')
  })

  test('[G120] a backup does not follow a symbolic link out of the project', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    await prints(
      6,
      nightly((lab) => symlinkSync(outside, join(lab.dir, 'kept'))),
      `kept/cfg is outside of the project: a symbolic link leads to ${outside}\n`,
    )
    expect(readdirSync(outside)).toEqual([])
  })

  test('name what differs, and have failed where a switch is away', { tags: ['long', 'turn'] }, async () => {
    await prints(
      6,
      nightly((lab) => {
        lab.write('intended/leaf1.cfg', 'hostname other\n')
        lab.fault({ device: 'leaf2', kind: 'unreachable' })
      }),
      ' · failed · 2 switches in kept/cfg: 1 new, 0 changed, 0 as before, 1 not read; not read: leaf2\n',
      ' · failed · 2 switches, 1 compared: 1 differs, 0 compliant; 1 not compared; differs: leaf1; not compared: leaf2\n',
    )
  })

  test('need what their act needs of the policy, as the service that the schedule is', async () => {
    const lab = openLab({ caller: PEOPLE.alice })
    lab.write('eosflow.yaml', `${SETTINGS}${NIGHTLY.replace('version: 1\n', '')}`)
    lab.write('intended/leaf1.cfg', 'hostname other\n')
    lab.write(
      'policy.yaml',
      `version: 1
roles: { nightly: { members: ['schedule:kept'] } }
rules:
  - { id: people, allow: [execution.start, execution.read, task.snapshot, plan.create], to: ['kind:person'] }
  - { id: backups, allow: [task.snapshot], to: [nightly] }
`,
    )
    await prints(0, lab.eosflow('schedule run kept'), ' · ok · 2 switches in kept/cfg: ')
    await prints(6, lab.eosflow('schedule run intended'), / · failed · .*plan\.create/)
  })
})
