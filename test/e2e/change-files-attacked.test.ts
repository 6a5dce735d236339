// @module-tag long
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { type Ended, exits, type Lab, type LabOptions, openLab, planAt, workflowFor } from '../lab/lab.ts'

const FILES = {
  'workflows/vlan.yaml': workflowFor('leaf1 or leaf3', {
    lines: ['vlan {{ vlan }}', '   name {{ label }}'],
    extra: 'params: { vlan: { type: integer }, label: { type: string } }',
    verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }',
  }),
  'changes/first.yaml': 'workflow: vlan\nparams: { vlan: 998, label: FIRST }\ntargets: leaf1\n',
  'changes/second.yaml': 'workflow: vlan\nparams: { vlan: 997, label: SECOND }\ntargets: leaf3\nafter: [first]\n',
} as const

const lab = (files: Readonly<Record<string, string>> = {}, options: LabOptions = {}) =>
  openLab({ ...options, files: { ...FILES, ...files } })
const said = ({ out, err }: Ended) => out + err
const run = (on: Lab, file: string, ...more: readonly string[]) => on.agreed(`run changes/${file}.yaml`, ...more)
const timed = (on: Lab, name: string) => on.commits(name).timed
const at = (on: Lab, seconds: number) => new Date(on.clock.now() + seconds * 1000).toISOString()

function planIn(on: Lab, file: string) {
  return planAt(on, file) as Plan
}

describe('a name in a change file', () => {
  test.each(['./vlan', 'workflows/./vlan.yaml', './workflows/vlan.yaml', 'workflows//vlan.yaml', './/vlan'])(
    'of a workflow is its one path, by which the policy judges it: %s',
    async (workflow) => {
      const on = lab({
        'changes/first.yaml': FILES['changes/first.yaml'].replace('workflow: vlan', `workflow: '${workflow}'`),
      })
      await on.ok('plan changes/first.yaml -o a.plan')
      expect(planIn(on, 'a.plan').content.workflow.file).toBe('workflows/vlan.yaml')
    },
  )

  test.each(['./first', './/first', 'changes/./first.yaml'])(
    'of an earlier change is its one path: %s',
    { tags: 'turn' },
    async (after) => {
      const on = lab({ 'changes/second.yaml': FILES['changes/second.yaml'].replace('[first]', `['${after}']`) })
      await exits(0, run(on, 'first'))
      await exits(0, run(on, 'second'))
    },
  )
})

describe('what comes before', { tags: 'turn' }, () => {
  test('with a switch left out has not succeeded', async () => {
    const on = lab({
      'changes/first.yaml': FILES['changes/first.yaml'].replace('targets: leaf1', 'targets: leaf1 or leaf3'),
    })
    on.fault({ kind: 'unreachable', device: 'leaf3' })
    await exits(8, run(on, 'first', '--skip-unreachable'))
    on.clearFaults()
    await exits(9, run(on, 'second'))
    expect(timed(on, 'leaf3')).toBe(0)
  })

  test('is rolled back while an approval is waited for: nothing is sent', async () => {
    const on = lab()
    await exits(0, run(on, 'first'))
    const first =
      (JSON.parse((await on.eosflow('executions --json')).out) as { executions: { id: string }[] }).executions[0]?.id ??
      ''
    await on.exits(12, 'run changes/second.yaml --detach')
    const second =
      (JSON.parse((await on.eosflow('executions --json')).out) as { executions: { id: string }[] }).executions[0]?.id ??
      ''
    await exits(0, on.agreed('rollback', first))
    await on.ok('approve', second)
    await on.exits(9, 'resume', second, '--detach')
    expect(timed(on, 'leaf3')).toBe(0)
  })

  test('does not count while somebody takes it back, and counts again where nothing of it was taken back', async () => {
    const on = lab()
    await exits(0, run(on, 'first'))
    await on.exits(12, 'rollback @latest --detach')
    await exits(9, run(on, 'second'))
    expect(timed(on, 'leaf3')).toBe(0)
    await on.eosflow('stop @latest')
    await exits(0, run(on, 'second'))
  })
})

describe('the window', () => {
  test('is judged again at a redrive, of what was kept too', { tags: 'turn' }, async () => {
    const on = lab({
      'workflows/vlan.yaml': FILES['workflows/vlan.yaml'].replace(
        'rollout: { waves: [1], keepApart: mlag }',
        'rollout: { waves: [1], keepApart: mlag, atomic: wave }',
      ),
    })
    on.write(
      'changes/first.yaml',
      `${FILES['changes/first.yaml'].replace('targets: leaf1', 'targets: leaf1 or leaf3')}notAfter: '${at(on, 3600)}'\n`,
    )
    on.fault({ device: 'leaf3', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, run(on, 'first'))
    on.clearFaults()
    await on.clock.advance(3_600_000)
    const before = [timed(on, 'leaf1'), timed(on, 'leaf3')]
    const again = await on.agreed('redrive @latest')
    expect(said(again)).toContain('changes/first.yaml changes no switch after')
    expect([timed(on, 'leaf1'), timed(on, 'leaf3')]).toEqual(before)
  })

  test.each(["notAfter: '9999-12-31T23:59:59-01:00'", "notBefore: '0000-01-01T00:00:00+01:00'"])(
    'is a time that a record can hold: %s',
    async (line) => {
      const on = lab({ 'changes/first.yaml': `${FILES['changes/first.yaml']}${line}\n` })
      for (const command of ['validate', 'plan', 'run']) {
        const ended = await on.exits(3, command, 'changes/first.yaml')
        expect(said(ended)).toContain('changes/first.yaml:4:')
      }
    },
  )
})

test('a change that was rolled back is not said to be made when it is asked for once more', {
  tags: 'turn',
}, async () => {
  const on = lab()
  await exits(0, run(on, 'first'))
  await on.ok('run changes/first.yaml --detach')
  await exits(0, on.agreed('rollback @latest'))
  const before = timed(on, 'leaf1')
  const again = await on.exits(5, 'run changes/first.yaml --detach')
  expect(said(again)).toMatch(/changes\/first\.yaml was executed by \S+, which \S+ has rolled back or is rolling back/)
  expect(timed(on, 'leaf1')).toBe(before)
  await exits(0, run(on, 'first', '--key', 'again'))
  expect(timed(on, 'leaf1')).toBe(before + 1)
})
