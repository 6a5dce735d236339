import { describe, expect, test } from 'vitest'
import type { RawOutcome } from '../../../src/eos/device/device.ts'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'
import { type RecordedStep, readRecording, recordedText } from '../../../src/features/conformance/kit/recording.ts'
import { corrections, learn, learnedText } from '../../../src/lab/learn/learn.ts'
import { orProblems } from '../../../src/project/system/process/input-error.ts'
import { DEVIATIONS, type Deviation, tried } from './kit-bench.ts'

const EOS = '4.32.2F'

/** What is learned from a recording of such a switch, written and read again. */
async function learnedFrom(deviation: Deviation, ids: readonly string[]) {
  const { lines } = await tried(
    EOS,
    deviation,
    PROBES.filter(({ id }) => ids.includes(id)),
  )
  return learn(orProblems(readRecording(lines.map(recordedText).join(''), 'lab1.jsonl')))
}

describe('what is learned from a recording', () => {
  test('is nothing where the switch is the simulator', { tags: ['long', 'turn'] }, async () => {
    const { rows, facts, corrections } = await learnedFrom({}, ['K1', 'K2', 'K7', 'K3', 'K9', 'K8', 'K10', 'K4', 'K6'])
    expect(corrections).toEqual([])
    expect(facts).toEqual([])
    expect(rows.filter(({ verdict }) => verdict === 'proven').length).toBeGreaterThanOrEqual(38)
  })

  test('are the settings of a switch that differs, with which the simulator says the same', {
    tags: ['long', 'turn'],
  }, async () => {
    const settings = DEVIATIONS.filter(({ behaviour, learns }) => behaviour !== undefined && learns !== undefined)
    const said = settings.filter(({ name }) => !name.startsWith('a commit takes'))
    expect(said.length).toBe(14)
    for (const { name, probe, learns, ...deviation } of said) {
      const { facts, corrections } = await learnedFrom(deviation, [probe])
      expect(Object.fromEntries(facts.map(({ key, value }) => [key, value])), name).toEqual(learns)
      expect(corrections?.length, name).toBeGreaterThanOrEqual(1)
      expect(
        corrections?.filter(({ isSet }) => !isSet).map(({ command }) => command),
        name,
      ).toEqual([])
    }
  })

  test('over SSH is nothing where the switch is the simulator, and otherwise its words', {
    tags: ['long', 'turn'],
  }, async () => {
    const all = ['K1', 'K2', 'K7', 'K8', 'K9', 'K10', 'K4', 'K6']
    const same = await learnedFrom({ over: 'ssh' }, all)
    expect([same.corrections, same.facts]).toEqual([[], []])
    const words = { says: { notFound: 'No such session: %s' } }
    const { corrections } = await learnedFrom({ over: 'ssh', behaviour: words }, ['K2'])
    expect(corrections).toContainEqual({
      probe: 'K2',
      step: 'absent',
      command: 'configure session eosflow-kit-9 commit',
      simulator: 'Session eosflow-kit-9 not found',
      switch: 'No such session: eosflow-kit-9',
      isSet: true,
    })
  })

  test('names the lines that are stored otherwise', { tags: ['long', 'turn'] }, async () => {
    const deviation = DEVIATIONS.find(({ name }) => name === 'a mask stays a mask')
    const { rows } = await learnedFrom({ ...deviation }, ['K8', 'K9'])
    expect(rows.find(({ row }) => row === 'stored-form')).toMatchObject({
      verdict: 'refuted',
      says: 'mask-of-an-address: `ip address 203.0.113.254 255.255.255.255` is stored, not `ip address 203.0.113.254/32`',
    })
  })

  test('is of the command behind a text that was typed', () => {
    const typed = (last: RawOutcome): RecordedStep => ({
      kind: 'step',
      probe: 'K9',
      step: 'banner',
      at: 0,
      milliseconds: 0,
      request: 'configure session x\nbanner motd\nshow clock\nEOF\nshow vlan | json\n',
      answer: '',
      outcomes: [{ ok: true, result: { output: '' } }, { ok: true, result: { output: '' } }, last],
      prompts: ['#', '#', '#'],
    })
    expect(corrections([typed({ ok: false, errors: ['no'] })], [typed({ ok: true, result: {} })])).toEqual([
      { probe: 'K9', step: 'banner', command: 'show vlan', simulator: 'it is carried out', switch: 'no' },
    ])
  })

  test('is told as what the simulator says and what the switch said', async () => {
    const deviation = DEVIATIONS.find(({ name }) => name === 'show boot-config has other keys')
    const words = { says: { notFound: 'No such session: %s' } }
    const learned = await learnedFrom({ ...deviation, behaviour: words }, ['K2', 'K7'])
    expect(learnedText(learned).split('\n').slice(0, 12)).toEqual([
      'lab1, vEOS-lab, EOS 4.32.2F: 2 refuted rows, 1 setting, 4 corrections',
      '✖ not-found-words: not `Session %s not found`, but `No such session: %s`',
      '✖ boot-config-words: it prints `Boot image: flash:/vEOS-lab.swi\\u{a}Console speed: (not set)\\u{a}Aboot password (encrypted): (not set)\\u{a}Memory test iterations: (not set)`',
      '',
      'For the switch in fabric.yaml:',
      'behaviour: {"says":{"notFound":"No such session: %s"}}',
      '',
      'start texts, `show boot-config`',
      '  simulator says: Software image: flash:/vEOS-lab.swi',
      '  switch said:    Boot image: flash:/vEOS-lab.swi',
      '',
      'K2 abort-again, `configure session eosflow-kit-1 abort` (the settings cover it)',
    ])
  })

  test.each([
    ['an empty file', ''],
    ['a file of something else', '{"version":1,"kind":"plan"}\n'],
    ['a recording of a newer version', '{"kind":"conformance-recording","version":2}\n'],
  ])('is nothing of %s', (_, text) => {
    const read = readRecording(text, 'x.jsonl')
    expect(read).toMatchObject({ ok: false, problems: [{ code: 'no-recording', at: { file: 'x.jsonl', line: 1 } }] })
  })
})
