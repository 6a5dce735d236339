import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { exits, type Lab, NO_COMMIT, newest, openLab } from '../lab/lab.ts'

const names = (forbidden: string) =>
  `invariants:
  - name: names
    each: vlan {vlan}
    mustNot: name ${forbidden}
    because: somebody has it
`

const writes = (lab: Lab) =>
  lab.fabric.devices.flatMap((device) => device.requests()).filter(({ kind }) => kind === 'write').length

const digestIn = ({ out }: { readonly out: string }) => /^Approval bound to ([0-9a-f]{8}),/m.exec(out)?.[1] ?? 'none'

const plan = (lab: Lab, ...more: readonly string[]) => lab.eosflow('plan workflow.yaml', ...more)

describe('invariants', () => {
  test('[G125] what a change breaks is refused when it is planned, and nothing is written', async () => {
    const lab = openLab()
    lab.write('invariants/names.yaml', names('TESTED'))
    const refused = await exits(10, plan(lab))
    expect(refused.err).toContain('leaf1: breaks `names` (somebody has it): vlan 998 has `name TESTED`\n')
    await exits(10, lab.change())
    expect(lab.commits('leaf1')).toEqual(NO_COMMIT)
  })

  test('a file in capitals is not passed over', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    lab.write('invariants/NAMES.YML', names('TESTED'))
    await exits(10, plan(lab))
  })

  test('what was broken before and stays so is in the plan, which is bound to what it was judged by', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const without = JSON.parse((await plan(lab, '--json')).out).plan.content
    lab.write('invariants/names.yaml', names('OTHER').replace('mustNot: name OTHER', 'must: state active'))
    lab.write('invariants/ports.yaml', PORTS)
    await exits(10, plan(lab))
    lab.write('invariants/names.yaml', names('OTHER'))
    const shown = await plan(lab, '-o', 'change.plan')
    expect(shown.out).toContain('! leaf1: was broken before, and stays so: `mtu`: interface Ethernet')
    const { content } = JSON.parse((await plan(lab, '--json')).out).plan
    expect(without.invariants).toBeUndefined()
    expect(content.invariants).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(content.warnings.map(({ code }: { code: string }) => code)).toContain('broken-invariant')
  })

  test('a plan is stale where what must hold has changed since, and not where a comment has', async () => {
    const lab = openLab()
    lab.write('invariants/names.yaml', names('OTHER'))
    const planned = await plan(lab, '-o', 'change.plan')
    await lab.ok('approve change.plan')
    lab.write('invariants/names.yaml', names('ANOTHER'))
    const stale = await lab.eosflow('run change.plan --detach')
    expect([stale.code, stale.err]).toEqual([
      5,
      '✖ stale: the invariants have changed since the plan was made\n    Plan again and have the new plan approved.\n',
    ])
    lab.write('invariants/names.yaml', `# as it was\n${names('OTHER')}`)
    expect(digestIn(await plan(lab))).toBe(digestIn(planned))
  })

  test('invariants that come while a plan waits make its approval stale', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    lab.write('invariants/names.yaml', names('OTHER'))
    await lab.eosflow('approve @latest')
    const { err } = await lab.exits(5, 'resume @latest')
    expect(err).toContain('the invariants have changed since the plan was made')
    expect((await lab.eosflow('history', await newest(lab))).out).toMatch(
      /ApprovalInvalidated .*: definition: the invariants have changed/,
    )
    expect(lab.commits('leaf1')).toEqual(NO_COMMIT)
  })

  test('a plan is stale where a tag has changed that says which invariants are for its switch', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const inventory = parse(lab.read('inventory.yaml'))
    const tagged = (hall: string) => {
      for (const [name, of] of Object.entries({ leaf1: hall, leaf2: 'h1' }))
        inventory.devices[name].tags = { ...inventory.devices[name].tags, hall: of }
      lab.write('inventory.yaml', JSON.stringify(inventory))
    }
    tagged('h1')
    lab.write('invariants/names.yaml', names('TESTED').replace('each:', 'on: not hall:h1\n    each:'))
    await exits(0, plan(lab, '-o', 'change.plan'))
    await lab.ok('approve change.plan')
    tagged('h2')
    const { code, err } = await lab.eosflow('run change.plan --detach')
    expect([code, err]).toEqual([5, expect.stringContaining('leaf1: tags.hall')])
    await exits(10, plan(lab))
  })

  test('[G126] a change is taken back also where that breaks something: the plan says what', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    await exits(0, lab.change())
    lab.write('invariants/kept.yaml', KEPT)
    await lab.exits(12, 'rollback @latest')
    const { out } = await lab.eosflow('show @latest')
    expect(out).toContain('! leaf1: the rollback breaks `kept`: hostname leaf1 loses `vlan 998`')
  })

  test('files that are not good are told before anything is asked', async () => {
    const lab = openLab()
    lab.write('invariants/names.yaml', names('{x'))
    const { code, err } = await lab.eosflow('run workflow.yaml --detach')
    expect([code, err.split('\n')[0]]).toEqual([3, '✖ invariants/names.yaml:4:19: `{` is no word of a pattern here'])
    expect(writes(lab)).toBe(0)
  })

  test('what switches run is judged without a change', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const none = await lab.eosflow('check invariants')
    expect([none.code, none.err.split('\n')[0]]).toEqual([3, '✖ eosflow.yaml:1:1: this project has no invariants'])
    lab.write('invariants/names.yaml', names('TESTED'))
    await lab.ok('check invariants')
    lab.write('invariants/ports.yaml', PORTS)
    const { out } = await lab.exits(6, 'check invariants -t leaf1')
    expect(out).toMatch(/^leaf1\n {2}mtu: it is so\n {4}interface Ethernet\S+ lacks `mtu \*`\n/)
    expect(out).toMatch(/\nInvariants: 1 switch, \d+ breaches\nNext: eosflow check invariants -t leaf1\n$/)
    const { devices } = JSON.parse((await lab.eosflow('check invariants -t leaf1 --json')).out)
    expect(devices[0]).toMatchObject({ name: 'leaf1', state: 'judged', invariants: 2 })
    expect(writes(lab)).toBe(0)
  })
})

const PORTS = `invariants:
  - name: mtu
    each: interface Ethernet{port}
    must: mtu *
    because: it is so
`

const KEPT = `invariants:
  - name: kept
    each: hostname *
    keep: /vlan 998
    because: it is so
`
