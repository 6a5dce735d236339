import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'
import { problemsOf } from '../../../src/text/source/located.ts'

const ENABLE = `, enable: '\${env:E}'`

const inventory = (defaults: string, device: string, enable = '') =>
  parseInventory(
    `defaults: { credentials: rw${defaults} }
credentials: { rw: { username: u, password: '\${env:P}'${enable} } }
devices: { leaf1: { host: 10.0.0.11${device} } }
`,
    'inventory.yaml',
  )

describe('[R11] how a switch is spoken to once it is reached', () => {
  test.each([
    ['nothing said', '', '', {}],
    ['of one switch', '', ', sendEnable: false, answerWithin: 5m', { sendEnable: false, answerSeconds: 300 }],
    ['of all', ', sendEnable: false, answerWithin: 90s', '', { sendEnable: false, answerSeconds: 90 }],
    [
      'of all but one',
      ', sendEnable: false, answerWithin: 90s',
      ', sendEnable: true, answerWithin: 2m',
      { answerSeconds: 120 },
    ],
    ['over SSH', ', answerWithin: 10m', ', transport: ssh', { answerSeconds: 600 }],
    ['of a lab', '', ', lab: true', { lab: true }],
  ])('%s', (_, defaults, device, expected) => {
    const read = inventory(defaults, device)
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const { sendEnable, answerSeconds, lab } = read.value.devices[0] ?? {}
    const given = Object.entries({ sendEnable, answerSeconds, lab }).filter(([, value]) => value !== undefined)
    expect(Object.fromEntries(given)).toEqual(expected)
  })

  test.each([
    ['an answer that nobody waits for', '', ', answerWithin: 5s', '', 'must be from 10s to 10m'],
    ['one that is waited for too long', '', ', answerWithin: 11m', '', 'must be from 10s to 10m'],
    ['a lab by default', ', lab: true', '', '', 'lab'],
    ['a switch that is no lab', '', ', lab: false', '', 'true'],
    [
      'a secret that is never sent',
      '',
      ', sendEnable: false',
      ENABLE,
      '`sendEnable: false` contradicts the enable secret of the credential `rw`',
    ],
    ['a secret that is never sent, by default', ', sendEnable: false', '', ENABLE, '`sendEnable: false` contradicts'],
  ])('%s is a problem', (_, defaults, device, enable, message) => {
    const problems = problemsOf(inventory(defaults, device, enable))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(message)
  })
})

describe('what is proven of an EOS version', () => {
  test('is read as doctor prints it, and the old setting of the lock stays', () => {
    const read = parseSettings(
      "version: 1\nproven:\n  '4.32.2F': { lock: true, replay: false }\nconfigureLock: true\n",
      'eosflow.yaml',
    )
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const { proven, configureLock, replayCheck, checkpoints } = read.value
    expect({ proven, configureLock, replayCheck, checkpoints }).toEqual({
      proven: { '4.32.2F': { lock: true, replay: false } },
      configureLock: true,
      replayCheck: 'demand',
      checkpoints: 'prune',
    })
  })

  test.each([
    'proven: { leaf1: { lock: true } }',
    "proven: { '4.32.2F': { everything: true } }",
    'replayCheck: never',
    'checkpoints: all',
  ])('%s is a problem', (line) => {
    expect(problemsOf(parseSettings(`version: 1\n${line}\n`, 'eosflow.yaml'))).toHaveLength(1)
  })
})
