import { expect, test } from 'vitest'
import type { AgentFront } from '../../../src/doors/http/agent/agent-front.ts'
import { switchesSeen } from '../../../src/doors/http/agent/execution-answers.ts'
import type { IdentifiedCaller } from '../../../src/doors/http/context/identified-caller.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import { ANN, asking, openLab, partOf, preparedIn, type ServerBench, workflowFor } from '../../lab/lab.ts'

const MANY = 206

/** Begins an execution that changes one switch, as far as the record says. */
async function begun({ app }: ServerBench, file: string) {
  const caller = asking(ANN)
  return begin(app, caller, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app, file) })
}

test('[B6] a switch that the oldest of more than a hundred open executions changes is shown as changing, on the pages and to agents', {
  tags: 'night',
}, async () => {
  const bench = await openLab().serve()
  const names = Array.from({ length: MANY }, (_, index) => `sw${index + 1}`)
  const devices = Object.fromEntries(names.map((name, index) => [name, { host: '127.0.0.1', port: index + 1 }]))
  const credentials = { sim: { username: 'a', password: 'b', simulated: true } }
  bench.lab.write(
    'inventory.yaml',
    JSON.stringify({ defaults: { protocol: 'http', credentials: 'sim' }, credentials, devices }),
  )
  const all: Awaited<ReturnType<typeof begun>>[] = []
  for (const name of names) {
    bench.lab.write(`${name}.yaml`, workflowFor(name))
    all.push(await begun(bench, `${name}.yaml`))
  }
  // Each has sent its timed commit, and no process goes on with it.
  const journal = bench.app.journalAs(ANN)
  for (const { id, seq, targets } of all) {
    const [device = ''] = targets
    const act = { device, act: 'arm', session: `eosflow-${id.slice(-8)}-2`, seconds: 300 } as const
    await journal.append(id, [{ type: 'ActIntended', ...act }], seq)
  }
  const ann = bench.browser(ANN)
  expect((await ann.get('/switches/sw1')).text).toContain('being changed')
  const front = partOf<AgentFront>(bench.front)
  const first = await switchesSeen(front, { principal: ANN } as IdentifiedCaller, { limit: 200 })
  const rest = await switchesSeen(front, { principal: ANN } as IdentifiedCaller, { limit: 200, cursor: first.next })
  const switches = [...first.switches, ...rest.switches]
  expect(switches.map(({ changing }) => changing)).toEqual(all.map(({ id }) => id))
  expect((await ann.get('/stop-all')).text).toMatch(new RegExp(`\\b${MANY} `))
})
