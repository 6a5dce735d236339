import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { silentIo } from '../../../src/doors/cli/thread/silent-io.ts'
import { selectedCases, testExecution } from '../../../src/lab/workflow-test/execution.ts'
import { startLab } from '../../../src/lab/workflow-test/lab.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { temporaryFolder, writeFiles } from '../lab.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const CASE = `version: 1
workflow: workflows/add-vlan.yaml
fabric: fixtures/dc1
params: { vlan: 140, label: PROD-CACHE, trunks: [Port-Channel1] }
approvals: [{ by: ann }]
cases: [{ name: a VLAN for a pair, target: leaf1 or leaf2, FAULTS expect: { outcome: OUTCOME } }]
`

/** The acts of an execution that adds a VLAN to the two of an MLAG pair, and for how long MLAG was inconsistent, in milliseconds of the simulated clock. */
async function changed(pairs: string, outcome = 'succeeded', faults = '') {
  const folder = temporaryFolder()
  for (const path of ['eosflow.yaml', 'inventory.yaml', 'fixtures/dc1', 'workflows/templates'])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  writeFiles(folder, {
    'workflows/add-vlan.yaml': readFileSync(join(ROOT, 'workflows/add-vlan.yaml'), 'utf8').replace(
      'keepApart: mlag',
      `pairs: ${pairs}`,
    ),
    'workflows/tests/pair.test.yaml': CASE.replace('OUTCOME', outcome).replace('FAULTS', faults),
  })
  const project = openProject(silentIo(folder), {})
  const [only] = selectedCases(project, { files: ['workflows/tests/pair.test.yaml'] })
  if (only === undefined) throw new Error('no case')
  const lab = startLab(only, systemClock)
  let [since, inconsistent] = [Number.NaN, 0]
  const saw = (events: readonly JournalEvent[]) => {
    lab.saw(events)
    const { mlag } = lab.fabric.network.context(lab.fabric.get('leaf1').device).state
    const now = Date.parse(events.at(-1)?.at ?? '')
    if (!Number.isNaN(since)) inconsistent += now - since
    since = mlag.inconsistencies.length > 0 ? now : Number.NaN
  }
  const { events, state } = await lab.whileTimePasses(
    testExecution(project, { exitOf: () => 0, words: ({ code }) => code })(only, { ...lab, saw }),
  )
  const acts = events.flatMap((event) => (event.type === 'ActIntended' ? [`${event.act} ${event.device}`] : []))
  const sent = events.flatMap((event) =>
    event.type === 'ActIntended' && (event.act === 'arm' || event.act === 'confirm') ? [Date.parse(event.at)] : [],
  )
  return {
    acts,
    sent,
    inconsistent,
    outcome: state?.outcome,
    ends: [...(state?.ends ?? [])].map(([name, { end }]) => `${name} ${end}`),
  }
}

describe('two of an MLAG pair', () => {
  test('apart: MLAG is inconsistent while the first is verified alone', { tags: ['long', 'turn'] }, async () => {
    const { acts, inconsistent, outcome } = await changed('apart')
    expect(outcome).toBe('succeeded')
    expect(acts.filter((act) => act.startsWith('arm'))).toEqual(['arm leaf1', 'arm leaf2'])
    expect(inconsistent).toBeGreaterThanOrEqual(30_000)
  })

  test.each(['auto', 'together'])(
    '%s: nothing is committed before both can be',
    { tags: ['long', 'turn'] },
    async (pairs) => {
      const { acts, inconsistent, outcome } = await changed(pairs)
      expect(outcome).toBe('succeeded')
      const [lastProven, firstArmed] = [
        acts.findLastIndex((act) => act.startsWith('replay')),
        acts.findIndex((act) => act.startsWith('arm')),
      ]
      expect(lastProven).toBeLessThan(firstArmed)
      expect(acts.slice(firstArmed).map((act) => act.split(' ')[0])).toEqual([
        'arm',
        'arm',
        'confirm',
        'confirm',
        'save',
        'save',
      ])
      expect(inconsistent).toBeLessThan(1000)
    },
  )
})
