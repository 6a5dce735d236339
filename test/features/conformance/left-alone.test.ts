import { describe, expect, test } from 'vitest'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'
import type { RecordedLine } from '../../../src/features/conformance/kit/recording.ts'
import { tried } from './kit-bench.ts'

const EOS = '4.32.2F'
const probes = (...ids: readonly string[]) => PROBES.filter(({ id }) => ids.includes(id))

function reasonOf(lines: readonly RecordedLine[], step: string) {
  return lines.flatMap((line) => (line.kind === 'step' && line.step === step ? (line.skipped ?? []) : []))[0]
}

const sentTo = (sent: readonly (readonly string[])[], pattern: RegExp) =>
  sent.flat().filter((command) => pattern.test(command))

describe('nothing is committed', () => {
  test('of which the candidate lacks a line of somebody else', async () => {
    const wire = (body: string, commands: readonly string[]) =>
      commands.some((one) => one.startsWith('show session-config named eosflow-kit-1'))
        ? body.replace('   description to-core\\n', '')
        : body
    const { lines, sent, run } = await tried(EOS, { wire }, probes('K9'))
    expect(reasonOf(lines, 'ports-armed')).toBe('the candidate lacks `description to-core`')
    expect(sentTo(sent, / commit timer /)).toEqual([
      'configure session eosflow-kit-2 commit timer 00:02:00',
      'configure session eosflow-kit-3 commit timer 00:02:00',
    ])
    expect(run.remains).toEqual([])
  })

  test('while running-config is not what it was before the lines of the last session', async () => {
    let isAborted = false
    const wire = (body: string, commands: readonly string[]) => {
      if (commands.includes('configure session eosflow-kit-1 abort')) isAborted = true
      if (commands.includes('configure session eosflow-kit-4 abort')) isAborted = false
      const isBack = isAborted && commands.at(-1) === 'show running-config'
      return isBack ? body.replace('hostname lab1', 'hostname lab2') : body
    }
    const { lines, sent } = await tried(EOS, { wire }, probes('K9'))
    const why = 'running-config is not as before behind the lines of `ports`'
    expect([reasonOf(lines, 'vrf'), reasonOf(lines, 'routing-armed')]).toEqual([why, why])
    expect(sentTo(sent, / commit timer /)).toEqual(['configure session eosflow-kit-1 commit timer 00:02:00'])
  })
})

describe('no login fails', () => {
  test('where that locks a user out', async () => {
    const has = 'aaa authentication policy lockout failure 3 window 60 duration 60\n!\n'
    const { lines, device } = await tried(EOS, { has }, probes('K1'))
    expect(reasonOf(lines, 'wrong-password')).toBe('it locks users out whose logins fail')
    expect(device.requests.filter(({ answer }) => answer === 401)).toEqual([])
  })

  test('more than once elsewhere', async () => {
    const { device } = await tried(EOS, {}, probes('K1'))
    expect(device.requests.filter(({ answer }) => answer === 401).length).toBe(1)
  })
})

describe('management is not cut off', () => {
  test.each([
    [
      'without a timer that has run out before',
      {},
      ['K12'],
      'it is not tried where `reverts-by-itself` was not proven in this run',
    ],
    [
      'where the timer does not put the switch back',
      { faults: [{ kind: 'timer-does-not-revert' }] },
      ['K5', 'K12'],
      'it is not tried where the timer ran out, and running-config is not the one before',
    ],
  ] as const)('%s', async (_, deviation, ids, failure) => {
    const { run, sent } = await tried(EOS, deviation, probes(...ids))
    expect(run.probes.find(({ probe }) => probe === 'K12')).toEqual({
      probe: 'K12',
      findings: [],
      skipped: [],
      failure,
    })
    expect(sentTo(sent, /management api/)).toEqual([])
  })
})

test('no secret that the kit types is in a recording', async () => {
  const { lines, sent } = await tried(EOS, {}, probes('K5', 'K9', 'K12'))
  expect(sentTo(sent, /secret Kit-invented-1/).length).toBe(1)
  const text = JSON.stringify(lines)
  expect(text).toContain('username eosflow-kit privilege 1 secret <redacted>')
  const typed = ['Kit-invented-1', '0822455D0A16', '$6$', '$1$', '8a $', 'password 0 eosflow', 'key 0 eosflow"']
  expect(typed.filter((secret) => text.includes(secret))).toEqual([])
})
