// @module-tag night
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { agreements, agrees } from '../night/agreement.ts'
import { liveThrough, type Night } from '../night/night.ts'
import { onCallInBrowser } from '../night/on-call-in-browser.ts'
import { onCallWithoutBrowser } from '../night/on-call-without-browser.ts'
import { pageOf } from '../night/page.ts'
import { steady } from '../night/steady.ts'
import { CHROMIUM } from './chromium.ts'

if (CHROMIUM === undefined)
  process.stderr.write('NOT TRIED: the approval of the night on its page, since there is no Chromium here\n')

const PAGE = readFileSync(new URL('../../docs/an-alert-at-night.md', import.meta.url), 'utf8')

/** The facts of a night about which not all say the same. */
const disputed = (night: Night) =>
  agreements(night)
    .filter((one) => !agrees(one))
    .map(({ fact }) => fact)

test('an alert, an agent and a person with a passkey: the record, the metrics and the notices agree, and the page is of such a run', async () => {
  const night = await liveThrough(CHROMIUM === undefined ? onCallWithoutBrowser : onCallInBrowser, () => undefined)
  expect(agreements(night)).toHaveLength(13)
  expect(disputed(night)).toEqual([])
  expect(steady(pageOf(night))).toBe(steady(PAGE))

  // Each of them is noticed where it says something else.
  const { metrics, notices, records, traces } = night
  const counted = (from: string, to: string) => ({
    ...night,
    metrics: { ...metrics, after: metrics.after.replace(`\n${from}\n`, `\n${to}\n`) },
  })
  const without = (type: string) => ({ ...night, records: records.filter((one) => one.type !== type) })
  const unheard = (what: string) => ({
    ...night,
    notices: notices.filter(({ event }) => event.type !== `eosflow.${what}.v1`),
  })
  const succeeded = 'eosflow_executions_total{workflow="underlay-as",outcome="succeeded"}'
  const lies: readonly (readonly [lie: Night, fact: string])[] = [
    [counted(`${succeeded} 1`, `${succeeded} 2`), 'how the change has ended'],
    [counted('eosflow_switches_drifted 0', 'eosflow_switches_drifted 1'), 'the switches that differ'],
    [counted('eosflow_record_intact 1', 'eosflow_record_intact 0'), 'the records up to the verification'],
    [unheard('execution.ended'), 'how the change has ended'],
    [unheard('notice.closed'), 'the switches that differ'],
    [without('ApprovalDecided'), 'the approvals with a passkey'],
    [without('EventRefused'), 'the events that were refused'],
    [{ ...night, requests: night.requests + 1 }, 'the requests that the switches were asked'],
    [{ ...night, verified: { code: 6, out: night.verified.out } }, 'the records up to the verification'],
    [{ ...night, traces: { ...traces, spans: [] } }, 'the trace of the change'],
    [{ ...night, traces: { ...traces, faults: ['$: no such member'] } }, 'the trace from the alert'],
    [
      { ...night, traces: { ...traces, spans: traces.spans.filter(({ name }) => name !== 'save') } },
      'what was written',
    ],
    [{ ...night, requestsOfChange: 0 }, 'the requests of the change'],
    [{ ...night, leaf: { ...night.leaf, startup: '' } }, 'how the change has ended'],
  ]
  for (const [lie, fact] of lies) expect(disputed(lie).join()).toContain(fact)
}, 240_000)
