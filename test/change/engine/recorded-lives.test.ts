import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import { deviceEnds } from '../../../src/change/engine/outcome.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { draftOf, parseEvent, recordAt } from '../../../src/change/record/event/record-text.ts'
import type { DeviceFault } from '../../../src/eos/sim/fault/fault.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { aroundAppends, inPair, inventoryOf, type Lab, type LabOptions, openLab, workflowFor } from '../../lab/lab.ts'
import { GOLDEN } from './golden-journals.ts'

/**
 * Lives through what the journals of `test/fixtures/journals` have recorded. With RECORD_JOURNALS=FOLDER they are written there:
 * `RECORD_JOURNALS=test/fixtures/journals/interpreter-3 TEST_WHOLE=all npx vitest run test/change/engine/recorded-lives`.
 */
const OPERATOR = { issuer: 'local', id: 'local:1000:operator@workstation', kind: 'person', auth: 'os' } as const
const NEVER_GOOD = '{ within: 4s, stableFor: 0s, every: 2s, checks: [reachable, { vlans-present: { vlans: [997] } }] }'
const IN_TWO_WAVES = workflowFor('leaf1 or leaf2')
const ACROSS = workflowFor('leaf1 or leaf3')
const IN_ONE_WAVE = workflowFor('leaf1 or leaf3', { verify: NEVER_GOOD }).replace('waves: [1]', "waves: ['100%']")
const FLAGSHIP = ['workflows/add-vlan.yaml', '-t', 'leaf1 or leaf2', '-p', 'vlan=140', '-p', 'label=PROD-CACHE']
const TIMED = /^configure session \S+ commit timer /
const CONFIRM = /^configure session \S+ commit$/
const LOOK = /^show configuration sessions detail$/

/** One life, and the journals that are what is on record of it at its points. */
interface Life {
  readonly workflow?: string
  /** What strikes, before the first such command on the switch behind one of the other kind. */
  readonly strikes?: {
    readonly device: string
    readonly command: RegExp
    readonly behind?: RegExp
    readonly does: DeviceFault | 'interrupt'
  }
  /** Lives it. `keep` writes down what the newest execution has on record now. */
  readonly live: (killed: Lab, keep: (file: string) => void) => Promise<unknown>
}

const run = (lab: Lab) => lab.agreed('run workflow.yaml')

/** A change that a process leaves at a point, what is on record then and, where that has a name, when somebody went on. */
function left(point: string, on: string, file: string, resumed?: string): Life['live'] {
  return async (lab, keep) => {
    await lab.killIn(() => run(lab), point, on)
    keep(file)
    await lab.resume()
    if (resumed !== undefined) keep(resumed)
  }
}

const kept =
  (file: string): Life['live'] =>
  async (lab, keep) => {
    await run(lab)
    keep(file)
  }

const LIVES: readonly Life[] = [
  {
    live: async (lab, keep) => {
      await lab.agreed('run', ...FLAGSHIP)
      keep('flagship-succeeded')
      await lab.agreed('run', ...FLAGSHIP)
      keep('flagship-nothing-to-do')
    },
  },
  {
    live: async (lab, keep) => {
      await lab.eosflow('plan', ...FLAGSHIP)
      keep('flagship-planned')
    },
  },
  {
    workflow: IN_TWO_WAVES,
    live: async (lab, keep) => {
      await lab.eosflow('plan workflow.yaml -o change.plan')
      await lab.eosflow('approve change.plan')
      await lab.eosflow('run change.plan')
      keep('saved-plan-succeeded')
    },
  },
  {
    workflow: IN_TWO_WAVES,
    live: async (lab, keep) => {
      await lab.eosflow('run workflow.yaml')
      keep('waits-for-approval')
      await lab.eosflow('approve @latest')
      await lab.eosflow('resume')
      keep('approved-later-succeeded')
    },
  },
  {
    workflow: IN_TWO_WAVES,
    live: async (lab, keep) => {
      await lab.eosflow('run workflow.yaml')
      await lab.eosflow('reject @latest')
      await lab.eosflow('resume')
      keep('rejected')
    },
  },
  {
    workflow: IN_TWO_WAVES,
    strikes: {
      device: 'leaf2',
      command: TIMED,
      does: { kind: 'refuse-commit', device: 'leaf2', message: 'Cannot commit session: out of TCAM' },
    },
    live: kept('commit-refused'),
  },
  { workflow: workflowFor('leaf1 or leaf2', { verify: NEVER_GOOD }), live: kept('verification-failed-rolled-back') },
  { workflow: IN_ONE_WAVE, live: kept('one-wave-rolled-back') },
  {
    workflow: IN_TWO_WAVES,
    strikes: { device: 'leaf2', command: LOOK, behind: TIMED, does: 'interrupt' },
    live: kept('interrupted-in-verify'),
  },
  {
    workflow: ACROSS,
    strikes: {
      device: 'leaf3',
      command: CONFIRM,
      does: { kind: 'refuse-commit', device: 'leaf3', message: 'Cannot commit session' },
    },
    live: kept('confirm-refused-restored'),
  },
  {
    workflow: IN_TWO_WAVES,
    strikes: { device: 'leaf2', command: LOOK, behind: TIMED, does: { kind: 'unreachable', device: 'leaf2' } },
    live: async (lab, keep) => {
      await run(lab)
      keep('rollback-unknown')
      await lab.clock.advance(600_000)
    },
  },
  { workflow: IN_TWO_WAVES, live: left('after-plan', 'leaf2', 'killed-in-plan') },
  { workflow: IN_TWO_WAVES, live: left('before-arm', 'leaf2', 'killed-before-arm', 'killed-before-arm-resumed') },
  { workflow: IN_TWO_WAVES, live: left('after-arm', 'leaf2', 'killed-arm-unanswered') },
  { workflow: IN_TWO_WAVES, live: left('in-verify', 'leaf2', 'killed-armed', 'killed-armed-resumed') },
  {
    workflow: IN_TWO_WAVES,
    live: left('after-confirm', 'leaf1', 'killed-confirm-unanswered', 'killed-confirm-unanswered-resumed'),
  },
  { workflow: IN_TWO_WAVES, live: left('confirm-journalled', 'leaf1', 'killed-confirmed') },
  { workflow: IN_TWO_WAVES, live: left('save-journalled', 'leaf2', 'killed-saved') },
  { workflow: IN_ONE_WAVE, live: left('before-abort', 'leaf1', 'killed-rolling-back', 'killed-rolling-back-resumed') },
  {
    workflow: ACROSS,
    strikes: {
      device: 'leaf3',
      command: TIMED,
      does: { kind: 'hand-edit', device: 'leaf3', on: 'commit', lines: ['vlan 777'] },
    },
    live: left('before-restore', 'leaf1', 'killed-restoring'),
  },
]

/** A journal that keeps what it has written of the newest execution. */
const heard = (records: JournalEvent[]) =>
  aroundAppends({
    behind: (written, execution) => {
      if (execution !== undefined && records[0]?.execution !== execution) records.length = 0
      if (execution !== undefined) records.push(...written)
    },
  })

/** The record as the store has it. */
function textOf({ v, seq, at, actor, execution, ...body }: JournalEvent) {
  return recordAt(draftOf({ v, at, actor, ...(execution === undefined ? {} : { execution }) }, body), seq)
}

async function lived(
  { workflow = IN_TWO_WAVES, strikes, live }: Life,
  seed: number,
): Promise<ReadonlyMap<string, string>> {
  const records: JournalEvent[] = []
  const stop = new AbortController()
  const names = new SeededRandom(seed)
  const seen: string[] = []
  let struck = strikes === undefined
  const before: LabOptions['before'] = (lab, name, commands) => {
    if (struck || strikes === undefined || name !== strikes.device) return
    const { command, behind, does } = strikes
    if (commands.some((one) => command.test(one)) && (behind === undefined || seen.some((one) => behind.test(one)))) {
      struck = true
      if (does === 'interrupt') stop.abort()
      else lab.fault(does)
    }
    seen.push(...commands)
  }
  const lab = openLab({
    workflow,
    before,
    stop: stop.signal,
    seams: (seams) => ({
      ...seams,
      principal: OPERATOR,
      names,
      journal: (journal) => heard(records)(seams.journal(journal)),
    }),
  })
  withFlagship(lab)
  const files = new Map<string, string>()
  await live(lab, (file) => {
    expect(records, lab.printed).not.toEqual([])
    files.set(file, records.map((event) => `${textOf(event)}\n`).join(''))
  })
  expect(struck).toBe(true)
  return files
}

function withFlagship(lab: Lab) {
  for (const file of ['workflows/add-vlan.yaml', 'workflows/templates/vlan.j2'])
    lab.write(file, readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), 'utf8'))
  const tags = (name: string) => ({
    ...inPair(name),
    role: name.replace(/\d+$/, ''),
    asn: 65101,
    loopback: `10.0.250.1${name.at(-1)}`,
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric, tags))
}

/** Records of then on which the second switch was being confirmed already: today it is still armed when the process dies at the first one. */
const STILL_ARMED = ['killed-confirm-unanswered', 'killed-confirmed']

test('[G45] the lives of the recorded journals end today as they ended then', {
  tags: 'long',
  timeout: 300_000,
}, async () => {
  const files = new Map<string, string>()
  for (const [index, life] of everyNthOfLong(4, 'lives of recorded journals', [...LIVES.entries()]))
    for (const [file, text] of await lived(life, index + 1)) files.set(file, text)
  const ends = [...files].map(([file, text]) => {
    const events = text.trimEnd().split('\n').map(parseEvent)
    const { status, outcome, devices, ...state } = foldAll(events[0]?.execution ?? '', events)
    const switches = Object.entries(deviceEnds({ status, outcome, devices, ...state })).map(([name, end]) => [
      name,
      [end, devices.get(name)?.phase],
    ])
    return [file, { status, outcome, switches: Object.fromEntries(switches) }]
  })
  const folder = process.env.RECORD_JOURNALS
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true })
    for (const [file, text] of files) writeFileSync(join(folder, `${file}.jsonl`), text)
  }
  const golden = GOLDEN.filter(({ file }) => files.has(file))
  expect(Object.fromEntries(ends)).toEqual(
    Object.fromEntries(
      golden.map(({ file, status, outcome, switches }) => {
        const today = STILL_ARMED.includes(file) ? { ...switches, leaf2: ['unknown', 'armed'] } : switches
        return [file, { status, outcome, switches: today }]
      }),
    ),
  )
  expect(files.size).toBeGreaterThanOrEqual(extentOfLong(5, 26))
  expect([LIVES.length, GOLDEN.length]).toEqual([20, 26])
})
