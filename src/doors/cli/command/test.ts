import { availableParallelism } from 'node:os'
import { type CaseResult, runCases, type Selection, selectedCases } from '../../../lab/workflow-test/execution.ts'
import type { TestCase } from '../../../lab/workflow-test/schema.ts'
import { openProject } from '../../../project/files/project.ts'
import { testFilesMeant, testFilesOf } from '../../../project/files/test-files.ts'
import { systemClock } from '../../../project/system/machine/system-clock.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { saveText } from '../../../project/system/process/save-text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { resultsSummary, testResultsAs, unreadJunit } from '../../../report/test-results/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { frontEnd } from '../outcome/front-end.ts'
import type { Invocation } from '../terminal/io.ts'
import { threadModule } from '../thread/thread-module.ts'

/** Exit 6 when an expectation does not hold. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const begun = systemClock.monotonic()
  const project = openProject(io, global)
  const selection: Selection = {
    files:
      args.length === 0
        ? testFilesOf(project)
        : args.flatMap((typed) => testFilesMeant(project, project.pathOf(typed))),
    ...(typeof options.filter === 'string' ? { filter: options.filter } : {}),
  }
  const cases = readable(io, options.junit, () => selectedCases(project, selection))
  const style = styleOf(io)
  const tell = (result: CaseResult) => io.out(`${testResultsAs.text(result, style)}\n`)
  let done = 0
  const count = () => (global.json ? undefined : io.live?.(`${done} of ${cases.length} tests done`))
  const ordered = inOrder(cases, tell)
  count()
  const results = await runCases({
    project,
    selection,
    cases,
    update: options.update === true,
    frontEnd,
    threads: { module: threadModule('test'), cores: availableParallelism() },
    stop: io.stop,
    tell: (result) => {
      if (global.json) return
      done++
      ordered(result)
      count()
    },
  })
  io.live?.(undefined)
  if (typeof options.junit === 'string') saveText(io, options.junit, testResultsAs.junit(results))
  io.out(
    global.json
      ? `${JSON.stringify(testResultsAs.json(results))}\n`
      : `${resultsSummary(results, (systemClock.monotonic() - begun) / 1000)}\n${next(results)}`,
  )
  return results.some(({ failures }) => failures.length > 0) ? 6 : 0
}

function readable<T>(io: Invocation['io'], file: unknown, read: () => T) {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError && typeof file === 'string') saveText(io, file, unreadJunit(error.problems))
    throw error
  }
}

function inOrder(cases: readonly TestCase[], tell: (result: CaseResult) => void): (result: CaseResult) => void {
  const waiting = new Map<TestCase, CaseResult>()
  const left = [...cases]
  return (result) => {
    waiting.set(result.testCase, result)
    for (let due = left[0]; due !== undefined; due = left[0]) {
      const ready = waiting.get(due)
      if (ready === undefined) return
      tell(ready)
      left.shift()
    }
  }
}

function next(results: readonly CaseResult[]) {
  const failed = results.find(({ failures }) => failures.length > 0)?.testCase
  if (failed === undefined) return ''
  return `Next: eosflow test ${shellWord(failed.file)} --filter ${shellWord(failed.name)}\n`
}
