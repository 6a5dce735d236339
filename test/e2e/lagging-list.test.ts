import { expect, test } from 'vitest'
import { isSaved, type LabOptions, openLab, whereIs, withConnects, workflowFor } from '../lab/lab.ts'

/** It is armed for longer than any list lags. */
const WORKFLOW = workflowFor('leaf1', { verify: '{ within: 20s, stableFor: 8s, every: 2s, checks: [reachable] }' })
const CONFIRM = /^configure session \S+ commit$/

/** A lab whose leaf1 shows its list of config sessions late from the first confirm on, with every command that it is sent. */
function lagging(strike: (lab: Parameters<NonNullable<LabOptions['before']>>[0]) => void, more: LabOptions = {}) {
  const sent: string[] = []
  let isStruck = false
  const lab = openLab({
    workflow: WORKFLOW,
    ...more,
    before: (at, name, commands) => {
      if (name === 'leaf1') sent.push(...commands)
      if (isStruck || !commands.some((command) => CONFIRM.test(command))) return
      isStruck = true
      strike(at)
    },
  })
  return { lab, sent }
}

const restored = (sent: readonly string[]) => sent.filter((command) => /^configure replace /.test(command)).length

test('[F10] a switch that takes the confirm and lets its timer run on is put back by an abort', async () => {
  const sent: string[] = []
  const lab = openLab({
    workflow: WORKFLOW,
    before: (_, name, commands) => void (name === 'leaf1' && sent.push(...commands)),
    seams: withConnects({
      device: (device) => Object.assign(device, { confirm: async () => (await device.look([])).sessions }),
    }),
  })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('the confirm could not be settled: the switch still names our session')
  expect(code).toBe(6)
  const leaf1 = lab.device('leaf1')
  expect([whereIs(leaf1), isSaved(leaf1)]).toEqual(['BEFORE', true])
  expect(restored(sent)).toBe(0)
  expect(sent.filter((command) => / abort$/.test(command)).length).toBeGreaterThanOrEqual(1)
})

test('[R4] a list that names the timer for ever behind a good confirm is named as unknown, and nothing is done without a timer', async () => {
  let frozen: Record<string, unknown> | undefined
  let isFrozen = false
  const { lab, sent } = lagging(
    () => {
      isFrozen = true
    },
    {
      hears: (_, answer) => {
        const body = JSON.parse(answer.body) as { result?: Record<string, unknown>[] }
        if (!isFrozen) frozen = body.result?.find(isTable) ?? frozen
        const result = body.result?.map((one) => (isTable(one) && isFrozen ? frozen : one))
        return { ...answer, body: JSON.stringify({ ...body, result }) }
      },
    },
  )
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('the confirm could not be settled: the switch still names our session')
  expect(out + err).toContain('UNKNOWN')
  expect(code).toBe(7)
  const leaf1 = lab.device('leaf1')
  expect(whereIs(leaf1)).toBe('AFTER')
  expect(restored(sent)).toBe(0)
  const params = { version: 1, cmds: ['enable', 'write memory'] }
  await leaf1.connect()(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params, id: 'a-person' }))
  expect(isSaved(leaf1)).toBe(true)
})

function isTable(one: Record<string, unknown>) {
  return typeof one.sessions === 'object' && 'maxOpenSessions' in one
}
