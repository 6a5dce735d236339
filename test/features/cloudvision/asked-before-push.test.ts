// @module-tag long
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import { bundledFabric, exits, shows } from '../../lab/lab.ts'
import {
  actsIn,
  askedIn,
  cloudVisionLab,
  control,
  device,
  type Fault,
  records,
  SERIAL,
  TOKEN,
} from './cloudvision-lab.ts'

const THERE = { at: '2026-11-27T02:00:00.0Z' }

describe('a change control of CloudVision', { tags: 'turn' }, () => {
  test.each<[string, JsonObject, string]>([
    [
      'runs on the switch',
      control('cc-1', 'RUNNING', [SERIAL.leaf1]),
      'CloudVision carries out the change control "Change cc-1" (cc-1) on leaf1',
    ],
    [
      'runs on it among others',
      control('cc-1', 'RUNNING', ['JPE99999999', SERIAL.leaf1], { change: {} }),
      'CloudVision carries out the change control cc-1 on leaf1',
    ],
    [
      'runs and does not say where',
      control('cc-1', 'RUNNING', undefined),
      'CloudVision carries out the change control "Change cc-1" (cc-1), and does not say on which switches',
    ],
  ])('that %s: the change is refused, and the switch is sent nothing', async (_, running, message) => {
    const { lab, cloudVision } = await cloudVisionLab({
      controls: [control('old', 'COMPLETED', [SERIAL.leaf1]), running],
    })
    await shows(9, lab.change(), `${message}\nLet it end in CloudVision, or stop it there, then start again.`)
    expect(await actsIn(lab)).toEqual([])
    expect(cloudVision.asked('Device')).toEqual([{ partialEqFilter: [{ key: { deviceId: SERIAL.leaf1 } }] }])
    expect(cloudVision.asked('ChangeControl')).toEqual([
      {
        partialEqFilter: [{ status: 'CHANGE_CONTROL_STATUS_RUNNING' }, { status: 'CHANGE_CONTROL_STATUS_SCHEDULED' }],
      },
    ])
  })

  test.each<[string, readonly JsonObject[], object[]]>([
    ['on another switch', [control('cc-1', 'RUNNING', ['JPE21310203'])], []],
    ['that has ended', [control('cc-1', 'COMPLETED', [SERIAL.leaf1])], []],
    ['that nobody has started', [control('cc-1', 'NOT_STARTED', [SERIAL.leaf1])], []],
    [
      'that is scheduled',
      [control('cc-1', 'SCHEDULED', [SERIAL.leaf1], { schedule: { value: THERE.at } })],
      [{ id: 'cc-1', name: 'Change cc-1', standing: 'scheduled', devices: ['leaf1'], at: THERE.at }],
    ],
  ])('%s keeps no change: it is on record, and so is what CloudVision will show', async (_, controls, found) => {
    const { lab } = await cloudVisionLab({ controls })
    await shows(0, lab.change(), '! CloudVision will show leaf1 out of compliance until it is reconciled there')
    expect(await askedIn(lab)).toEqual([
      expect.objectContaining({ answer: 'free', devices: ['leaf1'], known: ['leaf1'], controls: found }),
    ])
  })

  test('on a switch of the second wave keeps the first from being begun', async () => {
    const controls = [control('cc-1', 'RUNNING', [SERIAL.leaf2])]
    const { lab } = await cloudVisionLab({ controls }, { targets: 'leaf1 or leaf2' })
    await shows(9, lab.change(), '(cc-1) on leaf2')
    expect(await actsIn(lab)).toEqual([])
  })

  test('that begins between two waves ends the change: what was pushed is put back', async () => {
    const fake = await cloudVisionLab({}, { targets: 'leaf1 or leaf2' })
    fake.cloudVision.fault = (api, nth) => {
      if (api === 'Device' && nth === 2) fake.cloudVision.controls = [control('cc-1', 'RUNNING', [SERIAL.leaf2])]
      return undefined
    }
    const { code, out, err } = await fake.lab.change()
    expect([code, out + err]).toEqual([6, expect.stringContaining('(cc-1) on leaf2')])
    expect((await actsIn(fake.lab)).filter((act) => act.startsWith('leaf2'))).toEqual([])
    expect(out).toMatch(/leaf1 +↺/)
    expect((await askedIn(fake.lab)).map(({ answer, devices }) => [answer, devices])).toEqual([
      ['free', ['leaf1', 'leaf2']],
      ['running', ['leaf2']],
    ])
    expect(out + err).not.toContain('CloudVision will show')
  })
})

describe('an answer of CloudVision in a wave that takes long', { tags: 'turn' }, () => {
  /** Two switches of one wave, one after the other: the first is armed so many seconds after the question. */
  const waveOf = async (seconds: number, more = '') => {
    let isLate = false
    const fake = await cloudVisionLab(
      {},
      {
        targets: 'leaf1 or leaf2',
        rollout: "{ waves: ['100%'], keepApart: none, concurrency: 1 }",
        more,
        before: async (lab, device, commands) => {
          if (isLate || device !== 'leaf1' || !commands.some((one) => one.includes('commit timer'))) return
          isLate = true
          await lab.clock.advance(seconds * 1000)
        },
      },
    )
    const controls = [control('cc-1', 'RUNNING', [SERIAL.leaf2])]
    fake.cloudVision.fault = (api, nth) => {
      if (api === 'Device' && nth === 2) fake.cloudVision.controls = controls
      return undefined
    }
    const { code, out, err } = await fake.lab.change()
    const asked = (await askedIn(fake.lab)).map(({ answer, devices }) => [answer, devices])
    return { code, text: out + err, asked, acts: await actsIn(fake.lab) }
  }

  test.each([
    ['by default', 61, ''],
    ['by the settings', 31, ', askAgainAfter: 30s'],
  ])(
    'is too old for the second switch, %s: it is asked again about that one, and what was pushed is put back',
    async (_, seconds, more) => {
      const { code, text, asked, acts } = await waveOf(seconds, more)
      expect([code, text]).toEqual([6, expect.stringContaining('(cc-1) on leaf2')])
      expect(asked).toEqual([
        ['free', ['leaf1', 'leaf2']],
        ['running', ['leaf2']],
      ])
      expect([acts.includes('leaf1 arm'), acts.filter((act) => act.startsWith('leaf2'))]).toEqual([true, []])
    },
  )

  test.each([
    ['by default', 59, ''],
    ['by the settings', 119, ', askAgainAfter: 2m'],
  ])('holds for the second switch as long as it is new enough, %s', async (_, seconds, more) => {
    const { code, asked } = await waveOf(seconds, more)
    expect([code, asked]).toEqual([0, [['free', ['leaf1', 'leaf2']]]])
  })
})

describe('a switch without a serial number that CloudVision calls otherwise', { tags: 'turn' }, () => {
  const bundled = bundledFabric()
  const devices = bundled.devices.map((one) => (one.name === 'leaf1' ? { ...one, serial: '' } : one))
  const elsewhere = (status: string, more = '') =>
    cloudVisionLab(
      { devices: [device('50800A7CAC3', 'dc1-leaf1a')], controls: [control('cc-1', status, ['50800A7CAC3'])] },
      { more, switches: { fabric: { ...bundled, devices } } },
    )
  const WORDS =
    'its inventory has no switch of the name leaf1, of which the serial number is not known, and the change control Change cc-1 runs on a switch that may be this one'

  test('may be the one that a change control runs on: nothing is sent to it', async () => {
    const { lab } = await elsewhere('RUNNING')
    await shows(10, lab.change(), WORDS)
    expect(await actsIn(lab)).toEqual([])
    expect(await askedIn(lab)).toEqual([
      expect.objectContaining({ answer: 'unknown', devices: ['leaf1'], because: WORDS }),
    ])
  })

  test.each([
    ['where the settings want only a warning', 'RUNNING', ', whenAway: warn', 'unknown'],
    ['where nothing runs', 'SCHEDULED', '', 'free'],
  ])('keeps no change %s', async (_, status, more, answer) => {
    const { lab } = await elsewhere(status, more)
    await shows(0, lab.change(), 'succeeded')
    expect(await askedIn(lab)).toEqual([expect.objectContaining({ answer })])
  })
})

test('is asked behind the wait for a budget, and not before it', { tags: 'turn' }, async () => {
  const more = ", whenAway: refuse }\nmaxUnderChange: [{ on: 'leaf*', max: 1 }]\n# "
  const { lab } = await cloudVisionLab({}, { more })
  await exits(0, lab.change())
  const types = (await records(lab)).map(({ type }) => type)
  expect(types.filter((one) => one === 'SharesTaken' || one === 'CloudVisionAsked')).toEqual([
    'SharesTaken',
    'CloudVisionAsked',
  ])
})

describe('a CloudVision that does not answer as it should', { tags: 'turn' }, () => {
  test.each<['Device' | 'ChangeControl', Fault, string]>([
    ['Device', 'reset', 'its answer did not arrive'],
    ['ChangeControl', 'cut', 'its answer did not arrive'],
    ['ChangeControl', '401', 'it answers 401: the token is not accepted: token <redacted> has expired'],
  ])('at %s, %s: nothing is sent to the switch', async (where, fault, reason) => {
    const { lab } = await cloudVisionLab({ fault: (api) => (api === where ? fault : undefined) })
    const { code, out, err } = await lab.change()
    expect([code, out + err]).toEqual([
      10,
      expect.stringContaining('CloudVision does not say whether it changes these switches now: '),
    ])
    expect(out + err).toContain(reason)
    expect(out + err).toContain('cloudvision: { whenAway: warn }')
    expect(await actsIn(lab)).toEqual([])
    expect(await askedIn(lab)).toEqual([
      expect.objectContaining({ answer: 'unknown', devices: ['leaf1'], because: expect.stringContaining(reason) }),
    ])
    expect(lab.printed + JSON.stringify(await askedIn(lab))).not.toContain(TOKEN)
  })

  test('keeps no change where the settings want only a warning', async () => {
    const { lab } = await cloudVisionLab({ fault: () => '500' }, { more: ', whenAway: warn' })
    const { code, out, err } = await lab.change()
    const words =
      'CloudVision does not say whether it changes leaf1 now: it answers 500: internal; the settings let it go on'
    expect([code, out + err]).toEqual([0, expect.stringContaining(`! ${words}`)])
    expect(await askedIn(lab)).toEqual([expect.objectContaining({ answer: 'unknown', goesOn: true })])
  })

  test('is not waited for again before the next wave, whose commit timers run', async () => {
    const settings = { more: ', whenAway: warn', targets: 'leaf1 or leaf2' }
    const { lab } = await cloudVisionLab({ fault: () => '500' }, settings)
    await exits(0, lab.change())
    expect((await askedIn(lab)).map(({ answer, devices }) => [answer, devices])).toEqual([
      ['unknown', ['leaf1', 'leaf2']],
    ])
  })

  test('is refused all the same where a change control runs', async () => {
    const controls = [control('cc-1', 'RUNNING', [SERIAL.leaf1])]
    const { lab } = await cloudVisionLab({ controls }, { more: ', whenAway: warn' })
    await exits(9, lab.change())
  })

  test('is asked once more', async () => {
    const { lab, cloudVision } = await cloudVisionLab({
      fault: (api, nth) => (api === 'Device' && nth === 1 ? 'reset' : undefined),
    })
    await exits(0, lab.change())
    expect([cloudVision.asked('Device').length, cloudVision.asked('ChangeControl').length]).toEqual([2, 1])
  })

  test('is not asked without its token', async () => {
    const { lab, cloudVision } = await cloudVisionLab({}, { token: '' })
    await shows(10, lab.change(), 'CLOUDVISION_TOKEN')
    expect([await actsIn(lab), cloudVision.service.seen]).toEqual([[], []])
  })
})

describe('a process that is killed', { tags: 'turn' }, () => {
  const running = () => [control('cc-1', 'RUNNING', [SERIAL.leaf1])]

  test('before the commit asks again: what it has begun is undone', async () => {
    const { lab, cloudVision } = await cloudVisionLab()
    await lab.killAt('before-open')
    cloudVision.controls = running()
    await shows(9, lab.resume(), '(cc-1) on leaf1')
    expect((await actsIn(lab)).filter((act) => act.endsWith(' arm'))).toEqual([])
    expect((await askedIn(lab)).map(({ answer }) => answer)).toEqual(['free', 'running'])
  })

  test.each(['in-verify', 'arm-journalled'])('at %s does not ask again', async (point) => {
    const { lab, cloudVision } = await cloudVisionLab()
    await lab.killAt(point)
    cloudVision.controls = running()
    const { code } = await lab.resume()
    const asked = (await askedIn(lab)).map(({ answer }) => answer)
    expect([code, asked]).toEqual([0, ['free']])
  })
})

describe('a put-back', () => {
  test('asks nobody', { tags: 'turn' }, async () => {
    const verify = '{ within: 10s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [999] } }] }'
    const { lab, cloudVision } = await cloudVisionLab({}, { verify })
    cloudVision.fault = (api) => {
      if (api === 'ChangeControl') queueMicrotask(() => Object.assign(cloudVision, { fault: () => '500' }))
      return undefined
    }
    const { code, out } = await lab.change()
    expect([code, out]).toEqual([6, expect.stringMatching(/leaf1 +↺/)])
    expect((await askedIn(lab)).map(({ answer }) => answer)).toEqual(['free'])
    expect(cloudVision.asked('ChangeControl')).toHaveLength(1)
  })
})
