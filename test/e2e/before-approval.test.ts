// @module-tag long
import { describe, expect, test } from 'vitest'
import { type Ended, exits, type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { leaves, running } from './two-leaves.ts'

const STEPS = `steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] }
  - confirm
`
const STATES = `startAt: Snapshot
states:
  Snapshot: { Type: Task, Resource: eosflow:snapshot, Next: Plan }
  Plan: { Type: Task, Resource: eosflow:plan, Next: Approve }
  Approve: { Type: Task, Resource: eosflow:approve, Next: Waves }
  Waves:
    Type: Map
    Items: waves
    Next: Ready
    ItemProcessor:
      StartAt: Wave
      States:
        Wave:
          Type: Map
          Items: wave
          End: true
          ItemProcessor:
            StartAt: Push
            States:
              Push: { Type: Task, Resource: eosflow:push, Arguments: { confirmWithin: 10m }, Next: Verify }
              Verify: { Type: Task, Resource: eosflow:verify, Arguments: { within: 2m, checks: [reachable] }, End: true }
  Ready: { Type: Task, Resource: eosflow:ready, Next: Confirms }
  Confirms:
    Type: Map
    Items: targets
    Next: Saves
    ItemProcessor:
      StartAt: Confirm
      States:
        Confirm: { Type: Task, Resource: eosflow:confirm, End: true }
  Saves:
    Type: Map
    Items: targets
    End: true
    ItemProcessor:
      StartAt: Save
      States:
        Save: { Type: Task, Resource: eosflow:save, End: true }
`
const EVERYTHING = 'allow: [management, boot, schedule, unknown-lines]'

/** The workflow of a change, by the way its lines come in. */
const ways: Readonly<Record<string, (lines: readonly string[], lab: Lab) => string>> = {
  lines: (lines) => `change: { lines: ${JSON.stringify(lines)} }\n${STEPS}`,
  template: (lines, lab) => {
    lab.write('change.j2', `{% if true %}\n${lines.join('\n')}\n{% endif %}\n`)
    return `change: { template: change.j2 }\n${STEPS}`
  },
  'a parameter': (lines) =>
    `params: { text: { type: list, items: { type: string }, default: ${JSON.stringify(lines)} } }
change: { lines: ["{% for line in text %}{{ line }}\\n{% endfor %}"] }\n${STEPS}`,
  'a file': (lines, lab) => {
    lab.write('intended/leaf1.cfg', `${lines.join('\n')}\n`)
    return `change: { file: 'intended/{{ device.name }}.cfg' }\n${STEPS}`
  },
  'a replace': (lines, lab) => {
    lab.write('intended/leaf1.cfg', running('leaf1', 1).replace('!\nend\n', `!\n${lines.join('\n')}\nend\n`))
    return `change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }\n${STEPS}`
  },
  'raw states': (lines) => `change: { lines: ${JSON.stringify(lines)} }\n${STATES}`,
}

const dangerous = [
  ['do reload now'],
  ['reload now'],
  ['redundancy manual switchover'],
  ['agent Bgp terminate'],
  ['clock set 10:00:00 2026-11-20'],
  ['interface Ethernet2', '   do configure replace startup-config'],
  ['interface Ethernet2', '   dot1x re-authenticate interface Ethernet1'],
  ['router bgp 65101', '   session peer-supervisor'],
  ['management ssh', '   wri mem'],
  ['vlan 20', '   name A | tee flash:x'],
  ['show running-config>flash:x'],
  ['int Ethernet2', '   mtu 9000'],
  ['schedule a interval 5 command show tech-support | redirect flash:x'],
] as const

const MAY_BE_PRINTED = [
  'redundancy manual switchover',
  'agent Bgp terminate',
  'clock set 10:00:00 2026-11-20',
  'dot1x re-authenticate interface Ethernet1',
  'session peer-supervisor',
]

/** A lab that notes the commands of each request. */
function notingLab(options: LabOptions = {}, edit = (text: string) => text) {
  const sent: string[] = []
  const { fabric } = leaves(1)
  const devices = fabric.devices.map((device) => ({ ...device, config: edit(device.config) }))
  const lab = openLab({
    switches: { fabric: { ...fabric, devices } },
    ...options,
    before: (_lab, _device, commands) => {
      sent.push(...commands)
    },
  })
  return { lab, sent }
}

const workflow = (change: string, extra = '') => `name: w\ntargets: leaf1\n${extra}\n${change}`
const lineOf = (lines: readonly string[], extra = '') =>
  workflow(`change: { lines: ${JSON.stringify(lines)} }\n${STEPS}`, extra)
const inConfig = (lab: Lab) => lab.device('leaf1').switch.commandLog.inConfig()

describe('what may not reach a switch', () => {
  test.each(Object.keys(ways))(
    '[R1] [R2] is refused by validate and plan, by %s, with everything allowed',
    async (way) => {
      const { lab, sent } = notingLab()
      lab.write('workflow.yaml', workflow(ways[way]?.(dangerous.flat(), lab) ?? '', EVERYTHING))
      const validated = await lab.exits(3, 'validate workflow.yaml')
      const lines = dangerous.map((typed) => (typed[0].startsWith('int ') ? typed[0] : typed.at(-1))?.trim() ?? '')
      // Of a replace these begin like lines that the switch may print: the plan, which reads it, refuses them.
      const refused = lines.filter((line) => way !== 'a replace' || !MAY_BE_PRINTED.includes(line))
      expect(validated.err).toContain(`${refused.length} problems: nothing was contacted`)
      expect(refused.filter((line) => !validated.err.includes(`"${line}"`))).toEqual([])
      expect(lines).toHaveLength(13)
      await lab.exits(3, 'plan workflow.yaml')
      expect(sent).toEqual([])
      expect(inConfig(lab)).toEqual([])
    },
  )

  test.each(MAY_BE_PRINTED)(
    'of a replace, %s is refused by the plan where the switch does not print it',
    async (line) => {
      const { lab, sent } = notingLab()
      const block = dangerous.find((typed) => typed.at(-1)?.trim() === line) ?? []
      lab.write('workflow.yaml', workflow(ways['a replace']?.([...block], lab) ?? '', EVERYTHING))
      const planned = await lab.eosflow('plan workflow.yaml')
      expect([planned.code, planned.err.includes(line)], planned.err).toEqual([10, true])
      expect(sent.filter((one) => one.includes(line))).toEqual([])
      expect(inConfig(lab)).toEqual([])
    },
  )

  test.each(['lines', 'template', 'a parameter', 'a file', 'raw states'])(
    'a line of a merge that runs programs or decides who may log in is refused by validate, by %s',
    async (way) => {
      const { lab, sent } = notingLab()
      const lines = [
        'username eve privilege 15 secret sha512 $6$x$y',
        'user eve nopassword',
        'no aaa root',
        'alias sh reload',
        'daemon X',
        'event-handler X',
        'interface Ethernet2',
        '   username eve nopassword',
        'management api http-commands',
      ]
      lab.write('workflow.yaml', workflow(ways[way]?.(lines, lab) ?? ''))
      const { err } = await lab.exits(3, 'validate workflow.yaml')
      expect(err).toContain('8 problems: nothing was contacted')
      expect(err.match(/is not a configuration line that a change may carry/g)).toHaveLength(8)
      await lab.exits(3, 'plan workflow.yaml')
      expect(sent).toEqual([])
    },
  )

  test('a replace holds them, and its plan names them', async () => {
    const { lab } = notingLab()
    const lines = ['username eve privilege 15 secret sha512 $6$x$y']
    lab.write('workflow.yaml', workflow(ways['a replace']?.(lines, lab) ?? ''))
    await lab.ok('validate workflow.yaml')
  })

  test('a parameter that is given is judged with -p, and a line that waits for one as far as it is written', async () => {
    const { lab, sent } = notingLab()
    const change = (line: string) =>
      workflow(`params: { word: { type: string } }\nchange: { lines: ['vlan 20', ${JSON.stringify(line)}] }\n${STEPS}`)
    lab.write('workflow.yaml', change('{{ word }}'))
    await lab.ok('validate workflow.yaml')
    const given = await lab.exits(3, 'validate workflow.yaml -p', 'word=reload now')
    expect(given.err).toContain('"reload now" runs a command at once')
    await lab.exits(3, 'plan workflow.yaml -p', 'word=do write')
    for (const line of [
      'do ping {{ word }}',
      'do {{ word }}',
      'reload {{ word }}',
      'no debug {{ word }}',
      'copy {{ word }}',
    ]) {
      lab.write('workflow.yaml', change(line))
      expect((await lab.eosflow('validate workflow.yaml')).code, line).toBe(3)
    }
    for (const line of [
      'clock {{ word }}',
      'dot1x {{ word }}',
      'platform {{ word }}',
      'session {{ word }}',
      'name {{ word }}',
    ]) {
      lab.write('workflow.yaml', change(line))
      expect((await lab.eosflow('validate workflow.yaml')).code, line).toBe(0)
    }
    expect(sent).toEqual([])
  })
})

const STAGES = /^configure session/
const UNKNOWN = 'watchdog interval 30'

describe('a root line that no table knows', () => {
  test('is a warning of validate, and refused by the plan of a switch that does not have it', async () => {
    const { lab, sent } = notingLab()
    lab.write('workflow.yaml', lineOf([UNKNOWN]))
    const { out } = await lab.ok('validate workflow.yaml')
    expect(out).toContain(`"${UNKNOWN}" begins no command of the configuration that eosflow knows`)
    const planned = await lab.exits(10, 'plan workflow.yaml')
    expect(planned.err).toContain(`leaf1: "${UNKNOWN}" is known to no table of the configuration`)
    expect(sent.filter((command) => STAGES.test(command))).toEqual([])
  })

  test('is known where the switch has it, and its removal too', async () => {
    const { lab, sent } = notingLab({}, (text) => text.replace('vlan 110\n', `${UNKNOWN}\n!\nvlan 110\n`))
    lab.write('workflow.yaml', lineOf([`no ${UNKNOWN}`, 'vlan 20']))
    const planned = await lab.eosflow('plan workflow.yaml')
    expect({ code: planned.code, err: planned.err }).toMatchObject({ code: 0 })
    expect(planned.out).toContain(`- ${UNKNOWN}`)
    expect(sent.filter((command) => STAGES.test(command)).length).toBeGreaterThan(0)
  })

  test('is planned by the model with its `allow`, reaches the switch after the approval, and is confirmed', {
    tags: 'turn',
  }, async () => {
    const { lab, sent } = notingLab()
    lab.write('workflow.yaml', lineOf([UNKNOWN, 'vlan 20'], 'allow: [unknown-lines]'))
    const planned = await lab.ok('plan workflow.yaml')
    expect(planned.out).toContain(`+ ${UNKNOWN}`)
    expect(planned.out).toContain('leaf1: computed by the configuration model')
    expect(sent.filter((command) => STAGES.test(command))).toEqual([])
    const { out } = await exits(0, lab.change())
    expect(out).toContain('AFTER: confirmed, saved, read back')
    expect(lab.device('leaf1').switch.running.children.map(({ line }) => line)).toContain(UNKNOWN)
  })

  test('[P15] of what an agent runs with the switch alone lets through what it has, whatever is allowed', async () => {
    const own = 'agent Bgp environment BGP_TRACE=1'
    const has = (text: string) => text.replace('vlan 110\n', `${own}\n!\nvlan 110\n`)
    for (const line of ['agent Bgp environment LD_PRELOAD=/mnt/flash/x.so', 'agent Bgp environment BGP_TRACE=2']) {
      const { lab, sent } = notingLab({}, has)
      lab.write('workflow.yaml', lineOf([line], EVERYTHING))
      const { code, err } = await lab.eosflow('plan workflow.yaml')
      expect([code, err]).toEqual([10, expect.stringContaining(`leaf1: "${line}" can have an agent of the switch run`)])
      expect(err).toContain('no `allow` lets them through')
      expect(sent.filter((command) => STAGES.test(command))).toEqual([])
    }
    const { lab } = notingLab({}, has)
    lab.write('workflow.yaml', lineOf([own, 'vlan 20']))
    await lab.ok('plan workflow.yaml')
  })

  test('[P19] what no word of allow lets through is not said to be let through by one', async () => {
    const { lab } = notingLab()
    lab.write('workflow.yaml', lineOf(['platform tahoe mystery'], EVERYTHING))
    const { code, err } = await lab.eosflow('plan workflow.yaml')
    expect([code, err]).toEqual([10, expect.stringContaining('no `allow` lets them through')])
    expect(err).not.toContain('or say `allow')
  })

  test('a switch that makes another change of it than was approved: exit 5, both texts, nothing committed', async () => {
    const { lab, sent } = notingLab({
      hears: (_lab, answer) =>
        'body' in answer ? { ...answer, body: answer.body.replaceAll(UNKNOWN, 'watchdog interval 31') } : answer,
    })
    lab.write('workflow.yaml', lineOf([UNKNOWN], 'allow: [unknown-lines]'))
    const { out, err } = await exits(5, lab.change())
    expect(out + err).toContain('the switch would make another change of lines that were planned without it')
    expect(out + err).toContain(`approved:\n      +${UNKNOWN}\n    the switch:\n      +watchdog interval 31`)
    expect(sent.filter((command) => command.includes('commit timer'))).toEqual([])
  })
})

const IMAGE = 'boot system flash:/EOS-4.33.1F.swi'

describe('boot lines', () => {
  const booted = (lab: Lab) => lab.device('leaf1').switch.config.boot.system

  test('a changed one is refused without its `allow`, before anything is staged', async () => {
    const { lab, sent } = notingLab()
    lab.write('workflow.yaml', lineOf([IMAGE, 'vlan 20']))
    const { err } = await exits(10, lab.change())
    expect(err).toContain('would change what the switch boots at once, and an abort does not undo it')
    expect(sent.filter((command) => STAGES.test(command) || command.startsWith('boot'))).toEqual([])
  })

  test('the one that the switch prints as a comment passes, and is not sent', { tags: 'turn' }, async () => {
    const { lab, sent } = notingLab({}, (text) => text.replace('!\nhostname', `! ${IMAGE}\n!\nhostname`))
    lab.write('workflow.yaml', lineOf([IMAGE, 'vlan 20']))
    await exits(0, lab.change())
    expect(sent.filter((command) => command.trim().startsWith('boot'))).toEqual([])
  })

  test('with its `allow` it is planned by the model, named, and sent last, behind the save', {
    tags: 'turn',
  }, async () => {
    const { lab, sent } = notingLab()
    lab.write('workflow.yaml', lineOf([IMAGE, 'vlan 20'], 'allow: [boot]'))
    const planned = await lab.eosflow('plan workflow.yaml')
    expect(planned.out).toContain(`acts at once, an abort does not undo it; it is sent last: ${IMAGE}`)
    expect(sent.filter((command) => STAGES.test(command))).toEqual([])
    const { out } = await exits(0, lab.change())
    expect(out).toContain('AFTER: confirmed, saved, read back')
    expect(booted(lab)).toBe('flash:/EOS-4.33.1F.swi')
    const typed = sent.map((command) => command.trim())
    expect(typed.filter((command) => command === IMAGE)).toHaveLength(1)
    expect(typed.indexOf(IMAGE)).toBeGreaterThan(typed.indexOf('copy running-config startup-config'))
    expect(typed.indexOf('show boot-config', typed.indexOf(IMAGE))).toBeGreaterThan(0)
  })

  test.each([
    ['with other lines', [IMAGE, 'vlan 20']],
    ['alone', [IMAGE]],
  ])('a rollback of the change names them as still in force, %s', { tags: 'turn' }, async (_, lines) => {
    const { lab } = notingLab()
    lab.write('workflow.yaml', lineOf(lines, 'allow: [boot]'))
    await exits(0, lab.change())
    const { out, err } = await lab.eosflow('rollback @latest --detach')
    expect(out + err).toContain(`leaf1: still in force, a rollback does not undo it (show boot-config): ${IMAGE}`)
    expect(booted(lab)).toBe('flash:/EOS-4.33.1F.swi')
  })

  test('[R3] one that does not show behind the send: the switch is put back, and the end names it as still in force', async () => {
    const { lab } = notingLab({
      hears: (_lab, answer) =>
        'body' in answer
          ? {
              ...answer,
              body: answer.body.replaceAll('Software image: flash:/EOS-4.33.1F.swi', 'Software image: flash:/OLD.swi'),
            }
          : answer,
    })
    lab.write('workflow.yaml', lineOf([IMAGE, 'vlan 20'], 'allow: [boot]'))
    const { out, err } = await exits(6, lab.change())
    expect(out + err).toContain(`show boot-config does not show what was sent: ${IMAGE}`)
    expect(out + err).toContain(
      `Still in force where the switch took it, nothing undoes it (show boot-config): ${IMAGE}`,
    )
  })

  test.each([
    ['carried out', true, 1],
    ['not carried out', false, 2],
  ])(
    'whose answer is lost, %s: the switch is asked, and nothing is sent that is in force',
    { tags: 'turn' },
    async (_, applied, times) => {
      let isLost = false
      const sent: string[] = []
      const lab = openLab({
        switches: leaves(1),
        workflow: lineOf([IMAGE, 'vlan 20'], 'allow: [boot]'),
        before: (its, device, commands) => {
          sent.push(...commands)
          if (!commands.includes(IMAGE) || isLost) return
          isLost = true
          its.fault({ device, kind: 'lost-answer', request: 1, applied })
        },
      })
      await exits(0, lab.change())
      expect(isLost).toBe(true)
      expect(sent.filter((command) => command === IMAGE)).toHaveLength(times)
      expect(booted(lab)).toBe('flash:/EOS-4.33.1F.swi')
    },
  )

  test('alone in a change it is a change', { tags: 'turn' }, async () => {
    const { lab } = notingLab()
    lab.write('workflow.yaml', lineOf([IMAGE], 'allow: [boot]'))
    const ended: Ended = await lab.change()
    expect(ended.code).toBe(0)
    expect(booted(lab)).toBe('flash:/EOS-4.33.1F.swi')
  })
})
