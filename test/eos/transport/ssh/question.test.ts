import { describe, expect, test } from 'vitest'
import { oneSwitchFabric } from '../../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../../src/eos/sim/fabric/simulated-fabric.ts'
import type { Fault } from '../../../../src/eos/sim/fault/fault.ts'
import { mayAsk } from '../../../../src/eos/transport/ssh/question.ts'
import { sshTransport } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { BOOT } from '../device-contract.ts'
import { hurriedClock, simulatedShell } from './scripted-shell.ts'

const SESSION = 'eosflow-1a2b3c4d-1'
const PROCEED = 'WARNING! All traffic will be dropped. Proceed [y/n]'

/** A switch over SSH that has this fault, and every line that was typed to it, markers aside. */
async function withFault(fault: Fault) {
  const fabric = oneSwitchFabric(BOOT, { eos: '4.31.2F', name: 'leaf1' })
  const simulation = new SimulatedFabric(fabric, { clock: new VirtualClock(), random: new SeededRandom() })
  simulation.fault({ ...fault, device: 'leaf1' })
  const { device, terminals } = simulation.get('leaf1')
  const { username, password } = fabric.credentials
  const typed: string[] = []
  const transport = sshTransport({
    clock: hurriedClock(),
    openShell: async () => {
      const shell = simulatedShell(terminals, { username, password })
      return {
        ...shell,
        write: (text) => {
          typed.push(...text.split('\n').filter((line) => line !== '' && !line.startsWith('!eosflow-')))
          shell.write(text)
        },
      }
    },
  })
  const leaf1 = await transport.connect(
    { name: 'leaf1', host: '127.0.0.1', port: 22, transport: 'ssh', hostKey: { mode: 'known-hosts', file: 'x' } },
    { username, password: new Secret(password) },
    noFence,
  )
  const stage = (...lines: readonly string[]) =>
    leaf1.stage({
      session: SESSION,
      mode: 'merge',
      commands: lines.map((cmd) => ({ cmd })),
      checkpoint: 'eosflow-1a2b3c4d',
    })
  return { leaf1, device, typed, stage }
}

describe('[G97] [R7] a question of the switch over SSH', () => {
  test.each([
    [
      'that is known to ask, is named as a question, and nothing is typed behind it',
      'hardware tcam',
      ['vlan 20', 'hardware tcam', 'vlan 21'],
      ['vlan 20', 'hardware tcam'],
    ],
    [
      'among lines that were typed ahead, is named as a question',
      'name RED',
      ['vlan 20', 'name RED', 'vlan 21'],
      undefined,
    ],
  ])('[F36] at a line %s', async (_, asking, lines, behindSetup) => {
    const { leaf1, device, typed, stage } = await withFault({
      kind: 'line-question',
      command: `^${asking}`,
      message: PROCEED,
    })
    const number = lines.indexOf(asking) + 1
    await expect(stage(...lines)).rejects.toMatchObject({
      kind: 'refused',
      device: 'leaf1',
      command: asking,
      message: `leaf1 asks a question at line ${number} of the change, '${asking}': ${PROCEED}`,
      hint: expect.stringContaining('eosflow answers no question'),
    })
    if (behindSetup !== undefined)
      expect(typed.slice(typed.indexOf(`configure session ${SESSION}`) + 1)).toEqual(behindSetup)
    expect(typed.some((line) => /^y/i.test(line))).toBe(false)
    await leaf1.abort(SESSION)
    expect(device.sessions.get(SESSION)?.state ?? 'gone').not.toBe('pending')
    expect(device.sessions.timer).toBeUndefined()
  })

  test('what it says without a question is kept with its line', async () => {
    const message = '! the port must be reloaded'
    const { stage } = await withFault({ kind: 'line-warning', command: '^name RED', message })
    expect((await stage('vlan 20', 'name RED', 'exit', 'vlan 21')).said).toEqual([{ at: 2, text: message }])
  })

  test('over eAPI and SSH alike nothing is kept where nothing is said', async () => {
    const { stage } = await withFault({ kind: 'line-warning', command: '^no such line', message: 'x' })
    const staged = await stage('vlan 20', 'name RED')
    expect(staged.diff).toContain('+   name RED')
    expect(staged).not.toHaveProperty('said')
  })
})

test.each([
  ['hardware tcam', true],
  ['   system profile vxlan-routing', true],
  ['no hardware tcam profile x', true],
  ['boot system flash:EOS.swi', true],
  ['platform trident forwarding-table partition 2', true],
  ['bootp', false],
  ['description hardware', false],
  ['vlan 20', false],
])('%j may ask: %s', (line, expected) => {
  expect(mayAsk(line)).toBe(expected)
})
