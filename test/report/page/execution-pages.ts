import { readFileSync } from 'node:fs'
import { type ExecutionAct, executionPage } from '../../../src/report/page/execution.ts'
import type { PageContent } from '../../../src/report/page/layout.ts'
import { type ExecutionView, executionViewSchema } from '../../../src/report/view/execution-view.ts'
import { PLAN } from './material.ts'

/** A page with the moment that it is of: what moves on it moves by that. */
type RecordedPage = PageContent & { readonly now: number }

/** What a recorded journal was folded to. */
export function recordedView(name: string): ExecutionView {
  const text = readFileSync(new URL(`../../golden/view-${name}.json`, import.meta.url), 'utf8')
  return executionViewSchema.parse(JSON.parse(text))
}

/** The page of a recorded journal: `test/golden/view-NAME.json` is what it was folded to. */
function recorded(name: string, acts: readonly ExecutionAct[], stream?: string): RecordedPage {
  const view = recordedView(name)
  const content = executionPage({ view, plan: PLAN, acts, ...(stream === undefined ? {} : { stream }) })
  return { ...content, now: Date.parse(view.asOf) }
}

/** The page of an execution in each of its standings. */
export const EXECUTION_PAGES: Readonly<Record<string, RecordedPage>> = {
  'execution-soaking': recorded('soaking', ['stop', 'suspend'], '/stream?topics=execution%3A1'),
  'execution-succeeded': recorded('succeeded', ['rollback']),
  'execution-rolled-back': recorded('rolled-back', ['redrive']),
  'execution-unknown': recorded('unknown', []),
  'execution-waiting': recorded('waiting', ['approve', 'stop']),
  'execution-states': recorded('states', ['redrive']),
}
