import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, json, type Lab, openLab, prints, runningConfig, typed, typeOn, warns } from '../../lab/lab.ts'
import { LONG, openLeaves, startChange } from './running.ts'

const NOTHING =
  'Found: 0 open sessions of eosflow, 0 under a commit timer, 0 checkpoints on 6 switches · 0 not read\nNext: eosflow sessions list\n'
const ARMED = 'eosflow-0badcafe-1'
const PENDING = 'eosflow-0badcafe-2'

/** Leaves what an eosflow whose store is lost leaves: a change under its timer, a session of a plan, somebody else's session. */
async function leaveBehind(lab: Lab) {
  const { device } = lab.fabric
  await typeOn(device('leaf1'), 'configure checkpoint save eosflow-0badcafe')
  await typeOn(device('leaf1'), `configure session ${ARMED}`, 'vlan 997', 'commit timer 00:05:00')
  await typeOn(device('leaf2'), `configure session ${PENDING}`, 'vlan 997')
  await typeOn(device('leaf2'), 'configure session cvp-7', 'vlan 996')
}

const writes = (lab: Lab) =>
  lab.fabric.devices.flatMap((device) => device.requests()).filter(({ kind }) => kind === 'write').length
const aborts = (lab: Lab, name: string) =>
  lab.fabric
    .device(name)
    .requests()
    .flatMap(({ commands }) => commands)
    .filter((command) => command.endsWith(' abort'))
const stateOf = (lab: Lab, name: string, session: string) => lab.device(name).switch.sessions.get(session)?.state

/** Ends what is left, so that the switches are settled behind the test. */
async function endAll({ fabric }: Lab) {
  for (const device of fabric.devices) {
    for (const { name, state } of device.switch.sessions.all()) {
      if (state === 'pending' || state === 'armed') await typeOn(device, `configure session ${name} abort`)
    }
  }
}

describe('recover --scan', () => {
  test('finds nothing where nothing is: exit 0', async () => {
    const lab = openLab()
    expect(await lab.eosflow('recover --scan')).toEqual({ code: 0, out: NOTHING, err: '' })
  })

  test('finds a checkpoint that an execution has saved later, with the number of its config session', async () => {
    const lab = openLab()
    await typeOn(lab.device('leaf1'), 'configure checkpoint save eosflow-0badcafe-4')
    await typeOn(lab.device('leaf1'), 'configure checkpoint save eosflow-0badcafe-old')
    const { out } = await prints(
      0,
      lab.eosflow('recover --scan'),
      'leaf1: checkpoint eosflow-0badcafe-4 was saved by an execution',
    )
    expect(out).not.toContain('eosflow-0badcafe-old')
  })

  test('[F26] [W10] finds open sessions, timers and checkpoints, says what each is and what to do, and touches nothing: exit 7', async () => {
    const lab = openLab()
    await leaveBehind(lab)
    const sent = writes(lab)

    const { out } = await lab.exits(7, 'recover --scan -t', 'leaf1 or leaf2')

    expect(out).toBe(`✖ leaf1: ${ARMED} is committed under its timer: the switch puts itself back in 5m
    to put it back now: eosflow recover --scan --abort ${ARMED}
    to keep it, once you have seen that it is good: configure session ${ARMED} commit
= leaf1: checkpoint eosflow-0badcafe was saved by an execution that this store does not know: compare it before you go back to it
    to compare: diff checkpoint:eosflow-0badcafe running-config; to go back: configure replace checkpoint:eosflow-0badcafe skip-checkpoint
! leaf1: running-config is not saved, and must not be while the commit timer runs
✖ leaf2: ${PENDING} was never committed: nothing of it is in running-config, but it takes the place of another session
    to remove it: eosflow recover --scan --abort ${PENDING}
Found: 2 open sessions of eosflow, 1 under a commit timer, 1 checkpoint on 2 switches · 0 not read
Next: eosflow recover --scan --abort ${ARMED}
`)
    expect(writes(lab)).toBe(sent)
    expect(lab.device('leaf1').switch.sessions.timer?.session).toBe(ARMED)
    await endAll(lab)
  })

  test('ends the named sessions and no other, on record, and reads back that they are gone', async () => {
    const lab = openLab()
    await leaveBehind(lab)
    await prints(7, lab.eosflow('recover --scan --abort', ARMED), /^✔ leaf1: eosflow-0badcafe-1 aborted, read back\n/)
    expect(stateOf(lab, 'leaf2', PENDING)).toBe('pending')
    expect(aborts(lab, 'leaf1')).toEqual([`configure session ${ARMED} abort`])

    expect(await json(lab.ok('recover --scan --abort', PENDING, '--json'))).toMatchObject({
      version: 1,
      kind: 'recover',
      aborted: [{ device: 'leaf2', session: PENDING, gone: true }],
      exitCode: 0,
    })
    expect(aborts(lab, 'leaf2')).toEqual([`configure session ${PENDING} abort`])
    expect(stateOf(lab, 'leaf2', 'cvp-7')).toBe('pending')
    await endAll(lab)
  })

  test('asks a person about each session by its name, and ends those alone for which the answer is yes', async () => {
    const bench = await openLeaves(2, LONG)
    const [leaf1, leaf2] = [bench.device('leaf1'), bench.device('leaf2')]
    await typeOn(leaf1, `configure session ${ARMED}`, 'vlan 997', 'commit timer 00:05:00')
    await typeOn(leaf2, `configure session ${PENDING}`, 'vlan 997')
    const questions: string[] = []
    const asks = (question: string) => void questions.push(question)
    await exits(7, typed(bench.dir, ['recover --scan'], { answers: ['yes', 'no'], asks }))
    expect(questions).toEqual([
      expect.stringMatching(
        /^leaf1: eosflow-0badcafe-1 is committed under its timer: .*\. Abort eosflow-0badcafe-1\? Type yes to abort it: $/,
      ),
      expect.stringMatching(
        /^leaf2: eosflow-0badcafe-2 was never committed: .*\. Abort eosflow-0badcafe-2\? Type yes to abort it: $/,
      ),
    ])
    expect(leaf1.switch.sessions.timer).toBeUndefined()
    expect(leaf2.switch.sessions.get(PENDING)?.state).toBe('pending')
    await typeOn(leaf2, `configure session ${PENDING} abort`)
  })

  test('[F26] after a kill and the loss of the store: the armed change is found, and put back on the word of a person', {
    tags: 'long',
  }, async () => {
    const bench = await openLeaves(1, LONG)
    const before = runningConfig(bench.device('leaf1'))
    const running = await startChange(bench)
    await running.said(/leaf1: committed under its timer/)
    running.kill('SIGKILL')
    await running.ended
    rmSync(join(bench.dir, '.eosflow'), { recursive: true })

    const found = await bench.exits(7, 'recover --scan')
    const session = /✖ leaf1: (eosflow-[0-9a-f]{8}-\d) is committed under its timer/.exec(found.out)?.[1] ?? ''
    expect(runningConfig(bench.device('leaf1'))).toContain('vlan 120')
    await prints(0, bench.eosflow('recover --scan --abort', session), `✔ leaf1: ${session} aborted, read back\n`)
    expect(runningConfig(bench.device('leaf1'))).toBe(before)
    expect(bench.commits('leaf1')).toEqual({ plain: 0, timed: 1, confirms: 0 })
  })

  test('shows a timer of somebody else and leaves it: exit 0', async () => {
    const lab = openLab()
    await typeOn(lab.device('leaf3'), 'configure session cvp-7', 'vlan 3999', 'commit timer 00:10:00')
    await prints(
      0,
      lab.eosflow('recover --scan -t leaf3'),
      /^! leaf3: cvp-7 is committed under its timer: .* in 10m; it is not of eosflow and stays\nFound: 0 open/,
    )
    await typeOn(lab.device('leaf3'), 'configure session cvp-7 abort')
  })

  test('of a switch that does not answer: exit 10; of one that goes silent behind an abort: exit 7', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf4', kind: 'unreachable' })
    await prints(10, lab.eosflow('recover --scan'), 'on 6 switches · 1 not read\n')
    lab.clearFaults()
    await leaveBehind(lab)
    lab.fault({ device: 'leaf1', kind: 'lost-answer', command: ' abort$' })
    const lost = await prints(
      0,
      lab.eosflow('recover --scan -t leaf1 --abort', ARMED),
      /^✔ leaf1: eosflow-0badcafe-1 aborted, read back\n/,
    )
    expect(lost.err).toContain('the answer to its abort was lost')
    await endAll(lab)
  })
})

test('an ended execution answers for nothing: what it has left is ended by name', async () => {
  const lab = openLab()
  await lab.ok('plan workflow.yaml')
  const { executions } = await json(lab.eosflow('plans --json'))
  const session = `eosflow-${executions[0]?.id.slice(-8)}-7`
  await typeOn(lab.device('leaf1'), `configure session ${session}`, 'vlan 997')
  const { out } = await prints(
    7,
    lab.eosflow('recover --scan'),
    `    to remove it: eosflow recover --scan --abort ${session}\n`,
  )
  expect(out).not.toContain('eosflow resume')
  await lab.ok('recover --scan --abort', session)
  expect(stateOf(lab, 'leaf1', session)).not.toBe('pending')
})

describe('recover refuses, and aborts nothing:', () => {
  test.each<[string, readonly string[], number, RegExp]>([
    [
      'to ask the switches unless told to',
      [],
      3,
      /recover asks every switch of the inventory, and does so only with --scan/,
    ],
    [
      'a name that eosflow does not give',
      ['--scan', '--abort', 'cvp-7'],
      3,
      /cvp-7 is not the name of a session of eosflow/,
    ],
    [
      'a session that is on no switch',
      ['--scan', '--abort', 'eosflow-0badcafe-9'],
      5,
      /not open on any of these switches: eosflow-0badcafe-9/,
    ],
    [
      'all of them when one is not there',
      ['--scan', '--abort', ARMED, '--abort', 'eosflow-0badcafe-9'],
      5,
      /eosflow-0badcafe-9/,
    ],
  ])('%s', async (_name, argv, code, said) => {
    const lab = openLab()
    await leaveBehind(lab)
    const sent = writes(lab)
    await warns(code, lab.eosflow('recover', ...argv), said)
    expect(writes(lab)).toBe(sent)
    await endAll(lab)
  })

  test('a session for which an execution of this store answers: exit 9', async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    const { executions } = await json(lab.eosflow('executions --json'))
    const id = executions[0]?.id ?? ''
    const session = `eosflow-${id.slice(-8)}-7`
    await typeOn(lab.device('leaf1'), `configure session ${session}`, 'vlan 997')
    await prints(7, lab.eosflow('recover --scan'), `    this store knows it: eosflow resume ${id}\n`)
    await warns(
      9,
      lab.eosflow('recover --scan --abort', session),
      `${session} belongs to execution ${id} of this store`,
    )
    expect(stateOf(lab, 'leaf1', session)).toBe('pending')
    await typeOn(lab.device('leaf1'), `configure session ${session} abort`)
  })
})
