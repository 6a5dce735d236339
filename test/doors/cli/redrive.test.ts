import { describe, expect, test } from 'vitest'
import { exits, json, type Lab, openLab, prints, runningConfig, shows, warns, workflowFor } from '../../lab/lab.ts'
import { LONG, openLeaves, startChange } from './running.ts'

interface Event {
  readonly type: string
  readonly state?: string
}

/** The types of records of the newest execution behind the first record of a type. */
async function historyAfter(lab: Lab, type: string) {
  const events = (await json(lab.eosflow('history @latest --json'))) as Event[]
  return events.slice(events.findIndex((event) => event.type === type) + 1)
}

const commits = (lab: Lab, device: string) => {
  const { timed, plain } = lab.commits(device)
  return timed + plain
}

const TWO = workflowFor('leaf1 or leaf3')

/** Verification fails on the first switch, and everything is put back. */
async function rolledBack(lab: Lab) {
  lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
  const { out } = await exits(6, lab.change())
  lab.clearFaults()
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
  return /Execution (\S+):/.exec(out)?.[1] ?? ''
}

describe('redrive', () => {
  test('after a rollback: goes on from the comparison with the base, and the switches hold the change', {
    tags: 'long',
  }, async () => {
    const lab = openLab({ workflow: TWO })
    await rolledBack(lab)
    await prints(0, lab.eosflow('redrive @latest'), /succeeded · 2 switches: 2 confirmed/)
    for (const name of ['leaf1', 'leaf3']) {
      expect(lab.whereIs(name), name).toBe('AFTER')
      expect(commits(lab, name), name).toBe(name === 'leaf1' ? 2 : 1)
    }
    const entered = (await historyAfter(lab, 'ExecutionRedriven')).filter(({ type }) => type === 'TaskStarted')
    expect(entered.map(({ state }) => state)).toEqual([
      'CheckBase',
      'Push',
      'Verify',
      'Push',
      'Verify',
      'CheckReady',
      'Confirm',
      'Confirm',
      'Save',
      'Save',
    ])
  })

  test('after a hand edit since: exit 5, and nothing is committed', { tags: 'long' }, async () => {
    const lab = openLab({ workflow: TWO })
    await rolledBack(lab)
    lab.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['vlan 997'] })
    const before = commits(lab, 'leaf1')
    await prints(5, lab.eosflow('redrive @latest'), 'refused: nothing was committed', /^leaf1 +○ untouched +- /m)
    expect(commits(lab, 'leaf1') - before).toBe(0)
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
    lab.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['no vlan 997'] })
  })

  test('of a switch that another execution holds: exit 9, and nothing is committed', { tags: 'long' }, async () => {
    const lab = openLab()
    const id = await rolledBack(lab)
    await lab.killAt('arm-journalled')
    const before = commits(lab, 'leaf1')
    await warns(9, lab.eosflow('redrive', id), /^✖ busy: execution \S+ is not settled and holds leaf1\n/)
    expect(commits(lab, 'leaf1')).toBe(before)
    await lab.resume()
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

  test('[S13] after a stop: the change waits for an approval behind the stop, and is made with that', {
    tags: 'long',
  }, async () => {
    const bench = await openLeaves(1, LONG)
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    await prints(0, bench.eosflow('stop @latest --reason', 'wrong VLAN'), 'cancelled · 1 switch')
    await running.ended
    const again = await shows(
      12,
      bench.eosflow('redrive @latest --detach'),
      /the approval lapsed when \S+ was stopped; approve the plan again/,
    )
    expect(again.out).toMatch(/^leaf1 +○ untouched .* BEFORE: put back earlier, not committed since$/m)
    const leaf = bench.device('leaf1')
    expect(runningConfig(leaf)).not.toContain('vlan 120')
    await bench.ok('approve @latest')
    const resumed = bench.start('resume @latest')
    await resumed.said(/leaf1: committed under its timer/)
    expect(runningConfig(leaf)).toContain('vlan 120')
    await prints(0, bench.eosflow('stop @latest'), 'cancelled · 1 switch')
    await exits(11, resumed.ended)
    expect(runningConfig(leaf)).not.toContain('vlan 120')
  })

  test('the approval that was used holds for the same execution, until it expires', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ workflow: TWO })
    await rolledBack(lab)
    await lab.clock.advance(5 * 3600_000)
    await prints(
      4,
      lab.eosflow('redrive @latest'),
      'the approval expired at',
      /^leaf1 +○ untouched .* BEFORE: put back earlier, not committed since$/m,
      /^leaf3 +○ untouched .* BEFORE: never committed$/m,
    )
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })
})

describe('redrive refuses', () => {
  test('an execution that waits: it is resumed', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    await warns(
      9,
      lab.eosflow('redrive @latest'),
      /✖ busy: \S+ has not ended: it goes on from where it is\n {4}eosflow resume /,
    )
  })

  test('[U3] one that had nothing to do, and a dry run, with exit 3', { tags: 'long' }, async () => {
    const lab = openLab()
    await lab.change()
    expect((await lab.change()).out).toContain('nothing to do')
    const newest = async () => {
      const { executions } = await json(lab.eosflow('plans --json'))
      return executions[0]?.id ?? ''
    }
    await warns(3, lab.eosflow('redrive', await newest()), 'it has not failed: nothing-to-do')
    await lab.eosflow('plan workflow.yaml')
    await warns(3, lab.eosflow('redrive', await newest()), 'a dry run is not redriven')
    // `@latest` is the newest that has changed a switch.
    await warns(3, lab.eosflow('redrive @latest'), 'it has not failed: succeeded')
  })

  test('one whose end is not known, with exit 7', async () => {
    const lab = openLab({
      before: (one, device, commands) => {
        if (commands.includes('show vlan') && one.whereIs(device) === 'AFTER')
          one.fault({ device, kind: 'unreachable' })
      },
    })
    await exits(7, lab.change())
    lab.clearFaults()
    await warns(
      7,
      lab.eosflow('redrive @latest'),
      /✖ rollback-incomplete: \S+ left a switch or a call whose state is not known/,
    )
  })

  test('one whose workflow has changed since, with exit 5 and before anything is on record', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await rolledBack(lab)
    lab.write('workflow.yaml', workflowFor('leaf1', { lines: ['vlan 996'] }))
    await warns(
      5,
      lab.eosflow('redrive @latest'),
      '✖ stale: the workflow or one of its files has changed since the execution began',
    )
    expect(await historyAfter(lab, 'ExecutionEnded')).toEqual([])
  })
})
