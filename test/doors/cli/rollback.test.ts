import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CANARIES, leaves } from '../../e2e/two-leaves.ts'
import { everyNth } from '../../extent.ts'
import {
  exits,
  isSaved,
  json,
  type Lab,
  newest,
  openLab,
  prints,
  shows,
  typeOn,
  warns,
  whereIs,
  workflowFor,
} from '../../lab/lab.ts'

const configOf = (lab: Lab, name = 'leaf1') => lab.running(name)
const commitsOf = (lab: Lab, name = 'leaf1') => lab.commits(name)
const ONE_CHANGE = { plain: 0, timed: 1, confirms: 1 }
const TWO_CHANGES = { plain: 0, timed: 2, confirms: 2 }

/** Makes the change of the lab, and gives its id. */
async function changed(lab: Lab) {
  const { code, out } = await lab.change()
  if (code !== 0) throw new Error(out)
  return /Execution (\S+):/.exec(out)?.[1] ?? ''
}

const REACHABLE = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const digestIn = (err: string) => /waiting for an approval of (sha256:\S+)/.exec(err)?.[1] ?? ''

describe('rollback', () => {
  test('plans the inverse, waits for its approval, makes it under the commit timer, and the switch is as before', async () => {
    const lab = openLab()
    const before = configOf(lab)
    const id = await changed(lab)

    await lab.exits(12, `rollback ${id}`)
    expect(commitsOf(lab)).toEqual(ONE_CHANGE)
    await prints(
      0,
      lab.eosflow('show @latest'),
      'rollback-add-a-vlan · 1 switch',
      /A ─ 1 switch: leaf1 +\+0 -2\n {2}- vlan 998\n {2}- {4}name TESTED\n/,
      /Commit timer 5m · verify within 30s, stable for 5s\nApproval bound to [0-9a-f]{8}, holds 4h\n/,
    )
    await lab.ok('approve @latest')
    await prints(0, lab.eosflow('resume @latest'), /leaf1 +✔ confirmed +1\/1 +no +AFTER: confirmed, saved, read back/)
    expect(configOf(lab)).toBe(before)
    expect(isSaved(lab.device('leaf1'))).toBe(true)
    expect(commitsOf(lab)).toEqual(TWO_CHANGES)
    await prints(0, lab.eosflow('history @latest'), `rollback/${id}/blob:`)
  })

  test('[G143] takes the approval of a digest that was shown, and refuses another one', { tags: 'long' }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    const { err } = await lab.exits(12, `rollback ${id} --detach`)
    await lab.exits(5, `rollback ${id} --approve`, `sha256:${'0'.repeat(64)}`)
    expect(commitsOf(lab)).toEqual(ONE_CHANGE)
    expect(await json(lab.eosflow(`rollback ${id} --approve`, digestIn(err), '--json'))).toMatchObject({
      kind: 'execution',
      outcome: 'succeeded',
      exitCode: 0,
    })
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('leaves alone what somebody else has configured since', { tags: 'long' }, async () => {
    const lab = openLab()
    const before = configOf(lab)
    const id = await changed(lab)
    await lab.byHand('leaf1', 'vlan 997', 'name THEIRS')
    const { err } = await lab.eosflow(`rollback ${id}`)
    await lab.ok(`rollback ${id} --approve`, digestIn(err))
    expect(configOf(lab)).toContain('vlan 997\n   name THEIRS\n')
    await lab.byHand('leaf1', 'no vlan 997')
    expect(configOf(lab)).toBe(before)
  })

  test.each(
    everyNth(2, 'lines that somebody has taken away', [
      { title: 'alone', typed: [], says: '. On leaf1: copy running-config startup-config' },
      {
        title: 'beside what somebody has left unsaved',
        typed: ['vlan 997'],
        says: 'running-config is not saved for you, because that would also save what somebody has left unsaved: +vlan 997',
      },
    ]),
  )(
    '[3G7] has something to say where somebody has taken the lines away and startup-config holds them: $title',
    async ({ typed, says }) => {
      const lab = openLab({ workflow: workflowFor('leaf1', { lines: ['ntp server 192.0.2.9'], verify: REACHABLE }) })
      const id = await changed(lab)
      await typeOn(lab.device('leaf1'), 'configure', 'no ntp server 192.0.2.9', ...typed, 'end')
      const { out, err } = await shows(
        7,
        lab.eosflow(`rollback ${id}`),
        'leaf1: startup-config holds the change, a reboot brings it back: ',
        'ntp server 192.0.2.9',
        says,
      )
      expect(out + err).not.toContain('Nothing to roll back')
      expect(commitsOf(lab)).toEqual(ONE_CHANGE)
      await typeOn(lab.device('leaf1'), 'copy running-config startup-config')
      expect((await lab.ok(`rollback ${id}`)).out).toMatch(/^Nothing to roll back/)
    },
  )

  test('puts back whole what no line undoes, where nobody else has changed anything', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflowFor('leaf1', { lines: ['banner login', 'one', 'two', 'EOF', 'vlan 998'] }),
    })
    await changed(lab)
    const before = configOf(lab)
    lab.write('workflow.yaml', workflowFor('leaf1', { lines: ['banner login', 'one', 'three', 'EOF'] }))
    const id = await changed(lab)
    expect(configOf(lab)).toContain('three')
    const { err } = await lab.eosflow(`rollback ${id}`)
    await prints(0, lab.eosflow('show @latest'), /\+1 -1\n/)
    await lab.ok(`rollback ${id} --approve`, digestIn(err))
    expect(configOf(lab)).toBe(before)
  })

  test('goes on from what it has kept, whatever became of the files of the project', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ switches: leaves(2), targets: 'mlag:leaf-1' })
    await exits(0, lab.change())
    await lab.exits(12, 'rollback @latest')
    unlinkSync(join(lab.dir, 'workflow.yaml'))
    await lab.ok('approve @latest')
    await prints(0, lab.eosflow('resume @latest'), 'succeeded · 2 switches: 2 confirmed')
    for (const device of lab.fabric.devices) expect(whereIs(device)).toBe('BEFORE')
    for (const secret of Object.values(CANARIES)) expect(lab.printed).not.toContain(secret)
  })

  test('of some of the switches with -t, then of the others; then nothing is left to do', {
    tags: 'long',
  }, async () => {
    const lab = openLab({ switches: leaves(2), targets: 'leaf*' })
    const id = await changed(lab)
    const back = (...argv: string[]) => lab.agreed(`rollback ${id}`, ...argv)
    await exits(0, back('-t', 'leaf2'))
    expect(lab.fabric.devices.map(whereIs)).toEqual(['AFTER', 'BEFORE'])
    const rest = await back()
    expect(rest.err).toContain('left alone, nothing of the change is there: leaf2\n')
    expect(rest.out).toContain('succeeded · 1 switch: 1 confirmed')
    expect(lab.fabric.devices.map(whereIs)).toEqual(['BEFORE', 'BEFORE'])
    await prints(
      0,
      back(),
      /^Nothing to roll back of \S+ \(succeeded\): 2 switches without anything of the change, because somebody has put it back: leaf1, leaf2\nNext: eosflow executions --touched -t leaf1,leaf2\n/,
    )
  })
})

describe('rollback refuses', () => {
  test.each(
    everyNth(3, 'changes that have moved on', [
      ['name THEIRS', '-vlan 998 / name TESTED; +vlan 998 / name THEIRS'],
      ['state suspend', '-vlan 998 / state suspend'],
      ['ntp server 192.0.2.9 prefer', '-ntp server 192.0.2.9; +ntp server 192.0.2.9 prefer'],
    ]),
  )(
    '[P13] a change that has moved on by "%s": stale, with both lines, exit 5, and nothing is sent that writes',
    async (theirs, said) => {
      const lab = openLab({
        workflow: workflowFor('leaf1', {
          lines: ['ntp server 192.0.2.9', 'vlan 998', '   name TESTED'],
          verify: REACHABLE,
        }),
      })
      const id = await changed(lab)
      await lab.byHand('leaf1', 'vlan 998', theirs)
      const before = configOf(lab)
      const sent = lab.device('leaf1').requests().length
      await warns(5, lab.eosflow(`rollback ${id}`), `leaf1 has moved on since: ${said}\n`)
      const since = lab.device('leaf1').requests().slice(sent)
      expect(since.map(({ kind }) => kind)).toEqual(['read', 'read'])
      expect([configOf(lab), commitsOf(lab)]).toEqual([before, ONE_CHANGE])
    },
  )

  test('a hand edit between the approval and the push: exit 5, and nothing is committed', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    await lab.eosflow(`rollback ${id}`)
    await lab.eosflow('approve @latest')
    await lab.byHand('leaf1', 'vlan 997')
    await warns(5, lab.eosflow('resume @latest'), 'leaf1: running-config has changed since the plan was made')
    expect(commitsOf(lab)).toEqual(ONE_CHANGE)
  })

  test('what the switch would make of the lines besides the inverse: exit 5, and nothing is committed', {
    tags: 'long',
  }, async () => {
    const lab = openLab({
      workflow: workflowFor('leaf1', { lines: ['banner login', 'one', 'EOF', 'vlan 998'] }),
      before: async (one, _device, commands) => {
        const isReplay = commands.some((command) => command.startsWith('copy checkpoint:'))
        if (commands.includes('rollback clean-config') && !isReplay) await one.byHand('leaf1', 'vlan 997')
      },
    })
    await changed(lab)
    lab.write('workflow.yaml', workflowFor('leaf1', { lines: ['banner login', 'two', 'EOF'] }))
    const id = await changed(lab)
    await warns(5, lab.eosflow(`rollback ${id}`), 'leaf1: the switch would not make the inverse: -vlan 997')
    expect(configOf(lab)).toContain('vlan 997')
    expect(commitsOf(lab)).toEqual({ plain: 0, timed: 2, confirms: 2 })
  })

  test('another switch behind the address: exit 10, before anything of it is read', async () => {
    let impostor = false
    const lab = openLab({ answers: (_lab, device) => (impostor && device === 'leaf1' ? 'leaf2' : device) })
    const id = await changed(lab)
    impostor = true
    await warns(
      10,
      lab.eosflow(`rollback ${id}`),
      '✖ wrong-device: leaf1: another switch answers than the one that was changed',
    )
    expect(
      lab.fabric
        .device('leaf2')
        .requests()
        .flatMap(({ commands }) => commands),
    ).not.toContain('show running-config')
  })

  test('a switch that has left the inventory, by name: exit 5', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab({ switches: leaves(2), targets: 'leaf*' })
    await changed(lab)
    const device = lab.device('leaf1')
    lab.write(
      'inventory.yaml',
      JSON.stringify({
        defaults: { protocol: 'http', credentials: 'sim' },
        credentials: { sim: { username: device.username, password: device.password, simulated: true } },
        devices: { leaf1: device.http },
      }),
    )
    await warns(5, lab.eosflow('rollback @latest'), '✖ stale: no longer in the inventory: leaf2\n')
    expect(device.counters().commits).toEqual(ONE_CHANGE)
  })

  test('an execution that has not ended: exit 9', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    await warns(
      9,
      lab.eosflow('rollback @latest'),
      /✖ busy: (\S+) has not ended: stopping it puts everything back\n {4}eosflow stop \1\n/,
    )
  })

  test('an execution whose end nobody knows: exit 7', { tags: 'long' }, async () => {
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
      lab.eosflow('rollback @latest'),
      /✖ rollback-incomplete: \S+ left a switch or a call whose state is not known/,
    )
  })
})

describe('[U3] rollback has nothing to do', () => {
  test('for an execution that was put back, for a dry run, and for one without a change', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, lab.change())
    lab.clearFaults()
    expect(await json(lab.ok('rollback @latest --json'))).toMatchObject({
      kind: 'rollback',
      outcome: 'nothing-to-do',
      exitCode: 0,
    })
    await lab.ok('plan workflow.yaml')
    await prints(
      0,
      lab.eosflow('rollback', await newest(lab)),
      /^Nothing to roll back of \S+ \(planned\): it has changed no switch that kept the change\n/,
    )
    await changed(lab)
    await lab.ok('run workflow.yaml')
    await prints(0, lab.eosflow('rollback', await newest(lab)), '(nothing-to-do): it has changed no switch')
    expect(lab.whereIs('leaf1')).toBe('AFTER')
    // `@latest` is the change behind the execution that had nothing to do.
    const latest = await lab.exits(12, 'rollback @latest')
    expect(latest.out).toEqual(expect.not.stringContaining('Nothing to roll back'))
  })
})
