import { appendFileSync } from 'node:fs'
import { test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import type { DeviceFault } from '../../src/sim/fault/fault.ts'
import { startLab } from './in-memory.ts'
import { isSaved, whereIs, workflowFor } from './vlan-change.ts'

const TIMED = /^configure session \S+ commit timer/
const NEVER = workflowFor('leaf1', { verify: '{ within: 6s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }' })
const WRITES: readonly { name: string; command: RegExp; behind?: RegExp; workflow?: string; fail3?: boolean }[] = [
  { name: 'stage', command: /^configure checkpoint save/ },
  { name: 'replay', command: /checkpoint:\S+ session-config/ },
  { name: 'arm', command: TIMED },
  { name: 'confirm', command: /^configure session \S+ commit$/ },
  { name: 'save', command: /^copy running-config startup-config$/ },
  { name: 'abort', command: /^configure session \S+ abort$/, behind: TIMED, workflow: NEVER },
  { name: 'restore', command: /^configure replace checkpoint:/, workflow: workflowFor('leaf1 or leaf3'), fail3: true },
  { name: 'confirm of 3', command: /^configure session \S+ commit$/, workflow: workflowFor('leaf1 or leaf3') },
  { name: 'save of 3', command: /^copy running-config startup-config$/, workflow: workflowFor('leaf1 or leaf3') },
  { name: 'mend save', command: /^copy running-config startup-config$/, workflow: NEVER, behind: /HANDSAVE/ },
]
const KINDS = ['error-line', 'wrong-answer', 'wrong-error', 'refuse', 'lost', 'lost-before', 'reboot'] as const
test.each(WRITES.flatMap((w) => KINDS.map((kind) => ({ ...w, kind }))))('$name $kind', async ({ name, command, behind, workflow, fail3, kind }) => {
  let waiting = behind === undefined
  let struck: string | undefined
  const lab = startLab({
    ...(workflow === undefined ? {} : { workflow }),
    before: (its, device, commands) => {
      if (fail3 && device === 'leaf3' && commands.some((c) => /^configure session \S+ commit$/.test(c)))
        its.fabric.fault({ device, kind: 'refuse-commit', message: 'Cannot commit session' })
      if (name === 'mend save' && commands.some((c) => TIMED.test(c))) { its.fabric.fault({ device, kind: 'hand-save', on: 'armed' } as DeviceFault); waiting = true }
      if (struck === undefined && waiting && commands.some((one) => command.test(one))) {
        struck = device
        const at = commands.find((one) => command.test(one)) ?? ''
        const f: Record<string, unknown> = {
          'error-line': { device, kind: 'error-line', command: command.source, message: '% Warning: something went strange' },
          'wrong-answer': { device, kind: 'wrong-answer', request: 1 },
          'wrong-error': { device, kind: 'wrong-answer', request: 1, error: true },
          refuse: { device, kind: 'refuse-command', command: command.source, code: 1000, errors: ['internal error'] },
          lost: { device, kind: 'lost-answer', request: 1 },
          'lost-before': { device, kind: 'lost-answer', request: 1, applied: false },
          reboot: { device, kind: 'reboot', command: command.source, seconds: 8 },
        }
        its.fabric.fault(f[kind] as DeviceFault)
        void at
      }
      waiting ||= commands.some((one) => behind?.test(one) === true)
    },
  })
  let text = ''
  try {
    const { code, out, err } = await lab.change()
    const s = ['leaf1', 'leaf3'].map((n) => { const d = lab.fabric.device(n); return `${n} ${whereIs(d)} saved=${isSaved(d)} startup998=${renderConfig(d.switch.startup).includes('vlan 998')} commits=${JSON.stringify(d.counters().commits)}` })
    text = `exit ${code} struck ${struck}\n${s.join('\n')}\n${(out + err).split('\n').slice(-40).join('\n')}`
  } catch (e) { text = `THROWN ${String(e)}` }
  appendFileSync('/tmp/a2-zz.txt', `\n######## ${name} / ${kind}\n${text}\n`)
})
