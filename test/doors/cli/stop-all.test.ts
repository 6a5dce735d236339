import { describe, expect, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import {
  exits,
  inventoryOf,
  type LabOptions,
  openLab,
  PEOPLE,
  policyWith,
  prints,
  withAppends,
  workflowFor,
} from '../../lab/lab.ts'

/** A lab with a workflow for each of these switches. */
function labOf(names: readonly string[], options: LabOptions = {}) {
  const lab = openLab(options)
  for (const name of names) lab.write(`${name}.yaml`, workflowFor(name))
  return lab
}

const linesOf = (text: string) => text.trim().split('\n')

describe('stop --all', () => {
  test('stops every open execution, a line for each; one that carries a change is put back', {
    tags: ['long', 'turn'],
  }, async () => {
    let isBroken = true
    const lab = labOf(['leaf1', 'leaf2', 'leaf3'], {
      seams: withAppends({
        before: (events) => {
          if (isBroken && events.some((one) => one.type === 'ActFinished' && one.act === 'arm'))
            throw new EosflowError('store', 'the disk is full')
        },
      }),
    })
    // Nobody runs it any more, and its change is live under the timer.
    await lab.exits(12, 'run leaf1.yaml --detach')
    await lab.ok('approve @latest')
    await lab.exits(7, 'resume @latest')
    expect(lab.whereIs('leaf1')).toBe('AFTER')
    isBroken = false
    for (const name of ['leaf2', 'leaf3']) {
      await lab.exits(12, `run ${name}.yaml --detach`)
    }

    const { out } = await lab.ok('stop --all --reason', 'wrong night')
    const lines = linesOf(out)
    expect(lines).toHaveLength(3)
    expect(lines.filter((line) => line.endsWith(': cancelled · 1 switch: 1 untouched'))).toHaveLength(2)
    expect(lines.filter((line) => line.endsWith(': cancelled · 1 switch: 1 put back'))).toHaveLength(1)
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
    expect((await lab.ok('history @latest')).out).not.toContain('is to stop')
    expect((await lab.eosflow('stop --all')).out).toBe('Nothing to stop: no execution is open\n')
  })

  test('[G64] ends with the gravest code: one switch that cannot be read makes it 7, and the others are stopped', {
    tags: 'long',
  }, async () => {
    let isBroken = true
    const lab = labOf(['leaf1', 'leaf2'], {
      seams: withAppends({
        before: (events) => {
          if (isBroken && events.some((one) => one.type === 'ActFinished' && one.act === 'arm'))
            throw new EosflowError('store', 'the disk is full')
        },
      }),
    })
    await lab.exits(12, 'run leaf1.yaml --detach')
    await lab.ok('approve @latest')
    await lab.exits(7, 'resume @latest')
    isBroken = false
    await lab.exits(12, 'run leaf2.yaml --detach')
    lab.fault({ kind: 'unreachable', device: 'leaf1' })

    const { out } = await lab.exits(7, 'stop --all --json')
    expect(JSON.parse(out)).toMatchObject({ version: 1, kind: 'stopped', exitCode: 7 })
    const { executions } = JSON.parse(out) as { executions: { outcome: string; exitCode: number }[] }
    expect(executions.map(({ outcome, exitCode }) => `${outcome} ${exitCode}`).toSorted()).toEqual([
      'cancelled 0',
      'unknown 7',
    ])
    lab.clearFaults()
    for (const one of lab.fabric.devices) one.switch.settle()
  })

  test('asks the policy for each of them, as stop does for one', { tags: ['long', 'turn'] }, async () => {
    const lab = labOf(['leaf1', 'leaf2'], { caller: PEOPLE.alice })
    lab.write('inventory.yaml', inventoryOf(lab.fabric).replaceAll('"tags":{', '"tags":{"role":"leaf",'))
    lab.write('policy.yaml', policyWith())
    for (const name of ['leaf1', 'leaf2']) {
      await lab.exits(12, `run ${name}.yaml --detach`)
    }
    lab.caller = PEOPLE.dave
    await lab.exits(4, 'stop @latest')
    const denied = await prints(
      4,
      lab.eosflow('stop --all'),
      /: not stopped: no rule allows corp:sub:dave execution\.stop/,
    )
    expect(linesOf(denied.out)).toHaveLength(2)
    lab.caller = PEOPLE.alice
    const stopped = await lab.ok('stop --all')
    expect(linesOf(stopped.out)).toHaveLength(2)
  })

  test.each([[['stop']], [['stop', '@latest', '--all']]])('%j is bad usage', async (argv) => {
    await exits(3, openLab().eosflow(...argv))
  })
})
