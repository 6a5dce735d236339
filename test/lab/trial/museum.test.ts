import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { incidents } from '../../../src/doors/cli/demo/museum.ts'
import { frontEnd } from '../../../src/doors/cli/outcome/front-end.ts'
import { silentIo } from '../../../src/doors/cli/thread/silent-io.ts'
import { runCase, selectedCases, testPorts } from '../../../src/lab/workflow-test/execution.ts'
import type { TestCase } from '../../../src/lab/workflow-test/schema.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { eosflow } from '../../doors/cli/eosflow.ts'
import { everyNthOfLong } from '../../extent.ts'
import { exits } from '../exits.ts'

const MUSEUM = fileURLToPath(new URL('../../../workflows/museum', import.meta.url))
const PAGE = readFileSync(new URL('../../../docs/post-mortems.md', import.meta.url), 'utf8')

const project = openProject(silentIo(MUSEUM), {})
const casesOf = (name: string) => selectedCases(project, { files: [`tests/${name}.test.yaml`] })

/** How the guarded case of each incident ends: seconds from the first commit until all were read back, and the words for the networks then. */
const PUT_BACK: Readonly<Record<string, readonly [seconds: number, ...networks: readonly string[]]>> = {
  'as203446-2024': [40, 'differs'],
  'att-2024': [40, 'same'],
  'azure-2023': [40, 'same'],
  'cloudflare-2020': [40, 'same'],
  'cloudflare-2022': [40, 'same'],
  'denver-2019': [40, 'differs'],
  'enta-2019': [40, 'same'],
  'ionos-fra-2026': [40, 'same'],
  'level3-2017': [40, 'same'],
  'meta-2021': [400, 'same', 'same'],
  'rogers-2022': [40, 'differs'],
}

/** Of this one nothing is pushed. */
const NOT_PUSHED = 'ionos-txl-2026'

const NAMES = readdirSync(`${MUSEUM}/tests`).flatMap((file) => /^(.*)\.test\.yaml$/.exec(file)?.[1] ?? [])

/** Runs a case: what is wrong with how it ended, and what is on record. */
async function ran(testCase: TestCase) {
  const ports = testPorts(project, false, frontEnd)
  let events: readonly JournalEvent[] = []
  const { failures } = await runCase(testCase, {
    ...ports,
    execute: async (...given) => {
      const ended = await ports.execute(...given)
      events = ended.events
      return ended
    },
  })
  return { failures, events }
}

function endOf(events: readonly JournalEvent[]) {
  const at = (event: JournalEvent | undefined) => Date.parse(event?.at ?? '') / 1000
  const committed = events.find((event) => event.type === 'ActFinished' && event.act === 'arm')
  const back = events.findLast(({ type }) => type === 'UndoFinished')
  const networks = events.flatMap((event) => (event.type === 'NetworkRead' ? [event.network] : []))
  return [Math.round(at(back) - at(committed)), ...networks]
}

/** Whether an incident is put back in a case. */
const isPutBack = ({ expect: { outcome, network } }: TestCase) => outcome === 'rolled-back' && !hasNone(network)

const hasNone = (network: TestCase['expect']['network']) =>
  Object.values(network ?? {}).some((word) => JSON.stringify(word).includes('not-looked-at'))

describe('the museum of outages', () => {
  test('has twelve incidents, each on its page with the time that it takes', () => {
    expect(NAMES.toSorted()).toEqual([...Object.keys(PUT_BACK), NOT_PUSHED].toSorted())
    expect(PAGE).toContain(`\n## ${NOT_PUSHED}\n`)
    for (const [name, [seconds, ...networks]] of Object.entries(PUT_BACK)) {
      expect(PAGE).toContain(`\n## ${name}\n`)
      const row = PAGE.split('\n').find((line) => line.startsWith(`| [${name}](#${name})`))
      expect(row).toContain(`${seconds} s |`)
      expect(row).toContain(networks.includes('differs') ? '| still differs |' : '| as before |')
    }
  })

  test.each(everyNthOfLong(6, 'outages of the museum', NAMES))(
    '%s ends as it did without its guard, and with it is caught, and put back when the page says',
    { tags: ['long', 'turn'] },
    async (name) => {
      const cases = casesOf(name)
      expect(cases.length).toBeGreaterThan(1)
      expect(cases.filter(({ name }) => name.startsWith('without '))).toHaveLength(1)
      const ends: unknown[] = []
      for (const testCase of cases) {
        const { failures, events } = await ran(testCase)
        expect(failures).toEqual([])
        if (isPutBack(testCase)) ends.push(endOf(events))
      }
      expect(ends[0]).toEqual(PUT_BACK[name])
      expect(ends.length > 0).toBe(name !== NOT_PUSHED)
    },
  )

  test('names whoever can clear a session that the other end keeps down, and the command for one that this end keeps', async () => {
    const [testCase] = casesOf('denver-2019').filter(isPutBack)
    if (testCase === undefined) throw new Error('no case of denver-2019 is put back')
    const { failures, events } = await ran(testCase)
    expect(failures).toEqual([])
    const read = events.flatMap((event) => (event.type === 'NetworkRead' ? [event] : []))
    expect(read).toMatchObject([
      {
        differences: expect.arrayContaining(['BGP 100.64.1.1 in default: Established -> Active']),
        latched: [
          'BGP 100.64.1.1: the other end may keep it down, as where it had too many routes: whoever runs that one sees it there, and clears it there',
        ],
      },
    ])
  })

  test('has nine that the demo shows, and suggests one for another name', { tags: ['long', 'turn'] }, async () => {
    expect(incidents().map(({ name }) => name)).toEqual(
      Object.keys(PUT_BACK).filter((name) => !['enta-2019', 'meta-2021'].includes(name)),
    )
    const ended = await eosflow('demo denver-2018')
    expect([ended.code, ended.stdout]).toEqual([3, ''])
    expect(ended.stderr).toContain('no incident `denver-2018` can be shown\n    did you mean denver-2019?')
  })

  test('is shown at the terminal, with what still differs', { tags: 'night' }, async () => {
    const ended = await exits(0, eosflow('demo denver-2019'))
    expect(ended.stdout).toMatch(/edge1 +↺ put back .* BEFORE: configuration read back, \d+ things still differ/)
    expect(ended.stdout).toContain('the change of denver-2019 was put back (exit code 6, must be 6)')
  })
})
