import { describe, expect, test } from 'vitest'
import { exits, type Lab, NO_COMMIT, openLab, whereIs, workflowFor } from '../lab/lab.ts'

/** A line that every leaf of the bundled fabric has, and that a fault keeps from being replayed. */
const LINE = '^service routing protocols model multi-agent$'

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'

const replays = ({ fabric }: Lab, name = 'leaf1') =>
  fabric
    .device(name)
    .requests()
    .filter(({ commands }) => commands.some((command) => command.startsWith('copy checkpoint:'))).length

const open = ({ fabric }: Lab, name = 'leaf1') =>
  fabric
    .device(name)
    .switch.sessions.all()
    .filter(({ state }) => state === 'pending' || state === 'armed')
    .map(({ name: session }) => session)

describe('[G5] before the first commit on a running-config', () => {
  test('[R5] a switch that replays its configuration is asked once, and changed', async () => {
    const lab = openLab()
    const { out } = await exits(0, lab.change())
    expect([replays(lab), lab.whereIs('leaf1')]).toEqual([1, 'AFTER'])
    expect(out).not.toContain('put itself back')
  })

  test.each([
    ['refused', {}, '> service routing protocols model multi-agent; % Invalid input at line '],
    ['left out in silence', { leavesOut: true }, '-service routing protocols model multi-agent'],
  ])(
    '[F33] [R5] a line that is %s ends it: guard, exit 10, nothing committed, no session left',
    async (_, fault, named) => {
      const lab = openLab()
      lab.fault({ device: 'leaf1', kind: 'replay-fails', command: LINE, ...fault })
      const { out, err } = await exits(10, lab.change())
      expect(out + err).toContain('leaf1: this switch cannot replay its own configuration: ')
      expect(out + err).toContain(named)
      expect(out).toContain('refused: nothing was committed')
      const leaf1 = lab.device('leaf1')
      expect(leaf1.counters().commits).toEqual(NO_COMMIT)
      expect([open(lab), whereIs(leaf1)]).toEqual([[], 'BEFORE'])
    },
  )

  test.each([
    ['replayCheck: warn', 1],
    ['replayCheck: off', 0],
    ["proven: { '4.31.4M': { replay: false } }", 1],
  ])('with %s it is changed, and the report warns if it was asked', { tags: 'long' }, async (setting, asked) => {
    const lab = openLab()
    lab.write('eosflow.yaml', `version: 1\n${setting}\n`)
    lab.fault({ device: 'leaf1', kind: 'replay-fails', command: LINE, leavesOut: true })
    const { out } = await exits(0, lab.change())
    expect([replays(lab), open(lab), lab.whereIs('leaf1')]).toEqual([asked, [], 'AFTER'])
    const warned = out.includes(
      '! committed without the proof that it can put itself back: leaf1: this switch cannot replay its own configuration: -service routing',
    )
    expect(warned).toBe(asked === 1)
  })

  test('[P17] a line that somebody types meanwhile is no fault of the switch: stale, exit 5, with the line', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf1', kind: 'hand-edit', lines: ['vlan 777'], command: '^copy checkpoint:' })
    const { out, err } = await exits(5, lab.change())
    expect(out + err).toContain('leaf1: running-config has changed since the plan was made')
    expect(out + err).toContain('vlan 777')
    expect(out + err).not.toContain('replayCheck: warn')
    expect(open(lab)).toEqual([])
  })

  test('a lost answer leaves nothing behind, and the next execution asks again', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf1', kind: 'lost-answer', command: '^copy checkpoint:' })
    await exits(10, lab.change())
    expect([open(lab), lab.whereIs('leaf1')]).toEqual([[], 'BEFORE'])
    await exits(0, lab.change())
    expect(replays(lab)).toBe(2)
  })

  test('a running-config that was proven is not asked about again, by another execution either', {
    tags: 'long',
  }, async () => {
    const lab = openLab({ workflow: workflowFor('leaf1', { verify: NEVER_GOOD }) })
    await exits(6, lab.change())
    lab.write('workflow.yaml', workflowFor('leaf1'))
    await exits(0, lab.change())
    expect(replays(lab)).toBe(1)
    // What runs now is another configuration.
    lab.write('workflow.yaml', workflowFor('leaf1', { lines: ['vlan 999', '   name NEXT'] }).replace('[998]', '[999]'))
    await exits(0, lab.change())
    expect(replays(lab)).toBe(2)
  })

  test('an execution that is killed in its middle goes on and leaves no session', async () => {
    let killed = 0
    const lab = openLab({
      before: (_, device, commands) => {
        if (device !== 'leaf1' || killed > 0 || !commands.some((command) => command.startsWith('copy checkpoint:')))
          return
        killed += 1
        throw new TypeError('the process is gone')
      },
    })
    const first = await lab.change()
    expect(killed).toBe(1)
    expect(first.code).toBe(1)
    expect(open(lab)).toEqual([])
  })
})

describe('how the replay is asked for', () => {
  test('of more than three lines that are left out three are told, and how many more there are', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf1', kind: 'replay-fails', command: '^vlan 1[12]\\d$', leavesOut: true })
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toMatch(
      /leaf1: this switch cannot replay its own configuration: -vlan 110; [^;]+; [^;]+; … \d+ more/,
    )
  })

  test.each([
    ['is aborted again where it is still there', false, 2],
    ['is not aborted again where it is gone', true, 1],
  ])(
    'a session of the check whose abort is not answered %s',
    { tags: ['long', 'turn'] },
    async (_, applied, expected) => {
      let [aborts, isAsked] = [0, false]
      const lab = openLab({
        before: (its, device, commands) => {
          const sent = commands.join('\n')
          // What is aborted between the question and the timed commit is the session of the question.
          const isOfIt = isAsked && / abort$/m.test(sent)
          isAsked = sent.includes('copy checkpoint:') || (isAsked && !sent.includes(' commit timer '))
          if (isOfIt) aborts += 1
          if (isOfIt && aborts === 1) its.fault({ device, kind: 'lost-answer', command: ' abort$', applied })
        },
      })
      const errors = ["Invalid input (at token 1: 'checkpoint:x')"]
      lab.fault({ device: 'leaf1', kind: 'refuse-command', command: '^copy checkpoint:', code: 1002, errors })
      await exits(0, lab.change())
      expect([aborts, open(lab), lab.whereIs('leaf1')]).toEqual([expected, [], 'AFTER'])
    },
  )

  test('what was proven for another version changes nothing', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    lab.write('eosflow.yaml', "version: 1\nproven: { '4.30.1F': { replay: false } }\n")
    lab.fault({ device: 'leaf1', kind: 'replay-fails', command: LINE })
    await exits(10, lab.change())
  })
})

describe('how the replay is asked for', () => {
  test('a switch that does not know the command is warned of', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    lab.fault({
      device: 'leaf1',
      kind: 'refuse-command',
      command: '^copy checkpoint:',
      code: 1002,
      errors: ["Invalid input (at token 1: 'checkpoint:x')"],
    })
    const { out } = await exits(0, lab.change())
    expect(out).toContain('leaf1: it does not know how to replay a checkpoint: Invalid input (at token 1:')
    expect(open(lab)).toEqual([])
  })
})
