import { expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { everyNthOfLong } from '../../extent.ts'
import { ANN, openLab, whileTimePasses } from '../../lab/lab.ts'
import { type ServerBench, until } from '../../lab/server.ts'

/** The acts that take If-Match, with what another process puts on record meanwhile, and what the act would. */
const ACTS: readonly {
  readonly act: string
  readonly on: 'waiting' | 'cancelled' | 'done'
  readonly meanwhile: EventBody
  readonly record: string
}[] = [
  { act: 'stop', on: 'waiting', meanwhile: { type: 'ExecutionResumed' }, record: 'StopRequested' },
  { act: 'suspend', on: 'waiting', meanwhile: { type: 'ExecutionResumed' }, record: 'SuspendRequested' },
  { act: 'resume', on: 'waiting', meanwhile: { type: 'ExecutionResumed' }, record: 'ExecutionResumed' },
  { act: 'redrive', on: 'cancelled', meanwhile: { type: 'ExecutionRedriven' }, record: 'ExecutionRedriven' },
  { act: 'rollback', on: 'done', meanwhile: { type: 'ExecutionRedriven' }, record: 'ExecutionStarted' },
]

/** An execution of a bench, as far as it is to be. */
async function executionOn(bench: ServerBench, on: 'waiting' | 'cancelled' | 'done') {
  const ann = bench.browser(ANN)
  const id = await ann.begin()
  const get = () => ann.seen(id)
  await until(bench, async () => (await get()).waitingFor !== undefined && bench.room.running.length === 0)
  if (on === 'cancelled') await ann.post(`/api/v1/executions/${id}/stop`, { reason: 'x' })
  if (on === 'done') {
    await ann.post(`/api/v1/plans/${String((await get()).plan)}/decisions`, { decision: 'approve' })
    await ann.post(`/api/v1/executions/${id}/resume`)
  }
  if (on !== 'waiting') await ann.ends(id)
  return id
}

/** Whether an act left anything, when another process wrote at its reading `at` of the execution; undefined where it reads less often. */
async function interrupted({ act, on, meanwhile, record }: (typeof ACTS)[number], at: number) {
  const bench = await openLab().serve()
  const { store } = bench.app
  const id = await executionOn(bench, on)
  const tag = (await bench.browser(ANN).get(`/api/v1/executions/${id}`)).headers.get('etag') ?? ''
  const newest = Number(tag.replaceAll('"', ''))
  const { cursor } = await store.tail()
  const writtenBy = async () =>
    (await store.tail(cursor)).events.filter(({ type, actor }) => type === record && actor === ANN.id).length
  const read = store.read.bind(store)
  let [reads, isFirst] = [0, undefined as boolean | undefined]
  store.read = async (execution) => {
    const events = await read(execution)
    reads += execution === id ? 1 : 0
    if (reads === at && isFirst === undefined) {
      isFirst = (await writtenBy()) === 0
      await store.as({ issuer: 'local', id: 'local:1000:bob@box', auth: 'os' }).append(id, [meanwhile])
    }
    return events
  }
  const asked = bench.room.ask(act as never, { principal: ANN }, { execution: id, newest })
  const kind = await whileTimePasses(
    bench.lab.clock,
    asked.then(
      () => 'done',
      (error: { fault?: { kind: string } }) => error.fault?.kind ?? String(error),
    ),
  )
  store.read = read
  if (isFirst === undefined) return undefined
  return {
    status: kind === 'done' ? 202 : kind === 'changed-meanwhile' ? 412 : Number.NaN,
    isFirst,
    left: await writtenBy(),
  }
}

test.each(everyNthOfLong(2, 'acts for the record that was seen', ACTS))(
  'a $act for the record that was seen is refused whenever another process writes before it, and puts nothing on record',
  { tags: 'long', timeout: 60_000 },
  async (row) => {
    let refused = 0
    for (let at = 1; at < 40; at += 1) {
      const seen = await interrupted(row, at)
      if (seen === undefined || !seen.isFirst) break
      expect([at, seen.status, seen.left]).toEqual([at, 412, 0])
      refused += 1
    }
    expect(refused).toBeGreaterThan(1)
  },
)
