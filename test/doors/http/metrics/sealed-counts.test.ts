import { expect, onTestFinished, test } from 'vitest'
import { type FrontMeasurement, FrontMeasures } from '../../../../src/doors/http/metrics/front-measures.ts'
import { RecordMetrics } from '../../../../src/doors/http/metrics/process-metrics.ts'
import { ANN, exits, type Lab, openAppIn, openLab, seamsOf, whileTimePasses } from '../../../lab/lab.ts'

/** What a server that has just started shows of the record, without buckets. */
async function shown(lab: Lab) {
  const { app, close } = await openAppIn(lab.dir, ANN, { seams: seamsOf(lab) })
  const said: FrontMeasurement[] = []
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const measures = new FrontMeasures({
    app,
    say: (measured) => said.push(measured),
    failed: (_, error) => {
      throw error
    },
    streams: () => 0,
    isIntact: () => undefined,
  })
  const over = measures.follow(stop.signal)
  for (let look = 0; look < 1_000 && !said.some(({ kind }) => kind === 'measured'); look += 1)
    await lab.clock.advance(5)
  stop.abort()
  await whileTimePasses(lab.clock, over)
  await close()
  const metrics = new RecordMetrics()
  for (const one of said) if (one.kind === 'counted') metrics.take(one.records, one.counted)
  return (await metrics.registry.metrics())
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'))
}

test('what was sealed is counted by the next server as before', { tags: 'long' }, async () => {
  const lab = openLab()
  for (const _ of ['first', 'second']) expect([0, 2]).toContain((await lab.eosflow('plan workflow.yaml')).code)
  await exits(0, lab.change())
  const before = await shown(lab)
  await lab.clock.advance(48 * 3_600_000)
  const sealed = await lab.eosflow('store seal --keep 0 --reason', 'the disk is nearly full')
  // Those of both plans are in the segment alone, but for the first and last records and those that name a plan.
  expect(sealed).toMatchObject({
    code: 0,
    out: expect.stringContaining('22 records of 2 executions, verified, 0.1 MiB; 6 of them stay in the store, too'),
  })
  const after = await shown(lab)
  const isOfRecords = (line: string) => line.startsWith('eosflow_journal_records')
  expect(before).toContain('eosflow_state_duration_seconds_count{state="Push",result="ok"} 1')
  expect(before).toContain('eosflow_state_duration_seconds_count{state="Snapshot",result="ok"} 3')
  expect(before).toContain('eosflow_approvals_total{decision="approve",proof="none"} 1')
  expect(after.filter((line) => !isOfRecords(line))).toEqual(before.filter((line) => !isOfRecords(line)))
  // That it was sealed is one more.
  expect([...before, ...after].filter(isOfRecords)).toEqual([
    'eosflow_journal_records 83',
    'eosflow_journal_records 84',
  ])
})
