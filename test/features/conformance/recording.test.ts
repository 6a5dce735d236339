import { describe, expect, test } from 'vitest'
import { readRecording, withoutSecrets } from '../../../src/features/conformance/kit/recording.ts'

/** As a process does that has resolved one secret. */
const scrub = (text: string) => text.replaceAll('hunter2', '<redacted>')

const BODY = '{"jsonrpc": "2.0",  "id":"eosflow-1","result":[{"output":"vlan 10\\n   name USERS\\n"}]}'
const SECRETIVE =
  '{"id":"eosflow-1","result":[{"output":"username ann secret sha512 $6$ab$cd\\n!\\nhostname hunter2\\n"}]}'

describe('what is recorded of an exchange', () => {
  test('is byte for byte what came, where no secret is in it', () => {
    const outcomes = [{ ok: true, result: { output: 'vlan 10\n   name USERS\n' } }] as const
    const answer = { request: '{"cmds":["show  vlan"]}', answer: BODY, outcomes }
    expect(withoutSecrets(answer, scrub)).toEqual(answer)
  })

  test('has neither the secrets of configuration lines nor those that the process knows', () => {
    const result = { output: 'username ann secret sha512 $6$ab$cd\n!\nhostname hunter2\n' }
    const kept = withoutSecrets(
      {
        request: '{"cmds":["configure","enable secret 5 $1$xy$z"]}',
        answer: SECRETIVE,
        outcomes: [
          { ok: true, result },
          { ok: false, errors: ['Invalid input: snmp-server community hunter2'] },
        ],
        prompts: ['hunter2#'],
      },
      scrub,
    )
    expect(kept).toEqual({
      request: '{"cmds":["configure","enable secret 5 <redacted>"]}',
      answer:
        '{"id":"eosflow-1","result":[{"output":"username ann secret sha512 <redacted>\\n!\\nhostname <redacted>\\n"}]}',
      outcomes: [
        { ok: true, result: { output: 'username ann secret sha512 <redacted>\n!\nhostname <redacted>\n' } },
        { ok: false, errors: ['Invalid input: snmp-server community <redacted>'] },
      ],
      prompts: ['<redacted>#'],
    })
  })

  test('over a terminal is text, line by line', () => {
    const { answer } = withoutSecrets(
      { request: 'show running-config\n', answer: 'enable secret 5 $1$xy$z\nvlan 10\n', outcomes: [] },
      scrub,
    )
    expect(answer).toBe('enable secret 5 <redacted>\nvlan 10\n')
  })
})

describe('a recording that is read', () => {
  const HEAD =
    '{"kind":"conformance-recording","version":1,"device":"lab1","eos":"4.32.2F","model":"vEOS-lab","over":"eapi","isTyped":false,"checkpoints":[],"at":1}'

  test('may end anywhere: the run was killed', () => {
    const step =
      '{"kind":"step","probe":"K1","step":"list","at":3,"milliseconds":2,"failure":{"error":"lost-answer","message":"no answer"}}'
    const read = readRecording(`${HEAD}\n${step}\n`, 'lab1.jsonl')
    expect(read).toMatchObject({ ok: true, value: { head: { device: 'lab1' }, steps: [{ step: 'list' }] } })
    expect(read.ok && read.value.end).toBeUndefined()
  })

  test('names the first line that is none, with its number', () => {
    const read = readRecording(`${HEAD}\n\n{"kind":"step"}\nnonsense\n`, 'lab1.jsonl')
    expect(read).toEqual({
      ok: false,
      problems: [
        {
          code: 'no-recording',
          message: 'the line is none of a recording of version 1',
          at: { file: 'lab1.jsonl', line: 3, column: 1 },
          hint: 'eosflow doctor --conformance -t SWITCH --record DIR makes one',
        },
      ],
    })
  })
})
