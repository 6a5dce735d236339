// @module-tag cut
import { expect, test } from 'vitest'
import { everyNth } from '../extent.ts'
import { aroundLab, vlansOf } from './around-lab.ts'
import { SERVICE_FAULTS, type ServiceFault } from './fake-services.ts'

/** Everything that a good change asks of its services, and whether it is a gate, which is asked once while the change is planned too. */
const REQUESTS: readonly (readonly [request: RegExp, isGate: boolean])[] = [
  [/^GET \/api\/now\/table\/change_request$/, true],
  [/^GET \/rest\/api\/3\/issue\/NET-140$/, true],
  [/^POST \/api\/v2\/silences$/, false],
  [/^GET \/api\/v2\/silences$/, false],
  [/^GET \/api\/v2\/silence\//, false],
  [/^DELETE \/api\/v2\/silence\//, false],
  [/^POST \/api\/annotations$/, false],
  [/^PATCH \/api\/annotations\//, false],
  [/^GET \/api\/now\/table\/change_request\//, false],
  [/^PATCH \/api\/now\/table\/change_request\//, false],
  [/^GET \/rest\/api\/3\/issue\/NET-140\/comment$/, false],
  [/^POST \/rest\/api\/3\/issue\/NET-140\/comment$/, false],
  [/^GET \/rest\/api\/3\/issue\/NET-140\/transitions$/, false],
  [/^POST \/rest\/api\/3\/issue\/NET-140\/transitions$/, false],
  [/^GET \/api\/extras\/journal-entries\/$/, false],
  [/^GET \/api\/dcim\/devices\/$/, false],
  [/^POST \/api\/extras\/journal-entries\/$/, false],
]

const ROWS = REQUESTS.flatMap(([request, isGate]) =>
  SERVICE_FAULTS.flatMap((fault) =>
    (['once', 'from then on'] as const).map((times) => ({ request, isGate, fault, times, name: request.source })),
  ),
)

test('the table has every request of a good change', async () => {
  const { lab, services } = aroundLab()
  expect((await lab.change()).code).toBe(0)
  const unknown = [...new Set(services.seen)].filter((seen) => !REQUESTS.some(([request]) => request.test(seen)))
  expect([unknown, ROWS.length]).toEqual([[], 306])
})

test.for(everyNth(11, 'faults of services around a change', ROWS))(
  '$name answers $fault $times',
  async ({ request, isGate, fault, times }) => {
    const { lab, services } = aroundLab()
    services.fault = (what, nth): ServiceFault | undefined =>
      request.test(what) && (times === 'from then on' || nth === (isGate ? 2 : 1)) ? fault : undefined
    const { code, out, err } = await lab.change()
    const said = out + err
    const open = services.state.silences.filter(({ state }) => state !== 'expired')
    if (isGate) {
      // Without a whole answer that allows it nothing is sent.
      expect([code, said]).toEqual([10, expect.stringMatching(/Execution .*refused/)])
      expect([vlansOf(lab, 'leaf1'), services.state.silences]).toEqual([false, []])
      return
    }
    // Nothing that goes wrong elsewhere changes how the change ends.
    expect([code, said]).toEqual([0, expect.stringContaining('succeeded')])
    expect([vlansOf(lab, 'leaf1'), vlansOf(lab, 'leaf2')]).toEqual([true, true])
    // What was begun is undone, or named with its reason.
    if (open.length > 0) expect(said).toMatch(/left over: silence in alerts .*could not be ended: .*Expire it by hand/)
    const { change, issue, journal, annotations } = services.state
    const isTold = [
      change.work_notes.includes('succeeded') && change.state === '0',
      issue.comments.length === 1 && issue.status === 'Done',
      journal.length === 2,
      annotations.length === 1 && annotations[0]?.timeEnd !== undefined,
    ]
    const untold = ['changes', 'issues', 'netbox', 'graphs'].filter((_, index) => !isTold[index])
    for (const service of untold) expect(said).toMatch(new RegExp(`in ${service}.* has not heard how the change ended`))
    if (times === 'once') expect([open, untold]).toEqual([[], []])
  },
)
