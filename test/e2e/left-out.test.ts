import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { exits, inventoryOf, type Lab, newest, openLab, whereIs, withAppends, workflowFor } from '../lab/lab.ts'

const THREE = 'leaf1 or leaf3 or spine1'

const workflow = (rollout: string) =>
  workflowFor(THREE).replace(/rollout: \{.*\}/, `rollout: { waves: [1], keepApart: mlag, ${rollout} }`)

function labWith(rollout: string, dead: readonly string[], tags?: (text: string) => string) {
  const lab = openLab({ workflow: workflow(rollout) })
  if (tags !== undefined) lab.write('inventory.yaml', tags(inventoryOf(lab.fabric)))
  for (const device of dead) lab.fault({ kind: 'unreachable', device })
  return lab
}

async function approvedRun(lab: Lab, ...argv: readonly string[]) {
  await lab.exits(12, 'run', ...argv, '--detach')
  const shown = await lab.eosflow('show @latest --json')
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(shown.out) ?? []
  await lab.ok(`approve @latest --digest ${digest}`)
  return lab.eosflow('resume @latest')
}

const changed = (lab: Lab) => lab.fabric.devices.filter((one) => whereIs(one) === 'AFTER').map(({ name }) => name)

describe('a switch that does not answer at the snapshot', () => {
  test('[P7] without room under maxFailures ends it: exit 10, and nothing is sent that writes', async () => {
    const lab = labWith('atomic: device', ['leaf3'])
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toContain('leaf3')
    expect(changed(lab)).toEqual([])
  })

  test.each(['change', 'wave', 'device'])(
    '[P7] counts under maxFailures, atomic: %s: the rest goes on, exit 8',
    { tags: 'long' },
    async (atomic) => {
      const lab = labWith(`atomic: ${atomic}, maxFailures: 1`, ['leaf3'])
      const { out, err } = await exits(8, lab.change())
      expect(changed(lab)).toEqual(['spine1', 'leaf1'])
      expect(err).toContain('left out of this plan, it counts as a failure under maxFailures')
      expect(err).toContain('leaf3 counted already')
      expect(out).toMatch(/leaf3\s+○ untouched\s+-\s+-\s+LEFT OUT: it did not answer/)
      expect(out).toContain('! left out, a failure each under maxFailures: leaf3\n')
      expect(out).toContain(
        'succeeded with failures that the workflow tolerates, 1 left out · 3 switches: 2 confirmed, 1 untouched',
      )
    },
  )

  test('is counted together with what fails later: one more is one too many', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({
      workflow: workflow('atomic: device, maxFailures: 1'),
      before: (one, name, commands) => {
        if (name !== 'spine1' || !commands.some((line) => /commit timer/.test(line))) return
        one.fault({ kind: 'refuse-commit', device: 'spine1', message: 'Cannot commit session' })
      },
    })
    lab.fault({ kind: 'unreachable', device: 'leaf3' })
    await exits(10, lab.change())
    expect(changed(lab)).toEqual([])
  })

  test('two of them are one too many, and both are named', async () => {
    const lab = labWith('atomic: device, maxFailures: 1', ['leaf3', 'spine1'])
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toMatch(/spine1: .*\n {4}leaf3: /)
    expect(changed(lab)).toEqual([])
  })

  test('all of them are never left out', async () => {
    const lab = labWith('atomic: device', ['leaf1', 'leaf3', 'spine1'])
    await lab.exits(10, 'plan workflow.yaml --skip-unreachable')
  })

  test('a canary is not left out, under maxFailures or by --skip-unreachable', { tags: ['long', 'turn'] }, async () => {
    const lab = labWith('atomic: device, maxFailures: 1, canary: { switches: leaf3 }', ['leaf3'])
    for (const flags of [[], ['--skip-unreachable']]) {
      const { out, err } = await lab.exits(10, 'plan workflow.yaml', ...flags)
      expect(out + err).toContain('leaf3 is to go first')
    }
  })
})

describe('--skip-unreachable', () => {
  test('leaves switches out of the plan: the plan, the report and the exit say so', async () => {
    const lab = labWith('atomic: change', ['leaf3', 'spine1'])
    const planned = await lab.exits(8, 'plan workflow.yaml --skip-unreachable --json')
    const { content } = (JSON.parse(planned.out) as { plan: Plan }).plan
    expect(content.devices.map(({ name }) => name)).toEqual(['leaf1'])
    expect(content.leftOut?.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'leaf3', by: 'skip-unreachable' },
      { name: 'spine1', by: 'skip-unreachable' },
    ])
    expect(content.warnings.filter(({ code }) => code === 'left-out')).toHaveLength(2)
    const ended = await exits(8, approvedRun(lab, 'workflow.yaml', '--skip-unreachable'))
    expect(changed(lab)).toEqual(['leaf1'])
    expect(ended.out).toContain('left out, as --skip-unreachable says: ')
    expect(ended.out).toContain(': succeeded, 2 left out · 3 switches: 1 confirmed, 2 untouched')
  })

  test('a saved plan keeps it: what is run of it ends with exit 8, and the flag is refused with it', {
    tags: 'long',
  }, async () => {
    const lab = labWith('atomic: change', ['leaf3'])
    await lab.exits(8, 'plan workflow.yaml --skip-unreachable -o w.plan')
    await lab.exits(3, 'run w.plan --skip-unreachable')
    lab.clearFaults()
    const ended = await exits(8, approvedRun(lab, 'w.plan'))
    expect(changed(lab)).toEqual(['spine1', 'leaf1'])
    expect(ended.out).toMatch(/leaf3\s+○ untouched\s+-\s+-\s+LEFT OUT/)
  })

  test('a partner that is left out is visible where the other one changes', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({
      workflow: workflowFor('leaf1 or leaf2').replace(/rollout: \{.*\}/, 'rollout: { waves: [1], keepApart: mlag }'),
    })
    lab.fault({ kind: 'unreachable', device: 'leaf2' })
    const planned = await lab.exits(8, 'plan workflow.yaml --skip-unreachable')
    expect(planned.out).toMatch(/! leaf1: changes while leaf2, which backs it up \(.*\), does not answer/)
  })

  test('what it began with is in force after a resume', { tags: ['long', 'turn'] }, async () => {
    const lab = labWith('atomic: change', ['leaf3'])
    await lab.exits(12, 'run workflow.yaml --skip-unreachable --detach')
    expect((await lab.eosflow('show @latest')).out).toMatch(/leaf3\s+○ untouched\s+-\s+LEFT OUT/)
  })
})

test('[P20] a switch that was asked less often than it would have been, because the execution was to rest, is not left out', {
  tags: 'long',
}, async () => {
  let rests: Promise<unknown> | undefined
  let isAsked: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve
  })
  const lab = openLab({
    workflow: workflow('atomic: change'),
    before: async (one, name, commands) => {
      // What is asked with the snapshot of the workflow: before it there is no execution to suspend.
      if (name !== 'leaf3' || !commands.includes('show vlan') || rests !== undefined) return
      rests = one.eosflow('suspend @latest --reason lunch')
      await asked
      // So that the word, which is listened for in real time, is heard before the first of the three times that the switch is asked is over.
      await pause(1_500)
    },
    seams: withAppends({
      behind: (written) => {
        if (written.some(({ type }) => type === 'SuspendRequested')) isAsked()
      },
    }),
  })
  lab.fault({ kind: 'unreachable', device: 'leaf3' })
  const rested = await lab.eosflow('run workflow.yaml --skip-unreachable --detach')
  await rests
  expect(rested.code, (rested.out + rested.err).slice(-800)).toBe(12)
  expect((await lab.ok('history @latest')).out).not.toContain('left out')
  lab.clearFaults()
  await lab.exits(12, 'resume @latest --detach')
  expect((await lab.ok('show @latest')).out).not.toContain('LEFT OUT')
})

describe('a switch that does not answer any more behind the plan', () => {
  const goneAfterPlan = async (rollout: string) => {
    const lab = labWith(rollout, [])
    await lab.ok('plan workflow.yaml -o w.plan')
    lab.fault({ kind: 'unreachable', device: 'leaf3' })
    return { lab, ended: await approvedRun(lab, 'w.plan') }
  }

  test('counts under maxFailures at the comparison before the first push', { tags: ['long', 'turn'] }, async () => {
    const { lab, ended } = await goneAfterPlan('atomic: change, maxFailures: 1')
    expect(ended.code, (ended.out + ended.err).slice(-800)).toBe(8)
    expect(changed(lab)).toEqual(['spine1', 'leaf1'])
    expect(ended.out).toContain('! left out, a failure each under maxFailures: leaf3')
  })

  test('without room it ends the execution before anything is written, and a redrive asks it again', {
    tags: ['long', 'turn'],
  }, async () => {
    const { lab, ended } = await goneAfterPlan('atomic: change')
    expect([ended.code, changed(lab)]).toEqual([10, []])
    lab.clearFaults()
    await lab.ok('redrive', await newest(lab))
    expect(changed(lab)).toEqual(['spine1', 'leaf1', 'leaf3'])
  })
})

describe('one switch under two names', () => {
  const twoNames = (identity: 'whole' | 'serial') => {
    const lab = openLab({
      workflow: workflow('atomic: device, maxFailures: 1'),
      // What is behind the address of leaf3 is leaf1.
      answers: (_lab, name) => (name === 'leaf3' && identity === 'whole' ? 'leaf1' : name),
      hears: (_lab, answer) =>
        identity === 'whole'
          ? answer
          : { ...answer, body: String(answer.body).replaceAll(/"serialNumber":\s*"[^"]*"/g, '"serialNumber":""') },
    })
    return lab
  }

  test('is refused at the snapshot, with both names, and nothing is written', async () => {
    const lab = twoNames('whole')
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toMatch(/leaf1 and leaf3 are one switch: serial number \S+ and system MAC \S+/)
    expect(
      lab.fabric.devices
        .flatMap((one) => one.requests().flatMap(({ commands }) => commands.map(String)))
        .filter((command) => command.startsWith('configure')),
    ).toEqual([])
  })

  test('switches without a serial number are not taken for one', { tags: ['long', 'turn'] }, async () => {
    await exits(0, twoNames('serial').eosflow('plan workflow.yaml'))
  })
})

test('[P20] a canary that does not answer when a saved plan begins is not left out', { tags: 'long' }, async () => {
  const lab = openLab({
    workflow: workflowFor('leaf1 or leaf3 or spine1').replace(
      /rollout: \{.*\}/,
      'rollout: { waves: [1], keepApart: mlag, atomic: device, maxFailures: 1, canary: { switches: leaf3 } }',
    ),
  })
  await lab.ok('plan workflow.yaml -o w.plan')
  lab.fault({ kind: 'unreachable', device: 'leaf3' })
  await exits(10, lab.agreed('run w.plan'))
  expect(lab.fabric.devices.filter((one) => whereIs(one) === 'AFTER')).toEqual([])
})
