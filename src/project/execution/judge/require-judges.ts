import { requireJudge } from '../../../change/engine/judges.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { placeOfJudge } from '../../../change/workflow/judge/fill-judge.ts'
import { EosflowError } from '../../../model/error.ts'
import { type JudgeSpec, judgeName } from '../../../model/judge.ts'
import { type Problem, problemOf } from '../../../model/problem.ts'
import type { RecordApp } from '../../app/app.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { openHttp } from '../../switches/connect/open-fleet.ts'
import { InputError } from '../../system/process/input-error.ts'
import { askedJudges } from './ask-judge.ts'

/** Asks each outside judge of a workflow once, before there is an execution: a query that its service refuses is a fault of the workflow. Throws InputError with what the service says of a query, and EosflowError where one cannot be asked or relied on. */
export async function requireJudges(
  app: RecordApp,
  caller: Pick<Caller, 'tell'>,
  { judges: specs, workflow }: Pick<PreparedChange, 'judges' | 'workflow'>,
): Promise<void> {
  const secrets = secretsOf(app)
  const { judges } = askedJudges(app, specs, openHttp(app, secrets))
  if (judges === undefined || judges.unasked !== undefined) return
  try {
    const faults = await Promise.all(
      judges.specs.map(async (spec, index): Promise<readonly Problem[]> => {
        const answer = await heard(() => judges.ask(spec), spec)
        if (answer === undefined) return []
        if (!answer.ok && answer.isRefused === true) {
          const call = workflow.judges[index]
          const at = call === undefined ? problemOf(workflow.file, '', '').at : placeOfJudge(call)
          const message = `${judgeName(spec)} refuses the query: ${inTheQuery(answer.reason, 'query' in spec ? spec.query : '')}`
          const hint = spec.judge === 'prometheus' ? `it was asked: ${spec.query}` : 'see its address in eosflow.yaml'
          return [{ code: 'query-refused', message, at, hint }]
        }
        await heard(() => requireJudge({ ask: async () => answer }, spec), spec)
        return []
      }),
    )
    const problems = faults.flat()
    if (problems.length > 0) throw new InputError(problems)
  } finally {
    await closeSecrets(secrets, caller)
  }
}

async function heard<T>(ask: () => Promise<T>, { mode }: JudgeSpec) {
  try {
    return await ask()
  } catch (error) {
    if (mode === 'observe' && error instanceof EosflowError && error.kind !== 'bug') return undefined
    throw error
  }
}

function inTheQuery(reason: string, query: string) {
  const said = reason.replace(/^it answers \d+ \(\w+\): /, '').replace(/^invalid parameter "query": /, '')
  return said.replace(/^(\d+):(\d+): /, (_, line: string, column: string) => {
    if (Number(line) > query.split('\n').length) return 'at its end: '
    return line === '1' ? `at character ${Math.max(1, Number(column) - 1)}: ` : `in line ${line}, character ${column}: `
  })
}
