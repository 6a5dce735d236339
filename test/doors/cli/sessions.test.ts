import { describe, expect, test } from 'vitest'
import { exits, json, type Lab, openLab, prints, typeOn } from '../../lab/lab.ts'

/** Leaves a pending session on a switch, as a client that died would. */
const leave = (lab: Lab, device: string, session: string) =>
  typeOn(lab.device(device), `configure session ${session}`, 'hostname left-behind')

const drop = (lab: Lab, device: string, session: string) =>
  typeOn(lab.device(device), `configure session ${session} abort`)

/** Whether a switch holds an open session. */
const holds = (lab: Lab, device: string, session: string) =>
  lab.device(device).switch.sessions.get(session)?.state === 'pending'

/** The eight hex digits by which an execution names its sessions: one that ended. */
async function endedExecution(lab: Lab) {
  await exits(0, lab.change())
  const { executions } = await json(lab.eosflow('executions --json'))
  const id = executions[0]?.id ?? ''
  return { id, digits: id.slice(-8) }
}

describe('sessions', () => {
  test('are listed with their state and whose they are, and only our own leftovers are removed', async () => {
    const lab = openLab()
    const { id, digits } = await endedExecution(lab)
    const made = Math.floor(lab.clock.now() / 1000) - 7500
    const ours = `eosflow-${digits}-9`
    await leave(lab, 'leaf1', ours)
    await leave(lab, 'leaf1', `ansible_${made}000`)
    await leave(lab, 'leaf2', 'eosflow-0badcafe-1')
    await typeOn(lab.device('leaf3'), 'configure session cvp-7', 'vlan 3999', 'commit timer 00:10:00')

    const list = await prints(
      0,
      lab.eosflow('sessions list -t', 'leaf1 or leaf2 or leaf3'),
      '1 under a commit timer\nNext: eosflow sessions gc\n',
    )
    const rows = list.out.split('\n').map((line) => line.split(/ {2,}/))
    expect(rows).toContainEqual(['leaf1', ours, 'pending', '-', '-', `ours: execution ${id}`])
    expect(rows).toContainEqual(['leaf1', `ansible_${made}000`, 'pending', '-', '2h 5m', 'foreign'])
    expect(rows).toContainEqual(['leaf2', 'eosflow-0badcafe-1', 'pending', '-', '-', 'eosflow, another store'])
    expect(rows).toContainEqual(['leaf3', 'cvp-7', 'armed, 10m left', 'admin', '0s', 'foreign'])

    const removed = await lab.eosflow('sessions gc')
    expect(removed).toEqual({
      code: 0,
      err: '',
      out:
        `✔ leaf1: ${ours} removed, read back\n` +
        '= leaf2: eosflow-0badcafe-1 stays: it is of another store: --all-eosflow removes it too\n' +
        'Removed: 1 session on 6 switches, read back · 1 of eosflow kept, 0 not removed\n' +
        'Next: eosflow sessions list\n',
    })
    expect(holds(lab, 'leaf1', ours)).toBe(false)
    expect(holds(lab, 'leaf1', `ansible_${made}000`)).toBe(true)
    expect(holds(lab, 'leaf2', 'eosflow-0badcafe-1')).toBe(true)
    expect(lab.device('leaf3').switch.sessions.timer?.session).toBe('cvp-7')

    expect((await json(lab.ok('sessions gc --all-eosflow --json'))).devices).toContainEqual({
      name: 'leaf2',
      sessions: [{ session: 'eosflow-0badcafe-1', end: 'removed' }],
      kept: [],
    })
    expect(holds(lab, 'leaf1', `ansible_${made}000`)).toBe(true)
    await drop(lab, 'leaf1', `ansible_${made}000`)
    await drop(lab, 'leaf3', 'cvp-7')
  })

  test('of an execution that may be running stay, until it was silent for ten minutes; its age is on record', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    const { executions } = await json(lab.eosflow('executions --json'))
    const id = executions[0]?.id ?? ''
    const session = `eosflow-${id.slice(-8)}-1`
    await leave(lab, 'leaf1', session)
    await prints(0, lab.eosflow('sessions gc'), `= leaf1: ${session} stays: execution ${id} is running\n`)
    expect(holds(lab, 'leaf1', session)).toBe(true)
    await lab.clock.advance(3_600_000)
    const { devices } = await json(lab.eosflow('sessions list -t leaf1 --json'))
    expect(devices[0]?.sessions).toContainEqual({
      name: session,
      state: 'pending',
      whose: { kind: 'ours', execution: id, running: false },
      inside: [],
      age: 3600,
    })
    await prints(0, lab.eosflow('sessions gc'), `✔ leaf1: ${session} removed, read back`)
    expect(holds(lab, 'leaf1', session)).toBe(false)
  })

  test('what was not heard is read back; what cannot be read is 7; a switch that does not answer is 10', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const { digits } = await endedExecution(lab)
    const session = `eosflow-${digits}-9`
    await leave(lab, 'leaf1', session)
    lab.fault({ device: 'leaf1', kind: 'lost-answer', command: 'abort' })
    await prints(0, lab.eosflow('sessions gc'), `✔ leaf1: ${session} removed, read back`)

    await leave(lab, 'leaf1', `eosflow-${digits}-8`)
    lab.fault({ device: 'leaf1', kind: 'reboot', command: 'abort', seconds: 120 })
    await prints(
      7,
      lab.eosflow('sessions gc -t leaf1'),
      `? leaf1: eosflow-${digits}-8: unknown: the answer to its abort was lost`,
    )
    await prints(10, lab.eosflow('sessions gc -t', 'leaf1 or leaf2'), '? leaf1')
    await lab.exits(10, 'sessions list -t leaf1')
    await lab.exits(3, 'sessions list -t leaf9')
  })
})
