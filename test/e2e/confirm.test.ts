// @module-tag long

import { expect, test } from 'vitest'
import type { Device } from '../../src/eos/device/device.ts'
import { isSaved, type Lab, openLab, whereIs, withConnects, workflowFor } from '../lab/lab.ts'

const CONFIRM = /^configure session \S+ commit$/

const SAVE = /^copy running-config startup-config$/

/** Puts verbs of ours in the place of those of each device that is connected to. */
const withVerbs = (verbs: (device: Device) => Partial<Device>) =>
  withConnects({ device: (device) => Object.assign(device, verbs(device)) })

const endOf = (lab: Lab) => {
  const leaf1 = lab.device('leaf1')
  return [whereIs(leaf1), isSaved(leaf1)]
}

/** A lab in which the answer to the first confirm of leaf1 is lost, and something happens before the switch is asked. */
function lostConfirm(applied: boolean, then: (lab: Lab) => Promise<unknown>) {
  let confirms = 0
  let isAsked = true
  const lab = openLab({
    workflow: workflowFor('leaf1', { push: '{ confirmWithin: 60s }' }),
    before: async (at, name, commands) => {
      if (name !== 'leaf1') return
      if (!isAsked) {
        isAsked = true
        await then(at)
      }
      if (!commands.some((one) => CONFIRM.test(one))) return
      confirms += 1
      if (confirms > 1) return
      isAsked = false
      at.fault({ device: 'leaf1', kind: 'lost-answer', command: ' commit$', applied })
    },
  })
  return { lab, confirms: () => confirms }
}

/** What a person sends to a switch besides. */
async function sent(lab: Lab, device: string, cmds: readonly string[]) {
  const params = { version: 1, cmds }
  await lab.device(device).connect()(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params, id: 'b' }))
}

const typed = (lab: Lab, device: string, line: string) => sent(lab, device, ['enable', 'configure', line, 'exit'])

test('[P20] a session state that no known EOS prints is not taken for a confirm: the switch is looked at', async () => {
  const lab = openLab({
    // The switch does nothing, and shows the session in a state of its own and no timer.
    seams: withVerbs((device) => ({
      confirm: async (session) => {
        const { sessions } = await device.look([])
        const { armed: _, ...others } = sessions
        return { ...others, sessions: { ...sessions.sessions, [session]: 'half-done' as never } }
      },
    })),
  })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('the confirm could not be settled: the switch still names our session')
  expect(code).toBe(6)
  expect(endOf(lab)).toEqual(['BEFORE', true])
})

test('[P20] behind a lost answer to the save nothing is saved again that is not the approved configuration', async () => {
  let saves = 0
  const lab = openLab({
    before: async (at, name, commands) => {
      if (name !== 'leaf1' || !commands.some((one) => SAVE.test(one))) return
      saves += 1
      if (saves > 1) return
      at.fault({
        device: 'leaf1',
        kind: 'lost-answer',
        command: '^copy running-config',
        applied: false,
      })
      const params = { version: 1, cmds: ['enable', 'configure', 'vlan 7', 'exit'] }
      await at.device('leaf1').connect()(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params, id: 'b' }))
    },
  })
  const { code, out, err } = await lab.change()
  expect(code, out + err).toBe(6)
  expect(out + err).toContain('vlan 7')
  expect(saves).toBe(1)
})

test('[P20] a confirm is not sent where the reading before it took the time that the timer had left', async () => {
  let confirms = 0
  let isArmed = false
  const lab = openLab({
    workflow: workflowFor('leaf1', { push: '{ confirmWithin: 60s }' }),
    before: async (at, name, commands) => {
      if (name !== 'leaf1') return
      if (commands.some((one) => CONFIRM.test(one))) confirms += 1
      if (commands.some((one) => /commit timer/.test(one))) isArmed = true
      // The reading before the confirm is the first one behind the commit that asks for nothing else.
      else if (isArmed && commands.join() === 'enable,show running-config,show running-config diffs') {
        isArmed = false
        await at.clock.sleep(50_000)
      }
    },
  })
  const { code, out, err } = await lab.change()
  expect(out + err).toMatch(/not confirmed: only \d+ s are left of the commit timer/)
  expect(code).toBe(6)
  expect(confirms).toBe(0)
})

test('[G62] a plan that is rejected during the reading before the confirm is not confirmed', async () => {
  let confirms = 0
  let isArmed = false
  const lab = openLab({
    workflow: workflowFor('leaf1', { push: '{ confirmWithin: 60s }' }),
    before: async (_, name, commands) => {
      if (name !== 'leaf1') return
      if (commands.some((one) => CONFIRM.test(one))) confirms += 1
      if (commands.some((one) => /commit timer/.test(one))) isArmed = true
      else if (isArmed && commands.join() === 'enable,show running-config,show running-config diffs') {
        isArmed = false
        await lab.ok('reject w.plan --comment', 'wrong window')
      }
    },
  })
  await lab.ok('plan workflow.yaml -o w.plan')
  const { code, out, err } = await lab.agreed('run w.plan')
  expect(out + err).toContain('rejected this plan: wrong window')
  expect([code, confirms]).toEqual([6, 0])
})

test.each<[string, boolean, (lab: Lab) => Promise<unknown>, RegExp]>([
  ['has put itself back', false, (lab) => lab.clock.sleep(70_000), /not confirmed: the commit timer has run out/],
  ['runs what somebody has typed besides', true, (lab) => typed(lab, 'leaf1', 'vlan 7'), /not confirmed: found other/],
  [
    'has too little of its timer left',
    false,
    (lab) => lab.clock.sleep(35_000),
    /not confirmed: only \d+ s are left of the commit timer/,
  ],
])('[P20] a confirm whose answer is lost is not sent again where the switch %s', async (_, applied, then, says) => {
  const { lab, confirms } = lostConfirm(applied, then)
  const { code, out, err } = await lab.change()
  expect(out + err).toMatch(says)
  expect([code, confirms()], out + err).toEqual([6, 1])
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
})

test('[P20] a confirm that was answered and not carried out is no confirm when the timer is over', async () => {
  const lab: Lab = openLab({
    workflow: workflowFor('leaf1', { push: '{ confirmWithin: 60s }' }),
    seams: withVerbs((device) => ({
      confirm: async () => {
        await lab.clock.sleep(35_000)
        return (await device.look([])).sessions
      },
    })),
  })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain('not confirmed: the commit timer has run out')
  expect([code, ...endOf(lab)]).toEqual([6, 'BEFORE', true])
  // Until the timer is over nothing is sent: the switch has put itself back.
  const sent = lab.device('leaf1').requests()
  const armed = sent.findIndex(({ commands }) => commands.some((one) => / commit timer /.test(one)))
  const behind = sent.slice(armed + 1).flatMap(({ commands }) => commands)
  expect(behind.filter((one) => / abort$/.test(one))).toEqual([])
})

test('[P20] an abort that a switch refuses because somebody has confirmed the session by hand has aborted nothing', async () => {
  let aborts = 0
  let refusedAt: number | undefined
  let askedAt: number | undefined
  const lab = openLab({
    workflow: workflowFor('leaf1', {
      verify: '{ within: 6s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }',
    }),
    before: async (at, name, commands) => {
      if (name !== 'leaf1') return
      if (refusedAt !== undefined) askedAt ??= at.clock.monotonic()
      const abort = commands.find((one) => /^configure session \S+ abort$/.test(one))
      if (abort === undefined || !at.device('leaf1').switch.sessions.timer) return
      aborts += 1
      refusedAt = at.clock.monotonic()
      await sent(at, 'leaf1', ['enable', abort.replace(/abort$/, 'commit')])
      const refusal = { kind: 'refuse-command', command: ' abort$', code: 1000, errors: ['no'] } as const
      at.fault({ device: 'leaf1', ...refusal })
    },
  })
  const { code, out, err } = await lab.change()
  expect([code, aborts], out + err).toEqual([7, 1])
  const history = await lab.eosflow('history @latest')
  expect(history.out.match(/abort (?:done|refused)/g)).toEqual(['abort refused'])
  // It is gone from the list, and that is not taken for an abort: the switch is given time before it is asked where it is.
  expect((askedAt ?? 0) - (refusedAt ?? 0)).toBe(3000)
  expect(lab.whereIs('leaf1')).toBe('AFTER')
  await sent(lab, 'leaf1', ['enable', 'write memory'])
})

test('[G103] several switches are not confirmed where the last look leaves too little time for all confirms', async () => {
  let [confirms, armed, isLate] = [0, 0, false]
  const lab = openLab({
    workflow: workflowFor('leaf1 or leaf3', { push: '{ confirmWithin: 150s }' })
      .replace('waves: [1]', "waves: ['100%']")
      .replace('  - confirm', '  - wait: 1m\n  - confirm'),
    before: async (at, device, commands) => {
      const now = at.clock.monotonic()
      if (!isLate && armed > 0 && now - armed >= 60_000 && device === 'leaf3') {
        isLate = true
        await at.clock.sleep(60_000)
      }
      if (commands.some((one) => /commit timer/.test(one))) armed = now
      // The snapshot measures five seconds a round trip.
      if (commands.some((one) => /^configure session/.test(one))) at.clearFaults()
      if (commands.some((one) => CONFIRM.test(one))) confirms += 1
    },
  })
  for (const device of ['leaf1', 'leaf3']) lab.fault({ device, kind: 'slow', before: 5 })
  const { code, out, err } = await lab.change()
  expect(out + err).toContain(
    'leaf3: only 30 s are left of the commit timer, too few to confirm all switches: 2 take 11 s, and 20 s must be left',
  )
  expect([code, confirms], out + err).toEqual([6, 0])
})
