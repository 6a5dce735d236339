import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { BUILT } from '../lab/checkout.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { type Built, build, crashAndResume, eosflow } from './crash.ts'

/** How many crashes are under way at once: the processes mostly wait for their disk. */
const AT_ONCE = 3
/** The command as it is installed: a process that has neither made nor resumed what it reads. */
/** More than such a change has on record: the first number that kills nobody is behind the last. */
const MOST_EVENTS = 300
const SWITCHES = ['leaf1', 'leaf2']
const VERIFY = '{ within: 20s, stableFor: 0s, every: 1s, checks: [reachable, { vlans-present: { vlans: [998] } }] }'

/** With owner sessions there is one more act at the beginning and at the end of each switch, and nothing else is different. */
const OWNERS = "version: 1\nownerSession: true\nproven: { '4.31.4M': { owner: true } }\n"

interface Recorded {
  readonly type: string
  readonly act?: string
  readonly outcome?: string
}

let built: Built

beforeAll(async () => {
  built = await build()
})

afterAll(() => built.remove())

/** One change of two switches, killed when `events` events are on record, and what another process then reads. */
async function killedAt(events: number, settings?: string) {
  const seen: { history: readonly Recorded[]; after: readonly Recorded[]; show: unknown } = {
    history: [],
    after: [],
    show: undefined,
  }
  const end = await crashAndResume(built.killingCli, {
    point: `event-${events}`,
    on: '',
    switches: SWITCHES,
    workflow: workflowFor(SWITCHES.join(' or '), { verify: VERIFY }),
    ...(settings === undefined ? {} : { settings }),
    look: async (dir, when) => {
      const history = JSON.parse((await eosflow(dir, 'history', '@latest', '--json')).out)
      seen[when === 'killed' ? 'history' : 'after'] = history
      if (when === 'resumed') seen.show = endIn(JSON.parse(await shipped(dir, 'show')))
    },
  })
  return { end, ...seen }
}

async function shipped(cwd: string, command: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, [BUILT, command, '@latest', '--json'], { cwd })).stdout
}

function endIn(shown: { outcome: string; devices: readonly { name: string; end: string }[] }) {
  return { outcome: shown.outcome, devices: shown.devices.map(({ name, end }) => `${name} ${end}`) }
}

test.each([
  ['without owner sessions', undefined],
  ['under owner sessions', OWNERS],
])(
  'kill -9 at every journal event of a two-switch change %s, then resume: the same end, read by another process',
  {
    timeout: 600_000,
  },
  async (what, settings) => {
    const ends: string[] = []
    const numbers = Array.from({ length: MOST_EVENTS }, (_, index) => index + 1)
    const wanted = [...everyNthOfLong(20, 'events at which a process is killed', numbers)]
    let isOver = false
    const worker = async (): Promise<void> => {
      for (let events = wanted.shift(); events !== undefined && !isOver; events = wanted.shift()) {
        const { end, history, after, show } = await killedAt(events, settings)
        const last = history.at(-1)
        if (end.signal === null) {
          isOver = true
          expect(last?.type, 'an execution that nobody killed has ended').toBe('ExecutionEnded')
          continue
        }
        const where = `${events}: ${last?.type} ${last?.act ?? ''}`
        // The intent of a commit is on record and the switch says that none was sent: it is not sent later
        // (docs/fault-model.md row 4).
        const isIntendedOnly = last?.type === 'ActIntended' && last.act === 'arm'
        ends.push(`  ${where.padEnd(34)} exit ${end.code}  ${end.ends.join(' ')}`)
        expect(end.signal, where).toBe('SIGKILL')
        expect(history.length, where).toBeGreaterThanOrEqual(events)
        expect({ code: end.code, ends: end.ends, show }, `${where}\n${end.text}`).toEqual(
          isIntendedOnly
            ? {
                code: 6,
                ends: ['BEFORE+', 'BEFORE+'],
                show: { outcome: expect.any(String), devices: expect.any(Array) },
              }
            : {
                code: 0,
                ends: ['AFTER+', 'AFTER+'],
                show: { outcome: 'succeeded', devices: ['leaf1 changed', 'leaf2 changed'] },
              },
        )
        expect(
          // That a session is ended which was announced and never opened is rightly refused.
          after.filter(({ act = '', outcome }) => outcome === 'refused' && !['release', 'abort'].includes(act)),
          where,
        ).toEqual([])
        expect(
          after.some(({ act }) => act === 'hold'),
          where,
        ).toBe(settings !== undefined)
        expect(end.again, where).toEqual({ code: end.code, said: end.said, requests: 0 })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    process.stdout.write(
      `${ends.length} times kill -9 ${what}, then resume (+: startup-config as running-config)\n${ends.join('\n')}\n`,
    )
    expect(isOver).toBe(true)
    expect(ends.length).toBeGreaterThan(everyNthOfLong(20, 'of these at least', numbers.slice(0, 80)).length)
  },
)
