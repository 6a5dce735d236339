import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { everyNthOfLong } from '../extent.ts'
import { startKilledLab } from '../fault-model/killed-lab.ts'
import { exits, type Lab, openLab } from '../lab/lab.ts'
import { isSaved, whereIs, workflowFor } from '../lab/vlan-change.ts'

const TIMED = /^configure session \S+ commit timer /
const CONFIRM = /^configure session \S+ commit$/

const of = (lab: Lab, name: string) => lab.fabric.device(name)
const runningOf = (lab: Lab, name: string): string => renderConfig(of(lab, name).switch.running)
const includes = (commands: readonly string[], wanted: RegExp): boolean => commands.some((one) => wanted.test(one))
/** A line that somebody types between the staging and the timed commit. */
const typed = (device: string) =>
  ({ device, kind: 'hand-edit', lines: ['vlan 777'], command: ' commit timer ', side: 'before' }) as const
const ADOPTED = /succeeded/

describe.each([
  ['4.31', 'leaf1'],
  ['4.32', 'leaf3'],
])(
  '[F5b] the answer of a timed commit is not read, and somebody has typed a line right before it, EOS %s',
  (_eos, name) => {
    test('[P2] because it is lost: put back, his line is there again and named', async () => {
      const lab = openLab({ workflow: workflowFor(name) })
      lab.fabric.fault(typed(name))
      lab.fabric.fault({ device: name, kind: 'lost-answer', command: ' commit timer ' })
      const { out, err } = await exits(6, lab.change())
      expect(out + err).toMatch(
        new RegExp(`${name}: put back: .*what EOS or somebody else has changed remains: \\+vlan 777`),
      )
      expect(out + err).toMatch(/the answer to the timed commit was not read/)
      expect(out + err).not.toMatch(ADOPTED)
      expect(runningOf(lab, name)).toContain('\nvlan 777\n')
      expect(whereIs(of(lab, name))).toBe('BEFORE')
      expect(of(lab, name).counters().commits).toEqual({ plain: 0, timed: 1, confirms: 0 })
      of(lab, name).switch.config.save(of(lab, name).switch.now)
    })

    test('[P2] because the controller is killed: the same at the resume', { tags: 'long' }, async () => {
      const { lab, killAt, resume } = startKilledLab({ workflow: workflowFor(name) })
      lab.fabric.fault(typed(name))
      await killAt('after-arm', name)
      expect(runningOf(lab, name)).not.toContain('vlan 777')
      const { out, err } = await exits(6, resume())
      expect(out + err).toMatch(/remains: \+vlan 777/)
      expect(runningOf(lab, name)).toContain('\nvlan 777\n')
      of(lab, name).switch.config.save(of(lab, name).switch.now)
    })

    test('and the controller is killed when it is on record, before it was judged: judged at the resume, put back', {
      tags: ['long', 'turn'],
    }, async () => {
      const { lab, killAt, resume } = startKilledLab({
        workflow: workflowFor(name),
        before: (its, device, commands) => {
          if (includes(commands, TIMED)) its.fabric.fault({ device, kind: 'hand-edit', lines: ['vlan 777'] })
        },
      })
      await killAt('arm-journalled', name)
      expect(runningOf(lab, name)).not.toContain('vlan 777')
      const { out, err } = await exits(6, resume())
      expect(out + err).toMatch(/running-config has changed since the plan was made/)
      expect(runningOf(lab, name)).toContain('\nvlan 777\n')
      of(lab, name).switch.config.save(of(lab, name).switch.now)
    })
  },
)

/** One answer, the nth to a request with a command, that is not what the switch said. */
function falsified(
  command: RegExp,
  falsify: (body: Record<string, unknown>) => object,
  workflow = workflowFor('leaf1'),
): Lab {
  let isNext = false
  let isDone = false
  return openLab({
    workflow,
    before: (_lab, _device, commands) => {
      isNext = !isDone && includes(commands, command)
    },
    hears: (_lab, { status, body }) => {
      if (!isNext) return { status, body }
      isDone = true
      return { status, body: JSON.stringify(falsify(JSON.parse(body))) }
    },
  })
}

const anotherId = (body: Record<string, unknown>): object => ({ ...body, id: 'EapiExplorer-1' })
const errorOfAnother = ({ jsonrpc }: Record<string, unknown>): object => ({
  jsonrpc,
  id: 'EapiExplorer-1',
  error: {
    code: 1002,
    message: "CLI command 2 of 2 'show foo' failed: invalid command",
    data: [{}, { errors: ['Invalid input'] }],
  },
})
const complaining = (body: Record<string, unknown>): object => {
  const result = [...(body.result as { output?: string; messages?: string[] }[])]
  return {
    ...body,
    result: [
      ...result.slice(0, -1),
      { output: '% Some agents have not answered yet\n', messages: ['% Some agents have not answered yet'] },
    ],
  }
}
const ended = { code: 6, where: 'BEFORE' }

describe('[F32b] [P4] the answer to a write is not what the switch said', () => {
  test.each(
    everyNthOfLong(2, 'answers to a write', [
      { write: 'the timed commit', command: TIMED, answer: 'of another request', falsify: anotherId, ...ended },
      {
        write: 'the timed commit',
        command: TIMED,
        answer: 'the error of another request',
        falsify: errorOfAnother,
        ...ended,
      },
      { write: 'the timed commit', command: TIMED, answer: 'done, with a complaint', falsify: complaining, ...ended },
      {
        write: 'the confirm',
        command: CONFIRM,
        answer: 'of another request',
        falsify: anotherId,
        code: 0,
        where: 'AFTER',
      },
      {
        write: 'the confirm',
        command: CONFIRM,
        answer: 'the error of another request',
        falsify: errorOfAnother,
        code: 0,
        where: 'AFTER',
      },
      {
        write: 'the save',
        command: /^copy running-config startup-config$/,
        answer: 'the error of another request',
        falsify: errorOfAnother,
        code: 0,
        where: 'AFTER',
      },
    ]),
  )(
    '$write: $answer: the switch is asked, and the end is the true one',
    { tags: ['long', 'turn'] },
    async ({ command, falsify, code, where }) => {
      const lab = falsified(command, falsify)
      const { code: found, out, err } = await lab.change()
      const text = out + err
      expect(found, text).toBe(code)
      expect(text).not.toMatch(/untouched|nothing was committed/)
      // What was said to another request is nobody's word on this one.
      expect(text).toMatch(falsify === complaining ? /leaf1 refused '/ : /leaf1: .*: no answer; asking the switch/)
      if (falsify !== complaining) expect(text).not.toMatch(/refused '/)
      expect(whereIs(of(lab, 'leaf1'))).toBe(where)
      expect(isSaved(of(lab, 'leaf1'))).toBe(true)
      expect(of(lab, 'leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms: code === 0 ? 1 : 0 })
    },
  )

  test.each([
    ['of another request', anotherId],
    ['the error of another request', errorOfAnother],
    ['done, with a complaint', complaining],
  ])('the abort under the timer: %s: asked, and read back', async (_, falsify) => {
    let isLive = false
    const never = workflowFor('leaf1', {
      verify: '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
    })
    let isNext = false
    const lab = openLab({
      workflow: never,
      before: (_lab, _device, commands) => {
        isNext = isLive && includes(commands, / abort$/)
        isLive ||= includes(commands, TIMED)
      },
      hears: (_lab, { status, body }) => ({ status, body: isNext ? JSON.stringify(falsify(JSON.parse(body))) : body }),
    })
    const { out, err } = await exits(6, lab.change())
    expect(out + err).toMatch(
      /leaf1: put back: read back: running-config equals the one before; the answer to what put it back was not read: /m,
    )
    expect(whereIs(of(lab, 'leaf1'))).toBe('BEFORE')
  })

  test('a commit that the switch refuses in truth is still told as refused, and untouched', async () => {
    const lab = openLab()
    lab.fabric.fault({ device: 'leaf1', kind: 'refuse-commit', message: 'out of TCAM' })
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toMatch(/out of TCAM/)
    expect(out + err).toMatch(/leaf1: untouched: never committed$/m)
  })
})

test('[F21c] somebody takes the line of the change away while it is armed: told as that, not as a change of his own', async () => {
  const lab = openLab({
    workflow: workflowFor('leaf1', {
      verify: '{ within: 4s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [998] } }] }',
    }),
  })
  lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', on: 'armed', lines: ['no vlan 998'] })
  const { out, err } = await exits(6, lab.change())
  expect(out + err).toMatch(/somebody had taken lines of the change away: -vlan 998/)
  expect(out + err).not.toMatch(/went with it/)
  expect(whereIs(of(lab, 'leaf1'))).toBe('BEFORE')
})
